from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

LADDER_COUNT = 50  # G29: from so many people on it is the gravest case


class CsLeakReport(models.Model):
    """A leak of customers' data: written down with evidence, the account locked.

    000-06, 000-119, G29. What follows is proposed here and decided by people.
    """

    _name = "cs.leak.report"
    _description = "Leak Report"
    _inherit = ["cs.audit.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"

    name = fields.Char(string="What Happened", required=True, tracking=True)
    user_id = fields.Many2one(
        "res.users", string="Account", required=True, index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    alert_id = fields.Many2one("cs.leak.alert", string="Alert", readonly=True)
    found_at = fields.Datetime(
        string="Found on", required=True, default=fields.Datetime.now
    )
    evidence = fields.Text(
        required=True, help="What proves it, and where it is kept; files go below."
    )
    person_count = fields.Integer(string="Customers Concerned", aggregator=None)
    intent = fields.Selection(
        [
            ("negligent", "Negligent, No Harm"),
            ("harm", "Negligent, with Harm"),
            ("intentional", "Intentional"),
        ],
        default="negligent",
        required=True,
        tracking=True,
    )
    proposal = fields.Text(compute="_compute_proposal")
    decision = fields.Text(tracking=True, help="What was decided, and by whom.")
    state = fields.Selection(
        [("locked", "Account Locked"), ("unlocked", "Unlocked"), ("closed", "Closed")],
        default="locked",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    unlocked_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _order_idx = models.Index("(create_date DESC, id DESC)")

    @api.depends("intent", "person_count")
    @api.depends_context("lang")
    def _compute_proposal(self):
        """G29: the ladder; a proposal, not a sentence."""
        for report in self:
            if report.intent == "intentional" or report.person_count >= LADDER_COUNT:
                report.proposal = self.env._(
                    "Review of the employment and report to the authorities: "
                    "intentional, or %(count)s customers and more.",
                    count=LADDER_COUNT,
                )
            elif report.intent == "harm":
                report.proposal = self.env._("Suspension: negligent, with harm.")
            else:
                report.proposal = self.env._(
                    "Written warning and training once more: negligent, without harm."
                )

    # ------------------------------------------------------------------
    # Reported = locked
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._("A leak is reported by a supervisor: it locks an account.")
            )
        reports = super().create(
            [{k: v for k, v in vals.items() if k != "state"} for vals in vals_list]
        )
        for report in reports:
            report._lock_account()
            if report.alert_id:
                report.alert_id._close("leak")
        return reports

    def write(self, vals):
        if not self.env.su and {"state", "user_id", "unlocked_by_id"} & vals.keys():
            raise UserError(
                self.env._("Whose account is locked does not change afterwards.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_anything(self):
        raise UserError(self.env._("A leak report stays: close it instead."))

    def _lock_account(self):
        """Lock the account now: no login, and every open session ends."""
        self.ensure_one()
        self._check_lockable()
        # sudo: a supervisor changes no accounts; this one he may lock, after the checks
        user = self.user_id.sudo()
        user.lock_for_update()
        self._check_last_administrator(user)
        user.write({"active": False})
        self.message_post(
            body=self.env._(
                "The account %(login)s is locked; its sessions have ended.",
                login=user.login,
            )
        )

    def _check_lockable(self):
        user = self.user_id
        if user == self.env.user:
            raise UserError(
                self.env._("Nobody reports himself: ask another supervisor.")
            )
        if user.id == SUPERUSER_ID or user.sudo().share:
            raise UserError(
                self.env._("Only accounts of people who work here are locked this way.")
            )

    def _check_last_administrator(self, user):
        """Somebody must be left who can open the accounts again."""
        # sudo: who is an administrator is asked, not told
        group = self.env.ref("base.group_system").sudo()
        others = group.all_user_ids.filtered("active") - user
        if user in group.all_user_ids and not others.filtered(
            lambda u: u.id != SUPERUSER_ID
        ):
            raise UserError(
                self.env._(
                    "%(name)s is the last administrator: make another one first.",
                    name=user.name,
                )
            )

    # ------------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------------
    def action_unlock(self):
        """A manager gives the account back, never his own."""
        self.check_access("write")
        if not self.env.user.has_group("cs_helpdesk.group_manager"):
            raise AccessError(self.env._("An account is unlocked by a manager."))
        self.lock_for_update()
        for report in self.filtered(lambda r: r.state == "locked"):
            if report.user_id == self.env.user:
                raise UserError(self.env._("Nobody unlocks his own account."))
            others = self.search_count(
                [
                    ("user_id", "=", report.user_id.id),
                    ("state", "=", "locked"),
                    ("id", "!=", report.id),
                ]
            )
            # sudo: a manager changes no accounts; this one he may unlock
            report.sudo().write({"state": "unlocked", "unlocked_by_id": self.env.uid})
            if not others:
                report.user_id.sudo().write({"active": True})
        return True

    def action_close(self):
        """The decision is written down; the account stays as it is."""
        self.check_access("write")
        self.lock_for_update()
        for report in self:
            if not (report.decision or "").strip():
                raise UserError(
                    self.env._("Write down the decision before closing the report.")
                )
        # sudo: the state is closed to hands
        self.sudo().write({"state": "closed"})
        return True
