from odoo import api, fields, models
from odoo.exceptions import ValidationError

WATCHED = {
    "stage_id",
    "type_id",
    "urgency",
    "grade_id",
    "team_id",
    "user_id",
    "partner_id",
    "company_id",
    "answered_date",
    "active",
}
BEFORE_FEEDBACK = {"intake", "grading", "investigation", "plan", "execution"}
BEFORE_EXECUTION = {"intake", "grading", "investigation", "plan"}


class CsTicketClock(models.AbstractModel):
    """Clocks of a ticket follow what the ticket is and where it stands.

    `_clock_sync` compares what should run with what runs; calling it again changes
    nothing. So it does not matter how often a stage or an owner is written, nor
    whether a person or a computed field did it.
    """

    _name = "cs.ticket.clock"
    _description = "Clocks of a Ticket"
    _inherit = ["cs.clock.mixin"]

    answered_date = fields.Datetime(
        string="First Answer",
        readonly=True,
        copy=False,
        help="When a person first answered the customer.",
    )

    # ------------------------------------------------------------------
    # What should run
    # ------------------------------------------------------------------
    def _get_wanted_clocks(self):
        """Kinds that should be running now; sets of the documents (G01, G02, G10)."""
        self.ensure_one()
        role = self.stage_id.role
        if not self.team_id.service_desk or self.closed or not self.active:
            return set()
        wanted = set()
        if role == "intake":
            wanted.add("accept")
        if not self.answered_date:
            wanted |= {"first_response", "answer"}
        if role in BEFORE_EXECUTION and self.type_id.is_complaint:
            wanted.add("plan")
        if role in BEFORE_FEEDBACK:
            wanted.add("solution")
        if role in ("feedback", "revisit") and self.type_id.is_complaint:
            wanted.add("revisit")
        return wanted

    # kinds that other actions start and stop
    def _get_manual_clocks(self):
        return {"second_line", "outside"}

    def _clock_sync(self, at=None):
        """Start, stop, recalculate and hand over clocks until they fit the tickets."""
        if not self:
            return
        at = at or self._event_time()
        new, moved = [], self.browse()
        for ticket, clocks in zip(self, self._active_clocks_by_record(), strict=True):
            wanted = ticket._get_wanted_clocks()
            running = {clock.kind for clock in clocks}
            gone = clocks.filtered(
                lambda c, w=wanted, t=ticket: c.kind not in w
                and (t.closed or c.kind not in t._get_manual_clocks())
            )
            gone._do_stop(at, cancel=ticket._clocks_are_void())
            clocks -= gone
            ticket._clock_refresh(clocks, at)
            new += ticket._prepare_clocks(wanted - running, at)
            owner = ticket._get_clock_owner()
            stale = clocks.filtered(
                lambda c, o=owner: c.state in ("running", "paused")
                and (c.user_id.id != o["user_id"] or c.team_id.id != o["team_id"])
            )
            if stale.filtered(lambda c, o=owner: c.team_id.id != o["team_id"]):
                moved |= ticket
            stale.write(owner)
        self._clock_create(new, moved._prepare_hold(at))

    def _clocks_are_void(self):
        """Cancelled, or no longer a matter of the desk: neither met nor late."""
        self.ensure_one()
        return (
            self.stage_id.role == "cancelled"
            or not self.active
            or not self.team_id.service_desk
        )

    # ------------------------------------------------------------------
    # Where changes come from
    # ------------------------------------------------------------------
    @api.model
    def _create(self, data_list):
        # before the message of the new ticket flushes it: one UPDATE, not two
        tickets = super()._create(data_list)
        at = self._event_time()
        new = []
        for ticket in tickets:
            new += ticket._prepare_clocks(ticket._get_wanted_clocks(), at)
        self._clock_create(new, tickets._prepare_hold(at))
        return tickets

    def write(self, vals):
        result = super().write(vals)
        # many at once: synced together before the commit, by `_watched_changed`
        if WATCHED & vals.keys() and not self.env.context.get("cs_clock_later"):
            self._clock_sync()
        return result

    @api.model
    def _watched_fields(self):
        return super()._watched_fields() | {"stage_id", "team_id", "type_id", "user_id"}

    def _watched_changed(self, changes):
        # what a compute changed never passed write()
        result = super()._watched_changed(changes)
        changed = (ticket.id for ticket, note in changes.items() if not note["created"])
        self.browse(changed)._clock_sync()
        return result

    # ------------------------------------------------------------------
    # What the customer hears and says
    # ------------------------------------------------------------------
    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type not in ("comment", "email", "email_outgoing"):
            return result
        author = message.author_id
        from_us = author.user_ids.filtered(lambda u: not u.share)
        public = not message.is_internal and not message.subtype_id.internal
        if from_us and public and author != self.partner_id:
            self._mark_answered()
        elif not from_us and self.clock_state == "paused":
            self._resume_for_customer()
        return result

    def _mark_answered(self, at=None):
        """A person has answered the customer: the answering clocks stop."""
        unanswered = self.filtered(lambda t: not t.answered_date)
        if unanswered:
            # sudo: a reader may post, and posting is answering
            unanswered.sudo().answered_date = at or self._event_time()

    def _resume_for_customer(self):
        """The customer has spoken: what waited for him runs on."""
        paused = self._clocks(states=("paused",))
        paused.filtered(lambda c: c.pause_reason_id.party == "customer")._do_resume(
            self._event_time()
        )

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def action_wait(self):
        return self._open_clock_wizard("pause", self.env._("Wait"))

    def action_explain_late(self):
        return self._open_clock_wizard("late", self.env._("Why It Was Late"))

    def _open_clock_wizard(self, purpose, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "cs.clock.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_purpose": purpose,
                "default_res_model": self._name,
                "default_res_ids": self.ids,
            },
        }

    def action_resume(self):
        self.check_access("write")
        self.lock_for_update()
        self._clock_resume()

    def _check_stage_gates(self, stage):
        result = super()._check_stage_gates(stage)
        if stage.role == "done" and not self._is_replay():
            self._gate_late_reason()
        return result

    def _gate_late_reason(self):
        """N29: a late clock asks why; what closed by itself leaves a task instead."""
        late = self._clocks(states=("running", "late")).filtered(
            lambda c: (c.state == "late" or c.overdue)
            and not c.advisory
            and not c.late_reason_id
        )
        if not late:
            return
        if not self.env.su and self.env.user._is_internal():
            raise ValidationError(
                self.env._(
                    "Please say first why this was late (page Time): %(clocks)s.",
                    clocks="、".join({c._get_kind_label() for c in late}),
                )
            )
        for ticket in self.browse(set(late.mapped("res_id"))):
            ticket.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Say why it was late"),
                user_id=(ticket.user_id or ticket.team_id.user_id).id or self.env.uid,
            )

    # ------------------------------------------------------------------
    # Hooks of the clock
    # ------------------------------------------------------------------
    def _get_limit_facts(self):
        return {
            "type_ids": self.type_id.id,
            "urgency": self.urgency,
            "customer_class": self.sudo().customer_class,
            "region_zone": self.sudo().region_zone,
            "grade_level": self._get_grade_level(),
        }

    def _get_grade_level(self):
        """Level of the complaint grade, 1 to 4; 0 for anything else."""
        return 0

    def _get_limit_factor(self, limit):
        """Urgency; a customer's tier multiplies it in a higher addon (G36)."""
        factors = {"urgent": limit.urgent_factor, "low": limit.low_factor}
        return factors.get(self.urgency, 1.0)

    def _get_service_priority(self):
        """Place in a queue, larger first; a customer's tier raises it elsewhere."""
        self.ensure_one()
        return {"urgent": 20, "normal": 10, "low": 0}[self.urgency]

    def _get_clock_owner(self):
        return {
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
        }

    def _get_age_begin(self):
        return self.received_date

    def _get_age_end(self):
        return self.closed_date if self.closed else False
