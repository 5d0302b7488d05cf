from odoo import api, fields, models
from odoo.exceptions import UserError


class CsTicketSplitWizard(models.TransientModel):
    """Choose what belongs to the second matter."""

    _name = "cs.ticket.split.wizard"
    _description = "Split a Ticket"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        default=lambda self: self.env.context.get("active_id"),
        required=True,
        ondelete="cascade",
    )
    name = fields.Char(string="Title", required=True)
    description = fields.Html(
        compute="_compute_description",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Leave the lines that belong to the second matter.",
    )
    type_id = fields.Many2one(
        "cs.ticket.type",
        compute="_compute_type_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        compute="_compute_type_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    message_ids = fields.Many2many(
        "mail.message",
        string="Messages",
        domain="[('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket_id), "
        "('message_type', 'in', ('comment', 'email'))]",
    )
    copy_messages = fields.Boolean(string="Leave the Messages Here Too")
    new_ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)

    @api.depends("ticket_id")
    def _compute_description(self):
        for wizard in self:
            wizard.description = wizard.ticket_id.description

    @api.depends("ticket_id")
    def _compute_type_id(self):
        for wizard in self:
            wizard.type_id = wizard.ticket_id.type_id
            wizard.team_id = wizard.ticket_id.team_id

    def action_split(self):
        """Make the second ticket; a second press opens the one made by the first."""
        self.ensure_one()
        self.lock_for_update()
        if not self.new_ticket_id:
            if self.ticket_id.merged_into_id:
                raise UserError(
                    self.env._("A merged ticket cannot be split: split its target.")
                )
            self.new_ticket_id = self.ticket_id._split_off(
                {
                    "name": self.name,
                    "description": self.description,
                    "type_id": self.type_id.id,
                    "team_id": self.team_id.id,
                },
                self.message_ids,
                copy=self.copy_messages,
            )
        return self.new_ticket_id._get_records_action()
