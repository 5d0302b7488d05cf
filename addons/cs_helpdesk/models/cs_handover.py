from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, format_datetime

GRACE = timedelta(minutes=15)  # G15
FIXED = {"company_id", "giver_id", "moved_count", "run_id", "shift_id"}
CONTENT = {"receiver_id", "kind", "notices", "line_ids"}


class CsHandover(models.Model):
    """One hands over, another takes over: every open matter, line by line (G15).

    A flow with two signatures, three when somebody leaves. What the receiver accepted
    is his when all have signed (000-88, 000-89, 000-90, N31).
    """

    _name = "cs.handover"
    _description = "Handover"
    _inherit = [
        "cs.handover.gates",
        "cs.flow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("shift", "Change of Shift"), ("leaving", "Somebody Leaves")],
        required=True,
        default="shift",
    )
    giver_id = fields.Many2one(
        "res.users",
        string="Hands Over",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    receiver_id = fields.Many2one(
        "res.users",
        string="Takes Over",
        index="btree_not_null",
        domain="[('share', '=', False), ('id', '!=', giver_id)]",
        tracking=True,
    )
    shift_id = fields.Many2one(
        "cs.shift", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    line_ids = fields.One2many("cs.handover.line", "handover_id", string="Matters")
    line_count = fields.Integer(compute="_compute_counts")
    open_count = fields.Integer(string="Not Accepted", compute="_compute_counts")
    grave_count = fields.Integer(
        string="Grave, Not Accepted", compute="_compute_counts"
    )
    notices = fields.Text(help="What colleagues have to know; “none” is an answer.")
    run_id = fields.Many2one(
        "cs.checklist.run",
        string="Equipment",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    run_state = fields.Selection(related="run_id.state", string="Checked")
    step_code = fields.Char(related="current_step_id.code")
    moved_count = fields.Integer(string="Tickets Moved", readonly=True, copy=False)

    _shift_once = models.UniqueIndex(
        "(shift_id) WHERE shift_id IS NOT NULL AND flow_state != 'cancelled'",
        "There is a handover of this shift already.",
    )
    _leaving_idx = models.Index("(giver_id) WHERE kind = 'leaving'")

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("giver_id", "receiver_id", "create_date")
    def _compute_name(self):
        for handover in self:
            day = format_date(self.env, handover.create_date or fields.Date.today())
            who = f"{handover.giver_id.name} → {handover.receiver_id.name or '?'}"
            handover.name = f"{who} {day}"

    @api.depends("line_ids.accepted", "line_ids.grave")
    def _compute_counts(self):
        for handover in self:
            missing = handover.line_ids.filtered(lambda line: not line.accepted)
            handover.line_count = len(handover.line_ids)
            handover.open_count = len(missing)
            handover.grave_count = len(missing.filtered("grave"))

    # ------------------------------------------------------------------
    # Begin
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        handovers = super().create(vals_list)
        supervisor = self.env.user.has_group("cs_helpdesk.group_supervisor")
        for handover in handovers:
            own = handover.giver_id == self.env.user
            if not (own or supervisor or self.env.su):
                raise AccessError(
                    self.env._("Only a supervisor hands over for somebody else.")
                )
            handover._collect()
            handover._flow_start()
        return handovers

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            raise AccessError(
                self.env._("Giver and shift of a handover stay as they are.")
            )
        changed = CONTENT & vals.keys()
        if changed and not self.env.su:
            self._check_open_for("receive" if changed == {"line_ids"} else "give")
        return super().write(vals)

    def _check_open_for(self, code):
        """Contents change until they are signed.

        :param code: ``give`` or ``receive``: the step it may be in at the latest
        :raise UserError: signed already
        """
        steps = ("give",) if code == "give" else ("give", "receive")
        for handover in self:
            # sudo: where it stands is shown to both
            step = handover.sudo().current_step_id
            if handover.flow_state != "none" and step.code not in steps:
                raise UserError(
                    self.env._(
                        "This handover is signed: its contents stay as they are."
                    )
                )

    @api.model
    def _open_for_shift(self, shift):
        """The handover of a shift, begun with all open matters if it is not there.

        :return: action that opens it
        """
        found = self.search(
            [("shift_id", "=", shift.id), ("flow_state", "!=", "cancelled")], limit=1
        )
        handover = found or self.create(
            {
                "giver_id": shift.user_id.id,
                "shift_id": shift.id,
                "company_id": shift.company_id.id,
                "receiver_id": self._find_receiver(shift).id,
            }
        )
        return handover._get_records_action(view_mode="form")

    @api.model
    def _find_receiver(self, shift):
        """Whose shift begins around the end of this one, on the same line first."""
        around = timedelta(hours=5)
        # sudo: who works next is no secret on a published roster
        shifts = (
            self.env["cs.shift"]
            .sudo()
            .search(
                [
                    ("company_id", "=", shift.company_id.id),
                    ("state", "=", "published"),
                    ("user_id", "!=", shift.user_id.id),
                    ("start_at", ">", shift.start_at),
                    ("start_at", ">=", shift.end_at - around),
                    ("start_at", "<=", shift.end_at + timedelta(hours=1)),
                    ("end_at", ">", shift.end_at),
                ]
            )
        )
        teams = self.env["helpdesk.ticket.team"].sudo()
        mates = teams.search([("user_ids", "in", shift.user_id.ids)]).user_ids
        present = shifts.filtered(
            lambda s: s.user_id._is_present() and s.user_id in mates
        )
        same = present.filtered(lambda s: s.line_id == shift.line_id)
        return (same or present)[:1].user_id

    def _collect(self):
        """List every open matter of the giver, in a bounded number of queries."""
        self.ensure_one()
        handover = self.sudo()  # the giver's own matters, whoever may see them
        self.env["cs.handover.line"].sudo().create(handover._prepare_lines())
        if not handover.run_id:
            handover.run_id = self.env["cs.checklist"]._start_run(
                "handover", handover, handover.giver_id, handover.company_id
            )

    def action_collect(self):
        """Look again for matters that came up since; what is there stays."""
        self.ensure_one()
        self.check_access("write")
        self._check_open_for("give")
        self.lock_for_update()
        self._collect()

    def action_open_run(self):
        self.ensure_one()
        return self.run_id._get_records_action(view_mode="form")

    # ------------------------------------------------------------------
    # Accepting
    # ------------------------------------------------------------------
    def _check_receiver(self):
        if self.receiver_id != self.env.user:
            raise AccessError(
                self.env._(
                    "%(receiver)s takes over and accepts the lines.",
                    receiver=self.receiver_id.name or "?",
                )
            )
        if self.sudo().current_step_id.code != "receive":
            raise UserError(
                self.env._("Lines are accepted after the giver has signed.")
            )

    def action_accept_all(self):
        """The receiver accepts every line that is not grave; those he looks at one
        by one."""
        self.ensure_one()
        self.line_ids.filtered(
            lambda line: not line.grave and not line.accepted
        ).action_accept()

    # ------------------------------------------------------------------
    # Hooks of the flow
    # ------------------------------------------------------------------
    def _get_flow_requester(self):
        return self.giver_id

    def _flow_owner_giver(self, stage):
        return {"user_id": self.giver_id.id}

    def _flow_owner_receiver(self, stage):
        return {"user_id": self.receiver_id.id}

    def _skip_handover_shift(self, stage):
        """The third signature is for somebody who leaves."""
        return self.kind != "leaving"

    def _get_flow_deadline(self, step):
        """15 minutes after the change of shift (G15)."""
        end = self.shift_id.end_at or step.started_at
        return max(end + GRACE, step.started_at)

    def _on_flow_done(self):
        result = super()._on_flow_done()
        self._move_accepted()
        return result

    # ------------------------------------------------------------------
    # Register
    # ------------------------------------------------------------------
    def _get_register_matters(self):
        """交接事项: how many of each kind, and those not accepted."""
        kinds = self.line_ids._fields["kind"]._description_selection(self.env)
        words = []
        for kind, label in kinds:
            lines = self.line_ids.filtered(lambda line, k=kind: line.kind == k)
            if lines:
                taken = len(lines.filtered("accepted"))
                words.append(f"{label} {taken}/{len(lines)}")
        return "、".join(words)

    def _get_register_signed(self):
        """签字: who signed and when, in their order."""
        # sudo: whoever may read the handover may know who signed it
        steps = self.sudo().step_ids.filtered("signed_at").sorted("id")
        zone = self.company_id.service_calendar_id.tz or "UTC"
        return "、".join(
            f"{step.signed_name} "
            + format_datetime(
                self.env, step.signed_at, tz=zone, dt_format="MM-dd HH:mm"
            )
            for step in steps
        )

    def _move_accepted(self):
        """What was accepted is the receiver's now: one write for all tickets."""
        self.ensure_one()
        accepted = self.line_ids.filtered("accepted")
        receiver = self.receiver_id
        # sudo: both have signed; the giver may lose sight of the tickets by it
        tickets = accepted.ticket_id.sudo().filtered(lambda t: not t.closed)
        Transfer = self.env["cs.ticket.transfer"].sudo()
        Transfer.create(
            [
                t._prepare_transfer(
                    "handover", t.user_id, t.team_id, receiver, t.team_id, self.name
                )
                for t in tickets
            ]
        )
        tickets.with_context(cs_clock_later=True).write({"user_id": receiver.id})
        tickets._watch_discard("user_id")
        tickets._clock_sync()
        accepted.callback_id.sudo().write({"user_id": receiver.id})
        promises = accepted.promise_id.sudo()
        promises.write({"user_id": receiver.id})
        promises._clocks().write({"user_id": receiver.id})
        self.moved_count = len(tickets)
