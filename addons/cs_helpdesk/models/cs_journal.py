from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [
    ("plan", "Monthly Plan"),
    ("journal", "Work Journal"),
    ("daily_report", "Daily Report"),
    ("day_summary", "Statistics of the Day"),
]
WRITTEN = frozenset({"content", "problems", "plan"})


class CsJournal(models.Model):
    """A paper of the day or month: figures from the records, words from the person."""

    _name = "cs.journal"
    _description = "Journal"
    _inherit = ["cs.press.mixin", "mail.thread"]
    _order = "date desc, id desc"

    kind = fields.Selection(KINDS, required=True, default="journal")
    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.user,
        string="Written by",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    date = fields.Date(required=True, default=lambda self: self._default_date())
    fact_ids = fields.One2many(
        "cs.journal.fact", "journal_id", "Figures", readonly=True
    )
    content = fields.Html(string="Work Done")
    problems = fields.Html()
    plan = fields.Html(string="What Comes Next")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("returned", "Returned"),
            ("accepted", "Checked"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    submitted_at = fields.Datetime(readonly=True, copy=False)
    checker_id = fields.Many2one("res.users", readonly=True, copy=False)
    checked_at = fields.Datetime(readonly=True, copy=False)
    comment = fields.Text(copy=False)

    _order_idx = models.Index("(date DESC, id DESC)")
    _once = models.UniqueIndex(
        "(kind, user_id, date)",
        "You have this paper for this day already: please open it from the list.",
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model
    def _default_date(self):
        return self.env["cs.schedule.mixin"]._get_today(self.env.company)

    @api.depends("kind", "date", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for paper in self:
            day = str(paper.date or "")
            if paper.kind == "plan":
                day = day[:7]
            parts = (kinds.get(paper.kind), paper.user_id.name, day)
            paper.display_name = " · ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not self.env.su:
                vals.update(user_id=self.env.uid, state="draft")
            if vals.get("kind") == "plan" and vals.get("date"):
                vals["date"] = fields.Date.to_date(vals["date"]).replace(day=1)
        papers = super().create(vals_list)
        papers.filtered(
            lambda p: p.kind == "plan" and p.date.day != 1
        ).sudo()._begin_of_month()  # sudo: the date of a plan is its month's first
        papers._fill()
        return papers

    def _begin_of_month(self):
        for paper in self:
            paper.date = paper.date.replace(day=1)

    def _get_by_hand(self):
        own = all(paper.user_id == self.env.user for paper in self)
        names = WRITTEN if own else frozenset()
        if self.env.user.has_group("cs_helpdesk.group_supervisor"):
            names |= {"comment"}
        return names

    def write(self, vals):
        names = self._check_by_hand(vals)
        if names & WRITTEN and any(p.state in ("submitted", "accepted") for p in self):
            raise UserError(
                self.env._("What is submitted is edited only after it was returned.")
            )
        return super().write(vals)

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    def _fill(self):
        """Read the figures from the records; earlier ones are replaced."""
        for paper in self:
            # sudo: figures of one's own work, and of the centre for its leaders
            paper = paper.sudo()
            paper.fact_ids.unlink()
            self.env["cs.journal.fact"].sudo().create(
                [
                    {"sequence": n, "journal_id": paper.id, **fact}
                    for n, fact in enumerate(paper._get_journal_facts(), 1)
                ]
            )
        self.invalidate_recordset(["fact_ids"])

    def _get_span(self):
        """Begin and end of the paper's day or month (naive UTC)."""
        self.ensure_one()
        moment = self.env["cs.schedule.mixin"]._get_moment
        after = self.date + timedelta(days=1)
        if self.kind == "plan":
            after = (self.date.replace(day=28) + timedelta(days=4)).replace(day=1)
        return moment(self.company_id, self.date, 0), moment(self.company_id, after, 0)

    def _get_whose(self, field_name="user_id"):
        """Domain of the records this paper is about: one's own, or the company's."""
        self.ensure_one()
        if self.kind == "day_summary":
            return [("company_id", "=", self.company_id.id)]
        return [(field_name, "=", self.user_id.id)]

    def _get_journal_facts(self):
        """Figures for this paper, called in sudo; extend with ``super()``.

        :return: list of {"code", "name", "value", "text" (optional)}
        """
        self.ensure_one()
        if self.kind == "plan":
            return self._get_plan_facts()
        begin, end = self._get_span()
        Ticket = self.env["helpdesk.ticket"]
        Clock = self.env["cs.clock"]
        whose = self._get_whose()

        def span(name):
            return [*whose, (name, ">=", begin), (name, "<", end)]

        received = Ticket.search_count(span("received_date"))
        closed = Ticket.search_count([*span("closed_date"), ("closed", "=", True)])
        still = Ticket.search_count([*whose, ("closed", "=", False)])
        stopped = Clock._read_group(
            [*span("stopped_at"), ("state", "in", ("met", "late"))],
            ["kind", "state"],
            ["__count"],
        )
        late = sum(count for _kind, state, count in stopped if state == "late")
        revisits = sum(count for kind, _state, count in stopped if kind == "revisit")
        overdue = Clock.search_count(
            [*whose, ("state", "=", "running"), ("overdue", "=", True)]
        )
        return [
            {
                "code": "received",
                "name": self.env._("Tickets received"),
                "value": received,
            },
            {"code": "closed", "name": self.env._("Tickets closed"), "value": closed},
            {"code": "open", "name": self.env._("Tickets open"), "value": still},
            {"code": "late", "name": self.env._("Steps finished late"), "value": late},
            {"code": "overdue", "name": self.env._("Overdue now"), "value": overdue},
            {
                "code": "revisits",
                "name": self.env._("Call-backs made"),
                "value": revisits,
            },
        ]

    def _get_plan_facts(self):
        """What a plan starts from: what is open when the month begins."""
        whose = self._get_whose()
        still = self.env["helpdesk.ticket"].search_count(
            [*whose, ("closed", "=", False)]
        )
        tasks = self.env["cs.task"].search_count([*whose, ("state", "=", "open")])
        return [
            {"code": "open", "name": self.env._("Tickets open"), "value": still},
            {"code": "tasks", "name": self.env._("Tasks open"), "value": tasks},
        ]

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_fill(self):
        """Read the figures again."""
        self.check_access("write")
        self._lock()
        self.filtered(lambda p: p.state in ("draft", "returned"))._fill()

    def action_submit(self):
        """Hand it in: the figures are read once more and then stay."""
        self.check_access("write")
        self._lock()
        for paper in self.filtered(lambda p: p.state in ("draft", "returned")):
            if paper.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(paper)s is handed in by who wrote it.",
                        paper=paper.display_name,
                    )
                )
            if not paper.content and paper.kind != "day_summary":
                raise UserError(
                    self.env._(
                        "Please write in a sentence what was done before you hand it "
                        "in."
                    )
                )
            paper._fill()
            # sudo: the writer, checked above; the state is written by buttons alone
            paper.sudo().write(
                {"state": "submitted", "submitted_at": fields.Datetime.now()}
            )

    def action_accept(self):
        """A supervisor has checked it and files it (000-68)."""
        self._check_paper("accepted")

    def action_return(self):
        """A supervisor returns it and says why."""
        for paper in self:
            if not paper.comment:
                raise UserError(
                    self.env._("Please write in the comment what is to be changed.")
                )
        self._check_paper("returned")

    def _check_paper(self, state):
        self.check_access("write")
        self._lock()
        for paper in self.filtered(lambda p: p.state == "submitted"):
            if paper.user_id == self.env.user or not self.env.user.has_group(
                "cs_helpdesk.group_supervisor"
            ):
                raise AccessError(
                    self.env._(
                        "A journal is checked by a supervisor, not by its writer."
                    )
                )
            # sudo: checked above; the state is written by buttons alone
            checked = paper.sudo()
            checked.write(
                {
                    "state": state,
                    "checker_id": self.env.uid,
                    "checked_at": fields.Datetime.now(),
                }
            )
            checked.message_notify(
                partner_ids=paper.user_id.partner_id.ids,
                subject=paper.display_name,
                body=paper.comment or self.env._("Checked"),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(paper.state != "draft" for paper in self):
            raise UserError(self.env._("What was handed in is kept."))
