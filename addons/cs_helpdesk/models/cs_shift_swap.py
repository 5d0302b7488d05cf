from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

NOTICE = timedelta(hours=24)  # G14
STEPS = {"state", "agreed_at", "decided_by_id", "decided_at"}


class CsShiftSwap(models.Model):
    """Two people exchange shifts: both agree, a supervisor approves (000-82, G14)."""

    _name = "cs.shift.swap"
    _description = "Swap of Shifts"
    _inherit = ["mail.thread", "mail.activity.mixin", "cs.audit.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(related="shift_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    shift_id = fields.Many2one(
        "cs.shift",
        string="My Shift",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('user_id', '=', uid), ('state', '=', 'published')]",
    )
    colleague_id = fields.Many2one(
        "res.users",
        string="With",
        required=True,
        index=True,
        domain="[('share', '=', False), ('id', '!=', uid)]",
    )
    other_shift_id = fields.Many2one(
        "cs.shift",
        string="In Exchange for",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('user_id', '=', colleague_id), ('state', '=', 'published')]",
        help="Empty: the colleague takes the shift without giving one.",
    )
    reason = fields.Char(required=True)
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("agreed", "Colleague Agreed"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="asked",
        readonly=True,
        tracking=True,
    )
    agreed_at = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    may_agree = fields.Boolean(compute="_compute_may")
    may_decide = fields.Boolean(compute="_compute_may")

    _open_once = models.UniqueIndex(
        "(shift_id) WHERE state IN ('asked', 'agreed')",
        "A swap of this shift is under way already.",
    )

    @api.depends("state", "colleague_id", "user_id")
    @api.depends_context("uid")
    def _compute_may(self):
        user = self.env.user
        supervisor = user.has_group("cs_helpdesk.group_supervisor")
        for swap in self:
            swap.may_agree = swap.state == "asked" and swap.colleague_id == user
            party = user in swap.user_id | swap.colleague_id
            swap.may_decide = swap.state == "agreed" and supervisor and not party

    @api.depends("shift_id", "colleague_id")
    def _compute_display_name(self):
        for swap in self:
            swap.display_name = (
                f"{swap.shift_id.display_name} ↔ {swap.colleague_id.name}"
            )

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if STEPS & vals.keys() or vals.get("user_id", self.env.uid) not in (
                    self.env.uid,
                    False,
                ):
                    raise AccessError(self.env._("Everybody asks for himself."))
        swaps = super().create(vals_list)
        for swap in swaps:
            swap._check_asked()
            swap._remind(swap.colleague_id, self.env._("Swap shifts with me?"))
        return swaps

    def write(self, vals):
        if not self.env.su and vals.keys() - {"message_follower_ids", "activity_ids"}:
            raise AccessError(
                self.env._("A swap is not changed: cancel it and ask again.")
            )
        return super().write(vals)

    def _check_asked(self):
        """:raise UserError: not one's own, not the colleague's, or too late"""
        self.ensure_one()
        swap = self.sudo()  # the shift of a colleague is compared, not shown
        mine, other = swap.shift_id, swap.other_shift_id
        if mine.user_id != swap.user_id or mine.state != "published":
            raise UserError(self.env._("Choose a published shift of your own."))
        if swap.colleague_id == swap.user_id:
            raise UserError(self.env._("Choose a colleague to swap with."))
        if other and (other.user_id != swap.colleague_id or other.state != "published"):
            raise UserError(
                self.env._(
                    "Choose a published shift of %(colleague)s.",
                    colleague=swap.colleague_id.name,
                )
            )
        self._check_notice()

    def _check_notice(self):
        shifts = self.sudo().shift_id | self.sudo().other_shift_id
        first = min(shifts.mapped("start_at"))
        if first - fields.Datetime.now() < NOTICE:
            raise UserError(
                self.env._(
                    "A swap needs 24 hours: this shift begins sooner. Ask a supervisor "
                    "to change the roster."
                )
            )

    def _remind(self, users, summary):
        for user in users[:1]:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=user.id
            )

    # ------------------------------------------------------------------
    # Agreeing, deciding
    # ------------------------------------------------------------------
    def _begin(self, *states):
        """Lock and read afresh.

        :return: the swap in sudo, or an empty one if it is past these states
        """
        self.ensure_one()
        self.check_access("read")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset()
        # sudo: each button checks who presses; the states are closed to writing
        return self.sudo().filtered(lambda s: s.state in states)

    def action_agree(self):
        """The colleague agrees; a second press changes nothing."""
        swap = self._begin("asked")
        if not swap:
            return
        if swap.colleague_id != self.env.user:
            raise AccessError(self.env._("Only the colleague himself can agree."))
        self._check_notice()
        swap.activity_ids.action_feedback()
        swap.write({"state": "agreed", "agreed_at": fields.Datetime.now()})
        supervisors = self.env["cs.shift"]._get_supervisors(swap.company_id)
        self._remind(
            supervisors - swap.user_id - swap.colleague_id,
            self.env._("Swap of shifts: please decide"),
        )

    def _check_decider(self, swap):
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(self.env._("Only a supervisor decides on swaps."))
        if self.env.user in swap.user_id | swap.colleague_id:
            raise AccessError(
                self.env._("Nobody approves his own swap: please ask another.")
            )

    def action_approve(self):
        """A supervisor approves: the shifts change hands at once, or nothing does."""
        swap = self._begin("agreed")
        if not swap:
            return
        self._check_decider(swap)
        self._check_asked()
        swap._exchange()
        swap._decide("approved", self.env.user)

    def action_refuse(self):
        """The colleague or a supervisor says no."""
        swap = self._begin("asked", "agreed")
        if not swap:
            return
        if not (swap.state == "asked" and swap.colleague_id == self.env.user):
            self._check_decider(swap)
        swap._decide("refused", self.env.user)

    def action_cancel(self):
        """Whoever asked takes it back."""
        swap = self._begin("asked", "agreed")
        if not swap:
            return
        if swap.user_id != self.env.user:
            raise AccessError(self.env._("Only whoever asked can take it back."))
        swap._decide("cancelled", self.env.user)

    def _decide(self, state, user):
        self.write(
            {
                "state": state,
                "decided_by_id": user.id,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.activity_ids.action_feedback()
        self.message_notify(
            partner_ids=(self.user_id | self.colleague_id - user).partner_id.ids,
            subject=self.display_name,
            body=dict(self._fields["state"]._description_selection(self.env))[state],
        )

    def _exchange(self):
        """Both shifts in one statement: there is no moment with a clash in it."""
        shifts = self.shift_id | self.other_shift_id
        turned = [
            (self.shift_id, self.colleague_id),
            (self.other_shift_id, self.user_id),
        ]
        shifts._check_clash(
            [s._as_vals() | {"user_id": user.id} for s, user in turned if s], shifts
        )
        self.env["cs.shift"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_shift
                   SET user_id = CASE WHEN id = %(mine)s THEN %(colleague)s
                                      ELSE %(asker)s END,
                       write_uid = %(uid)s, write_date = %(now)s
                 WHERE id IN %(both)s
                """,
                mine=self.shift_id.id,
                colleague=self.colleague_id.id,
                asker=self.user_id.id,
                both=tuple(shifts.ids),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        shifts.invalidate_recordset(["user_id"], flush=False)
        shifts._check_rules()
        shifts._tell_people(shifts)
