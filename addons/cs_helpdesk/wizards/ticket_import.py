from odoo import api, fields, models


class CsTicketImportWizard(models.TransientModel):
    """Ask for a file and how to read it; the check creates no ticket."""

    _name = "cs.ticket.import.wizard"
    _description = "Import Tickets"
    _check_company_auto = True

    # asked for by the import itself: the template is wanted before there is a file
    file = fields.Binary()
    name = fields.Char(string="File Name")
    format_id = fields.Many2one(
        "cs.ticket.import.format",
        required=True,
        default=lambda self: self._default_format(),
    )
    kind = fields.Selection(related="format_id.kind")
    note = fields.Text(related="format_id.note")
    source = fields.Char(
        help="Name of the other system: with the number it is the key."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        required=True,
        check_company=True,
        default=lambda self: self._default_team(),
        help="Team of the rows that name none.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        check_company=True,
        help="Customer of the rows that name none.",
    )
    create_partners = fields.Boolean(string="Create Unknown Customers")
    tz = fields.Selection(
        selection="_tz_selection",
        string="Time Zone",
        required=True,
        default=lambda self: self.env["cs.ticket.import"]._default_tz(),
        help="The zone the times of the file are written in.",
    )

    @api.model
    def _tz_selection(self):
        return self.env["cs.ticket.import"]._tz_selection()

    def _default_format(self):
        return self.env["cs.ticket.import.format"].search([], limit=1)

    def _default_team(self):
        return self.env["helpdesk.ticket.team"].search(
            [
                ("service_desk", "=", True),
                ("company_id", "in", [False, self.env.company.id]),
            ],
            limit=1,
        )

    def action_template(self):
        return self.format_id.action_download_template()

    def action_check(self):
        """Start the check and show it.

        :return: the action that opens the ``cs.ticket.import``
        """
        self.ensure_one()
        run = self.env["cs.ticket.import"].create(
            {
                "name": self.name or self.env._("Tickets"),
                "file": self.file,
                "format_id": self.format_id.id,
                "source": (self.source or "").strip() or False,
                "company_id": self.company_id.id,
                "team_id": self.team_id.id,
                "partner_id": self.partner_id.id,
                "create_partners": self.create_partners,
                "tz": self.tz,
            }
        )
        return run._get_records_action()
