from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

WORKING = ("intake", "grading", "investigation", "plan", "execution")
TOLD = ("feedback", "revisit", "done")


class CsTicketFeedback(models.AbstractModel):
    """Round by round until the customer is satisfied (003-34, 000-49, G04)."""

    _name = "cs.ticket.feedback"
    _inherit = ["cs.ticket.responsibility"]
    _description = "Ticket: Feedback and Rounds"

    plan = fields.Text(copy=False, tracking=True, help="How the matter will be solved.")
    round_number = fields.Integer(
        string="Round",
        default=1,
        readonly=True,
        copy=False,
        aggregator=None,
        tracking=True,
    )
    round_ids = fields.One2many(
        "cs.ticket.round", "ticket_id", string="Rounds", readonly=True
    )
    verdict = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("dissatisfied", "Not Satisfied"),
            ("unreachable", "Not Reached"),
        ],
        string="Customer's Verdict",
        readonly=True,
        copy=False,
        help="What the customer said to the result of this round.",
    )

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {"round_ids", "round_number", "verdict"}

    # ------------------------------------------------------------------
    # Gates
    # ------------------------------------------------------------------
    def _check_stage_gates(self, stage):
        result = super()._check_stage_gates(stage)
        if not self._is_replay():
            for ticket in self:
                ticket._gate_round(stage.role)
        return result

    def _gate_round(self, role):
        past_plan = (*TOLD, "execution")
        if role in past_plan and self.is_complaint and not (self.plan or "").strip():
            self._refuse(self.env._("please write the plan first."))
        if role in TOLD and not (self.result or "").strip():
            self._refuse(self.env._("please write the result first."))
        if role in TOLD and not self.told_at:
            self._refuse(self.env._("please tell the customer the result first."))
        if role == "done" and self.is_complaint:
            self._gate_verdict()
        if role in WORKING and self.told_at and self.stage_id.role in TOLD:
            self._refuse(
                self.env._(
                    "the customer knows the result; if he is not satisfied, "
                    "start a new round."
                )
            )
        if role == "cancelled" and self.is_complaint and not self.duplicate_id:
            if not (self.env.su or self._is_supervisor()):
                self._refuse(self.env._("only a supervisor cancels a complaint."))

    def _gate_verdict(self):
        """000-49: a complaint ends with a satisfied customer (001-69: called back)."""
        if self.verdict == "unreachable":
            if not self._is_supervisor():
                self._refuse(
                    self.env._(
                        "only a supervisor closes a complaint whose customer was "
                        "not reached."
                    )
                )
        elif self.verdict != "satisfied":
            self._refuse(self.env._("please call the customer back first."))

    def _refuse(self, what):
        raise ValidationError(
            self.env._("Ticket %(number)s: %(what)s", number=self.number, what=what)
        )

    # ------------------------------------------------------------------
    # Telling the customer
    # ------------------------------------------------------------------
    def _tell_customer(self, way, result, channel=None, note=False, at=None):
        """Tell the result, or note that it was told; the ticket goes to 反馈.

        :param way: ``message`` sends it to the customer now, ``contact`` notes a call,
            a visit or a message on another channel
        :param result: what was done, in words for the customer
        :param channel: ``helpdesk.ticket.channel`` of a contact
        :param note: what was said, mandatory for a contact
        :param at: naive UTC datetime of a contact; now if not given
        :raise UserError: no result, no address, a contact without time, way or note
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        if self.told_at:
            return
        if self.closed:
            raise UserError(self.env._("This ticket is closed already."))
        if not (result or "").strip():
            raise ValidationError(
                self.env._("Please write the result in words for the customer.")
            )
        now = self._event_time()
        if way == "contact":
            self._check_contact(channel, note, at, now)
        at = at or now
        self.result = result
        # sudo: rounds and the time told are written by this method alone
        ticket = self.sudo()
        ticket._current_round().write(
            {
                "plan": self.plan,
                "result": result,
                "told_at": at,
                "told_by_id": self.env.uid,
                "told_way": way,
                "told_channel_id": channel.id if channel else False,
                "told_note": note,
                "told_message_id": self._send_result(result).id
                if way == "message"
                else False,
            }
        )
        ticket.told_at = at
        ticket._mark_answered(at)
        if self.stage_id.role in WORKING:
            self._enter_stage("feedback")
        self._tell_supervising(result)

    def _check_contact(self, channel, note, at, now):
        if not channel or not (note or "").strip():
            raise ValidationError(
                self.env._("Please note the channel and what was said.")
            )
        if at and not self.received_date <= at <= now:
            raise ValidationError(
                self.env._("A contact lies between the ticket's arrival and now.")
            )

    def _send_result(self, result):
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "The customer has no e-mail address: "
                    "please call and note the contact."
                )
            )
        return self.message_post(
            body=result,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
        )

    def _enter_stage(self, role):
        stage = self.allowed_stage_ids.filtered(lambda s: s.role == role)[:1]
        if stage:
            self.write({"stage_id": stage.id})

    def _current_round(self):
        """The row of this round, in sudo; the first one is made when it is needed."""
        self.ensure_one()
        rounds = self.env["cs.ticket.round"].sudo()
        row = rounds.search(
            [("ticket_id", "=", self.id), ("number", "=", self.round_number)]
        )
        return row or rounds.create(
            {
                "ticket_id": self.id,
                "number": self.round_number,
                "started_at": self.received_date,
            }
        )

    # ------------------------------------------------------------------
    # The customer's verdict
    # ------------------------------------------------------------------
    def _record_verdict(self, verdict, words=False):
        """Note what the customer said when called back (001-69), or by himself.

        Satisfied closes the ticket, not satisfied starts a new round (003-34).

        :param verdict: ``satisfied``, ``dissatisfied`` or ``unreachable``
        :param words: reason, mandatory unless satisfied
        :raise UserError: the customer was not told yet, or the reason is missing
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        if not self.told_at:
            raise UserError(self.env._("The customer has not been told a result yet."))
        if verdict == self.verdict == "satisfied":
            return
        if verdict != "satisfied" and not (words or "").strip():
            raise ValidationError(self.env._("Please note what the customer said."))
        # sudo: rounds and the verdict are written by this method alone
        ticket = self.sudo()
        ticket._current_round().write(
            {
                "verdict": verdict,
                "verdict_at": self._event_time(),
                "verdict_by_id": self.env.uid,
                "verdict_reason": words,
            }
        )
        ticket.verdict = verdict
        if verdict == "satisfied" and not self.closed:
            self._enter_stage("done")
        elif verdict == "dissatisfied":
            self._new_round(words)

    def _new_round(self, words):
        """Handle the matter again: another plan, result and solution time (003-34)."""
        failed = self.round_number
        self._begin_round()
        self._enter_stage("plan" if self.is_complaint else "execution")
        ticket = self.sudo()
        ticket.message_post(
            body=self.env._(
                "Not satisfied, round %(number)s begins: %(words)s",
                number=self.round_number,
                words=words,
            ),
            subtype_xmlid="mail.mt_note",
        )
        ticket._raise_round(failed, words)

    def _begin_round(self):
        number = self.round_number
        # sudo: a round is counted here alone
        self.sudo().write(
            {
                "round_number": number + 1,
                "told_at": False,
                "verdict": False,
                "plan": False,
                "result": False,
            }
        )
        self.env["cs.ticket.round"].sudo().create(
            {
                "ticket_id": self.id,
                "number": number + 1,
                "started_at": self._event_time(),
            }
        )

    def _raise_round(self, failed, words):
        """G04: the supervisor joins after the second failed round, then the manager."""
        if failed >= self._get_parameter("round_manager", 3):
            role = "manager"
        elif failed >= self._get_parameter("round_supervisor", 2):
            role = "supervisor"
        else:
            return
        lead = self._add_lead(role)
        if lead:
            self._tell_users(
                lead,
                self.env._("Not satisfied after %(count)s rounds", count=failed),
                words,
            )

    # ------------------------------------------------------------------
    # History
    # ------------------------------------------------------------------
    @api.model
    def _is_replay(self):
        """An import knows when things happened, seldom what was planned or said."""
        from .helpdesk_ticket import EventTime  # itself built on this model

        return isinstance(self.env.context.get("cs_event_at"), EventTime)

    def _play_stage(self, role):
        """Rounds are counted in an imported history as well (003-34)."""
        if role in TOLD and not self.told_at:
            at = self._event_time()
            # sudo: rounds and the time told are written here and by the button alone
            ticket = self.sudo()
            ticket._current_round().write({"result": self.result, "told_at": at})
            ticket.told_at = at
        elif role in WORKING and self.told_at:
            self._begin_round()
        return super()._play_stage(role)

    def _on_dissatisfied(self, note):
        """A bad rating is a verdict (003-34); called in sudo by the rating page."""
        result = super()._on_dissatisfied(note)
        if self.service_desk and self.told_at:
            self._record_verdict("dissatisfied", note)
        return result
