from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.register_period import bounds
from ..models.register_reader import today_in

SHOWN = 200  # rows on screen; the records themselves are one click away


class CsRegisterPreview(models.TransientModel):
    """The table of a register for one period, with the rights of who looks."""

    _name = "cs.register.preview"
    _description = "Register on Screen"
    _rec_name = "title"

    register_id = fields.Many2one("cs.register", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    period = fields.Selection(related="register_id.period")
    note = fields.Text(related="register_id.note")
    day = fields.Date(
        string="Day in the Period",
        required=True,
        default=lambda self: self._default_day(),
    )
    last = fields.Date(string="Last Day", default=lambda self: self._default_day())
    title = fields.Char(compute="_compute_table")
    table = fields.Html(compute="_compute_table", sanitize=False)
    row_count = fields.Integer(string="Rows", compute="_compute_table")
    hidden = fields.Char(string="Columns You May Not Read", compute="_compute_table")
    may_issue = fields.Boolean(compute="_compute_may_issue")

    @api.model
    def _default_day(self):
        Register = self.env["cs.register"]
        register = Register.browse(self.env.context.get("default_register_id"))
        return today_in(register._get_zone())

    @api.depends("register_id")
    def _compute_may_issue(self):
        for preview in self:
            group = preview.register_id._origin.group_id._origin
            preview.may_issue = group in self.env.user.all_group_ids

    @api.depends("register_id", "day", "last", "company_id")
    def _compute_table(self):
        for preview in self:
            preview.title = preview.hidden = preview.table = False
            preview.row_count = 0
            if not (preview.register_id and preview.day):
                continue
            try:
                preview._fill_table()
            except UserError as error:
                preview.table = self.env["ir.qweb"]._render(
                    "cs_helpdesk.register_message", {"message": str(error)}
                )

    def _fill_table(self):
        register = self.register_id
        first, last, begin, end = self._get_window()
        reader = register._get_reader()
        domain = reader.domain(begin, end, self.company_id)
        records = reader.search(domain, limit=SHOWN)
        # everything is read now; the reader empties the cache behind it
        rows = [[_words(value) for value in row] for _id, row in reader.rows(records)]
        count = len(rows) if len(rows) < SHOWN else reader.Model.search_count(domain)
        self.title = self.env["cs.register.issue"]._get_title(register, first, last)
        self.hidden = "、".join(reader.hidden()) or False
        self.row_count = count
        self.table = self.env["ir.qweb"]._render(
            "cs_helpdesk.register_table",
            {"headings": [c.heading for c in reader.cells], "rows": rows},
        )

    def _get_window(self):
        return self.register_id._get_window(self.day, self.last)

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def action_previous(self):
        self.day = bounds(self.period, self.day)[0] - timedelta(days=1)

    def action_next(self):
        self.day = bounds(self.period, self.day)[1]

    def action_records(self):
        """The records themselves."""
        self.ensure_one()
        _first, _last, begin, end = self._get_window()
        reader = self.register_id._get_reader()
        return {
            "type": "ir.actions.act_window",
            "name": self.title,
            "res_model": reader.spec["model"],
            "view_mode": "list,form",
            "domain": list(reader.domain(begin, end, self.company_id)),
        }

    def action_issue(self):
        """Issue the copy of this period, or show the one there is."""
        self.ensure_one()
        register = self.register_id
        Issue = self.env["cs.register.issue"]
        Issue._check_issuer(register)
        reader = register._get_reader()
        reader.search(reader.domain(), limit=1)  # he may read it, all fields exist
        issue = Issue._prepare_issue(
            register, self.company_id, self._get_window(), user=self.env.user
        )
        if issue.state == "waiting":
            issue.lock_for_update()
            issue._start(self.env.user)
        return issue.with_env(self.env)._get_records_action(
            name=self.env._("Issued Copy")
        )


def _words(value):
    """A cell as it is shown."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:,.2f}"
    return value
