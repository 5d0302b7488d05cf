from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

ANSWERED = ("satisfied", "dissatisfied")
ATTEMPT_DAYS = 3
TALK_SECONDS = 15  # a shorter talk answered no questions


class CsRevisit(models.Model):
    """A call-back: planned by a rule, tried, answered or given up (001-69, 004-03).

    Written by its own methods alone. What it finds out, the record it is about hears
    through ``_on_revisit_done``.
    """

    _name = "cs.revisit"
    _description = "Call-back"
    _inherit = ["cs.desk.record", "mail.thread"]
    _order = "due_at, id"

    # About what
    rule_id = fields.Many2one("cs.revisit.rule", index="btree_not_null")
    res_model = fields.Char(
        string="Document Model", required=True, export_string_translation=False
    )
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True)
    # Who and when
    user_id = fields.Many2one("res.users", string="Who Calls", tracking=True)
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    planned_date = fields.Date(string="Call on", required=True, tracking=True)
    due_at = fields.Datetime(string="At the Latest", required=True)
    attempt_ids = fields.One2many("cs.revisit.attempt", "revisit_id", "Attempts")
    attempt_days = fields.Integer(
        string="Days Tried", compute="_compute_attempt_days", store=True
    )
    # What was asked
    run_id = fields.Many2one("cs.checklist.run", string="Questions", readonly=True)
    line_ids = fields.One2many(related="run_id.line_ids", readonly=False)
    # How it ended
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        tracking=True,
    )
    result = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("dissatisfied", "Not Satisfied"),
            ("unreachable", "Not Reached"),
            ("refused", "Refused"),
        ],
        tracking=True,
    )
    words = fields.Text(string="What the Customer Said", tracking=True)
    done_at = fields.Datetime(string="Called Back")
    done_by_id = fields.Many2one("res.users", string="Called Back By")
    call_id = fields.Many2one("cs.call", index="btree_not_null", ondelete="set null")
    talk_seconds = fields.Integer(string="Talk", aggregator="avg")
    counted = fields.Boolean(
        help="Reached and answered: counts towards the goal of the day (004-91)."
    )
    recheck_of_id = fields.Many2one(
        "cs.revisit",
        index="btree_not_null",
        help="The call-back that this one checks, made by somebody else.",
    )
    # My day
    quota_done = fields.Integer(string="Today", compute="_compute_quota")
    quota_goal = fields.Integer(string="Goal of the Day", compute="_compute_quota")

    _order_idx = models.Index("(due_at, id)")
    _mine_idx = models.Index("(user_id, due_at, id) WHERE state = 'planned'")
    _quota_idx = models.Index("(done_by_id, done_at) WHERE counted IS TRUE")
    _once = models.UniqueIndex(
        "(res_model, res_id, rule_id) WHERE state = 'planned'",
        "This call-back is planned already.",
    )

    def write(self, vals):
        """Answers go to the questions' own record; the rest has its buttons."""
        vals = dict(vals)
        answers = vals.pop("line_ids", None)
        if answers:
            for revisit in self:
                revisit.run_id.write({"line_ids": answers})
        names = {name for name in vals if not name.startswith("message_")}
        if names and not self.env.su:
            raise AccessError(self.env._("A call-back is moved by its buttons alone."))
        return super().write(vals)

    @api.depends("partner_id", "rule_id")
    def _compute_display_name(self):
        for revisit in self:
            parts = (revisit.partner_id.name, revisit.rule_id.sudo().name)
            revisit.display_name = " · ".join(part for part in parts if part)

    @api.depends("attempt_ids.date")
    def _compute_attempt_days(self):
        for revisit in self:
            revisit.attempt_days = len(set(revisit.attempt_ids.mapped("date")))

    def _compute_quota(self):
        """How many I reached today, of how many (004-91)."""
        goal = self.env["helpdesk.ticket"]._get_parameter("revisit_goal", 10)
        begin = self._day_begin()
        done = self.search_count(
            [
                ("counted", "=", True),
                ("done_by_id", "=", self.env.uid),
                ("done_at", ">=", begin),
            ]
        )
        for revisit in self:
            revisit.quota_done = done
            revisit.quota_goal = goal

    @api.model
    def _day_begin(self):
        """Naive UTC of the midnight before now, where the user is."""
        zone = pytz.timezone(self.env.user.tz or "Asia/Shanghai")
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        local = zone.localize(datetime.combine(today, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    # ------------------------------------------------------------------
    # Calling
    # ------------------------------------------------------------------
    def _check_caller(self):
        """:raise AccessError: neither the caller meant, his team nor a supervisor"""
        user = self.env.user
        if user.has_group("cs_helpdesk.group_supervisor"):
            return
        for revisit in self.sudo():  # only to learn whose it is
            if user != revisit.user_id and user not in revisit.team_id.user_ids:
                raise AccessError(
                    self.env._("This call-back is another person's: ask a supervisor.")
                )

    def action_start(self):
        """Open the questions; pressed again it changes nothing."""
        self.ensure_one()
        revisit = self._begin_act()
        self._check_caller()
        if revisit.state == "planned" and not revisit.run_id:
            checklist = revisit.rule_id.checklist_id
            revisit.user_id = revisit.user_id or self.env.user
            if checklist:
                revisit.run_id = self.env["cs.checklist"]._start_run(
                    checklist.code, self, company=revisit.company_id
                )

    def _note_attempt(self, note):
        """Nobody answered: tried again on another day, given up after three (001-69).

        :raise UserError: tried today already, so that a day counts once
        """
        revisit = self._begin_act()
        revisit.ensure_one()
        self._check_caller()
        if revisit.state != "planned":
            return
        today = fields.Date.context_today(self)
        if today in revisit.attempt_ids.mapped("date"):
            raise UserError(
                self.env._("Tried today already: please try on another day.")
            )
        self.env["cs.revisit.attempt"].sudo().create(
            {
                "revisit_id": revisit.id,
                "date": today,
                "at": fields.Datetime.now(),
                "user_id": self.env.uid,
                "note": note,
            }
        )
        if revisit.attempt_days >= ATTEMPT_DAYS:
            self._finish("unreachable", note)
        else:
            revisit.planned_date = today + timedelta(days=1)

    # ------------------------------------------------------------------
    # Ending
    # ------------------------------------------------------------------
    def action_satisfied(self):
        self._finish("satisfied")

    def _dissatisfied(self, words):
        self._finish("dissatisfied", words)

    def _refused(self, words):
        self._finish("refused", words)

    def _finish(self, result, words=False):
        """End the call-back; what it is about hears the result. Twice does it once.

        :raise UserError: questions are open, or the customer's words are missing
        """
        self.ensure_one()
        revisit = self._begin_act()
        self._check_caller()
        if revisit.state != "planned":
            return
        if result != "satisfied":
            words = self._need_text(
                words, self.env._("Please note what the customer said.")
            )
        if result in ANSWERED:
            self._finish_questions()
        revisit._settle(result, words, self.env.user)
        record = self.env[revisit.res_model].browse(revisit.res_id)
        if hasattr(record, "_on_revisit_done"):
            record._on_revisit_done(self)

    def _finish_questions(self):
        """The questions are answered before the answer counts."""
        if self.sudo().rule_id.checklist_id and not self.sudo().run_id:
            self.action_start()
        if self.run_id.state == "draft":
            self.run_id.action_done()

    def _settle(self, result, words, user):
        """Write the end, with the call that was made for it; in sudo."""
        self.ensure_one()
        call = self._find_call(user)
        self.write(
            {
                "state": "done",
                "result": result,
                "words": words,
                "done_at": fields.Datetime.now(),
                "done_by_id": user.id,
                "call_id": call.id,
                "talk_seconds": call.talk_seconds,
                "counted": result in ANSWERED
                and (not call or call.talk_seconds >= TALK_SECONDS),
            }
        )

    def _find_call(self, user):
        """The last outgoing call of today to this customer or about this ticket."""
        about = Domain("ticket_id", "=", self.ticket_id.id or -1)
        if self.partner_id:
            about |= Domain("partner_id", "=", self.partner_id.id)
        return self.env["cs.call"].search(
            about
            & Domain("direction", "=", "out")
            & Domain("user_id", "=", user.id)
            & Domain("started_at", ">=", self._day_begin()),
            limit=1,
        )

    def _call_off(self):
        """No longer wanted; in sudo."""
        self.filtered(lambda r: r.state == "planned").write({"state": "cancelled"})

    # ------------------------------------------------------------------
    # Buttons that ask for words
    # ------------------------------------------------------------------
    def action_dissatisfied(self):
        return self.env["cs.desk.reason.wizard"]._open("revisit_dissatisfied", self)

    def action_refused(self):
        return self.env["cs.desk.reason.wizard"]._open("revisit_refused", self)

    def action_not_reached(self):
        return self.env["cs.desk.reason.wizard"]._open("revisit_attempt", self)

    def action_open_record(self):
        self.ensure_one()
        self.check_access("read")
        return self.env[self.res_model].browse(self.res_id)._get_records_action()
