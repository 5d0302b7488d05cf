import base64
import io

import pytz
import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CsTicketImport(models.Model):
    """Tickets of another system taken over from a file: first checked, then imported.

    The file is read once into rows; the rest works on rows in small transactions, so
    that it can be left, interrupted and continued. One external source and number
    become one ticket once, however often the file comes.
    """

    _name = "cs.ticket.import"
    _inherit = ["cs.import.job"]
    _description = "Ticket Import"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File Name", required=True)
    file = fields.Binary(required=True, attachment=True)
    format_id = fields.Many2one("cs.ticket.import.format", required=True)
    kind = fields.Selection(related="format_id.kind")
    source = fields.Char(
        required=True, help="Name of the other system: with the number it is the key."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        required=True,
        check_company=True,
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
        default=lambda self: self._default_tz(),
        help="The zone the times of the file are written in.",
    )
    state = fields.Selection(
        [
            ("checking", "Being Checked"),
            ("checked", "Checked"),
            ("importing", "Being Imported"),
            ("done", "Imported"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="checking",
        readonly=True,
    )
    message = fields.Text(readonly=True)
    total = fields.Integer(string="Rows", readonly=True)
    valid_count = fields.Integer(string="Valid", readonly=True)
    known_count = fields.Integer(string="Imported Before", readonly=True)
    rejected_count = fields.Integer(string="Rejected", readonly=True)
    done_count = fields.Integer(string="Imported Rows", readonly=True)
    ticket_count = fields.Integer(string="New Tickets", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    row_ids = fields.One2many("cs.ticket.import.row", "import_id")
    reject_file = fields.Binary(compute="_compute_reject_file")

    # ------------------------------------------------------------------
    # Defaults and computed
    # ------------------------------------------------------------------
    def _default_tz(self):
        return self.env.user.tz or self.env.company.partner_id.tz or "Asia/Shanghai"

    @api.model
    def _tz_selection(self):
        return [(zone, zone) for zone in pytz.common_timezones]

    @api.depends("state", "total", "known_count", "rejected_count", "done_count")
    def _compute_progress(self):
        for run in self:
            done = run.known_count + run.rejected_count + run.done_count
            if run.state == "checking":
                done += run.valid_count
            run.progress = 100.0 * done / run.total if run.total else 0.0

    def _compute_reject_file(self):
        for run in self:
            run.reject_file = base64.b64encode(run._reject_workbook())

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        runs._wake()
        return runs

    def action_import(self):
        """Start, or continue, the import of the valid rows."""
        self._change_state(("checked", "failed"), "importing")
        self._wake()

    def action_cancel(self):
        """Stop; what is imported stays."""
        self._change_state(("checking", "checked", "importing", "failed"), "cancelled")

    def action_download_rejects(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/reject_file/"
            "rejected-rows.xlsx?download=true",
            "target": "download",
        }

    def action_open_rejects(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_helpdesk.cs_ticket_import_row_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_open_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        return {**action, "domain": [("external_source", "=", self.source)]}

    def _change_state(self, allowed, state):
        self.check_access("read")
        self.env["cs.ticket.import"].check_access("create")
        for run in self.sudo():  # users create imports and cannot write them
            run.lock_for_update()
            if run.state not in allowed:
                raise UserError(
                    self.env._("This import is not in a state that allows this.")
                )
            if state == "importing" and not run.total:
                raise UserError(
                    self.env._("This file could not be read; start with a new one.")
                )
            run.write({"state": state, "message": False})

    def _wake(self):
        # any user may start a job that is not his to edit
        self.env.ref("cs_helpdesk.ir_cron_ticket_import").sudo()._trigger()

    # ------------------------------------------------------------------
    # Rejected rows, and the end of all rows
    # ------------------------------------------------------------------
    def _reject_workbook(self):
        """The rejected rows with number and reason; text stays text (no formulas)."""
        buffer = io.BytesIO()
        headings = self.format_id._headings()
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(buffer, options) as book:
            sheet = book.add_worksheet(self.env._("Rejected"))
            titles = [self.env._("Row"), self.env._("Reason")]
            titles += [names[0] for names in headings.values()]
            for column, title in enumerate(titles):
                sheet.write_string(0, column, title)
            rejected = self.env["cs.ticket.import.row"].search_fetch(
                [("import_id", "=", self.id), ("state", "=", "rejected")],
                ["line", "reason", "values"],
            )
            for index, row in enumerate(rejected, start=1):
                sheet.write_number(index, 0, row.line)
                sheet.write_string(index, 1, row.reason or "")
                for column, field in enumerate(headings, start=2):
                    sheet.write_string(index, column, (row.values or {}).get(field, ""))
        return buffer.getvalue()

    @api.autovacuum
    def _gc_rows(self):
        """Rows hold customers' data: gone 30 days after the import has ended."""
        ended = [
            ("state", "in", ("done", "failed", "cancelled")),
            ("write_date", "<", "-30d"),
        ]
        runs = self.search([*ended, ("row_ids", "!=", False)], limit=10)
        self.env.cr.execute(
            SQL("DELETE FROM cs_ticket_import_row WHERE import_id = ANY(%s)", runs.ids)
        )
        return len(runs), len(runs) == 10
