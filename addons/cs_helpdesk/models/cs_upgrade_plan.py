from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

PLANNED = frozenset(
    {"name", "system", "version", "planned_at", "steps", "risk", "emergency_plan"}
)
TESTED = frozenset({"test_result", "test_passed"})
AFTER = frozenset({"outcome", "notice", "training"})


class CsUpgradePlan(models.Model):
    """An upgrade: planned in four parts, approved, tested, done, explained (003-74)."""

    _name = "cs.upgrade.plan"
    _description = "Upgrade Plan"
    _inherit = ["cs.press.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "planned_at desc, id desc"

    name = fields.Char(required=True, tracking=True)
    system = fields.Char(required=True, help="What is upgraded.")
    version = fields.Char(string="To Version")
    user_id = fields.Many2one(
        "res.users",
        string="Planned by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    planned_at = fields.Datetime(string="Time", required=True, tracking=True)
    steps = fields.Html()
    risk = fields.Html(string="Risks")
    emergency_plan = fields.Html(string="If It Goes Wrong")
    approver_id = fields.Many2one("res.users", readonly=True, copy=False)
    test_result = fields.Html(copy=False)
    test_passed = fields.Boolean(copy=False)
    tested_at = fields.Datetime(readonly=True, copy=False)
    tester_id = fields.Many2one("res.users", readonly=True, copy=False)
    outcome = fields.Html(copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    notice = fields.Html(
        string="Notice to Users", copy=False, help="What changes for them."
    )
    training = fields.Text(
        copy=False, help="Who was trained, when, by whom; or why it is not needed."
    )
    state = fields.Selection(
        [
            ("draft", "Plan"),
            ("approved", "Approved"),
            ("tested", "Tested"),
            ("done", "Done"),
            ("closed", "Explained"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )

    _order_idx = models.Index("(planned_at DESC, id DESC)")

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {**vals, "user_id": self.env.uid, "state": "draft"}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _get_by_hand(self):
        allowed = {
            "draft": PLANNED,
            "approved": TESTED,
            "tested": AFTER,
            "done": AFTER,
        }
        names = PLANNED | TESTED | AFTER
        for plan in self:
            names &= allowed.get(plan.state, frozenset())
        return names

    def write(self, vals):
        self._check_by_hand(vals)
        return super().write(vals)

    def action_approve(self):
        """Somebody else than the planner approves a plan that has all its parts."""
        for plan in self._lock_in("draft"):
            plan._need("steps", "risk", "emergency_plan")
            if plan.user_id == self.env.user:
                raise AccessError(
                    self.env._(
                        "%(plan)s is approved by somebody else than its planner.",
                        plan=plan.name,
                    )
                )
            plan._move("approved", approver_id=self.env.uid)

    def action_tested(self):
        """The upgrade was tried on a copy, and it went well."""
        for plan in self._lock_in("approved"):
            plan._need("test_result")
            if not plan.test_passed:
                raise UserError(
                    self.env._(
                        "%(plan)s has not passed its test: mend it and test again, or "
                        "cancel it.",
                        plan=plan.name,
                    )
                )
            plan._move(
                "tested", tested_at=fields.Datetime.now(), tester_id=self.env.uid
            )

    def action_done(self):
        """Done; without a test it cannot be."""
        self.check_access("write")
        self._lock()
        for plan in self:
            if plan.state in ("draft", "approved"):
                raise UserError(
                    self.env._("%(plan)s has to be tested first.", plan=plan.name)
                )
            if plan.state == "tested":
                plan._need("outcome")
                plan._move("done", done_at=fields.Datetime.now())

    def action_explained(self):
        """Users have their notice, and training where it is needed."""
        for plan in self._lock_in("done"):
            plan._need("notice", "training")
            # sudo: the notice is his to give, checked above
            paper = self.env["cs.announcement"].sudo()
            paper = paper.create(
                {
                    "name": plan.name,
                    "body": plan.notice,
                    "company_id": plan.company_id.id,
                }
            )
            paper._publish(paper._get_readers())
            plan._move("closed")

    def action_cancel(self):
        for plan in self._lock_in("draft", "approved", "tested"):
            plan._move("cancelled")

    def _lock_in(self, *states):
        self.check_access("write")
        self._lock()
        return self.filtered(lambda p: p.state in states)

    def _move(self, state, **vals):
        # sudo: the button has checked it; states are written by buttons alone
        self.sudo().write({"state": state, **vals})

    def _need(self, *names):
        """:raise UserError: one of these is not written yet"""
        missing = [
            self._fields[name].get_description(self.env, ["string"])["string"]
            for name in names
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "%(plan)s: please fill in %(fields)s first.",
                    plan=self.name,
                    fields="、".join(missing),
                )
            )
