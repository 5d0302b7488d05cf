from odoo import api, fields, models
from odoo.exceptions import UserError

OWN_REASONS = ("missed", "voicemail")


class CsCallCallback(models.AbstractModel):
    """Call-backs a call makes or settles, and calls that are made from a record."""

    _name = "cs.call.callback"
    _description = "Call: Return Calls"

    # ------------------------------------------------------------------
    # Waiting for our call
    # ------------------------------------------------------------------
    def _ensure_callback(self):
        """Whoever was not answered is called back; several calls are one return call.

        Runs in sudo, from the events of the line.
        """
        self.ensure_one()
        if not self.number_digits or self.banned or self.attempt_of_id:
            return
        reason = "voicemail" if self.state == "voicemail" else "missed"
        Callback = self.env["cs.callback"]
        waiting = Callback.search(
            [
                ("number_digits", "=", self.number_digits),
                ("state", "=", "waiting"),
                ("company_id", "=", self.company_id.id),
                ("reason", "in", OWN_REASONS),
            ],
            limit=1,
        )
        if waiting:
            if reason == "voicemail" and waiting.reason == "missed":
                waiting.reason = reason
            self.attempt_of_id = waiting
            return
        at = self.ended_at or self.started_at
        deadline = Callback._get_deadline(reason, at, self.company_id)
        self._make_callback(reason, deadline)

    def _make_callback(self, reason, deadline, user=None, **vals):
        """:return: the ``cs.callback`` of this call and reason; one, however often"""
        self.ensure_one()
        existing = self.callback_ids.filtered(lambda c: c.reason == reason)[:1]
        if existing:
            return existing
        return self.env["cs.callback"].create(
            {
                "call_id": self.id,
                "reason": reason,
                "deadline": deadline,
                "company_id": self.company_id.id,
                "number": self.number,
                "partner_id": self.partner_id.id,
                "caller_name": self.caller_name,
                "ticket_id": self.ticket_id.id,
                "team_id": self.team_id.id,
                "user_id": user.id if user else False,
                "note": self.request,
                **vals,
            }
        )

    def _settle_callbacks(self):
        """The caller got through after all: what waited for his sake is done."""
        self.ensure_one()
        own = self.callback_ids.filtered(lambda c: c.attempt_count == 0)
        own = own.filtered(lambda c: c.reason in OWN_REASONS and c.state == "waiting")
        own._settle("cancelled", self, at=self.answered_at)
        if not self.number_digits:
            return
        waiting = self.env["cs.callback"].search(
            [
                ("number_digits", "=", self.number_digits),
                ("state", "=", "waiting"),
                ("company_id", "=", self.company_id.id),
                ("reason", "in", OWN_REASONS),
            ]
        )
        waiting._settle("done", self, at=self.answered_at)

    # ------------------------------------------------------------------
    # Dialling
    # ------------------------------------------------------------------
    @api.model
    def _dial(self, number, **vals):
        """An outgoing call of the user, which shows him the number while it is open.

        Called in sudo by records that have checked the user's right to call.

        :return: ``cs.call``, ringing
        :raise UserError: there is no number
        """
        if not (number or "").strip():
            raise UserError(
                self.env._("There is no number to call: ask for it and enter it first.")
            )
        return self.create(
            {
                "direction": "out",
                "number": number,
                "user_id": self.env.uid,
                "started_at": fields.Datetime.now(),
                **vals,
            }
        )

    def action_dial(self):
        """Call the other party of one's own call again."""
        self.ensure_one()
        self.check_access("write")
        if self.user_id != self.env.user:
            raise UserError(
                self.env._("Only the agent of a call dials its number again.")
            )
        call = self.sudo()  # the number goes from the user's call into his next one
        again = call._dial(
            call.number,
            partner_id=call.partner_id.id,
            caller_name=call.caller_name,
            ticket_id=call.ticket_id.id,
            request=call.request,
            company_id=call.company_id.id,
        )
        return again.sudo(False)._get_records_action(view_mode="form")
