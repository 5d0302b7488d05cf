"""待回电: who waits for our call, until when, and what came of it."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .call_common import CallCase


def shanghai(text):
    """Naive UTC of a wall time in Shanghai."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M") - timedelta(hours=8)


@tagged("post_install", "-at_install")
class TestCallback(CallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Callback = cls.env["cs.callback"]

    def missed(self, call_id="m1", number="13700001111"):
        self.event(call_id, "ringing", 0, number=number, agent="8001")
        self.event(call_id, "missed", 25)
        return self.find(call_id)

    def clocks(self, callback):
        return self.env["cs.clock"].search(
            [("res_model", "=", "cs.callback"), ("res_id", "in", callback.ids)]
        )

    def test_missed_call(self):
        """001-59, 001-60: a missed call waits with a clock; five of them are one."""
        callback = self.missed().callback_ids
        self.assertEqual((callback.state, callback.reason), ("waiting", "missed"))
        clock = self.clocks(callback)
        self.assertEqual((clock.kind, clock.state), ("call_back", "running"))
        self.assertEqual(clock.deadline, callback.deadline)
        self.assertEqual(callback.next_deadline, callback.deadline)
        for number in range(4):
            self.missed(f"again{number}")
        waiting = self.Callback.search([("number_digits", "=", "13700001111")])
        self.assertEqual(waiting, callback)

    def test_when(self):
        """G09: half a working hour; at night and on days off the next morning."""
        company = self.env.company
        for reason, came, due in [
            ("missed", "2026-03-09 10:00", "2026-03-09 10:30"),  # Monday
            ("missed", "2026-03-09 17:45", "2026-03-10 09:15"),
            ("voicemail", "2026-03-09 20:00", "2026-03-10 09:30"),
            ("missed", "2026-03-09 20:00", "2026-03-10 09:30"),
            ("voicemail", "2026-03-10 03:00", "2026-03-10 09:30"),
            ("voicemail", "2026-03-06 19:00", "2026-03-09 09:30"),  # Friday
            ("voicemail", "2026-03-07 12:00", "2026-03-09 09:30"),  # Saturday
            ("cannot_answer", "2026-03-09 17:00", "2026-03-09 19:00"),
        ]:
            with self.subTest(f"{reason} {came}"):
                found = self.Callback._get_deadline(reason, shanghai(came), company)
                self.assertEqual(found, shanghai(due))
        noon = self.Callback._get_deadline(
            "missed", shanghai("2026-03-09 12:10"), company
        )
        self.assertEqual(noon.date(), shanghai("2026-03-09 12:10").date())

    def test_done_by_calling(self):
        """001-59, 001-60, 001-66: an answered call settles it, an unanswered counts."""
        callback = self.missed().callback_ids.with_user(self.agent)
        for attempt in (1, 2):
            callback.action_call()
            call = callback.attempt_ids.filtered(lambda c: c.state == "ringing")
            self.assertEqual(call.phone_masked, "13700001111")
            if attempt == 1:
                call.action_not_answered()
                call.write({"call_class": "inquiry"})
                call.action_finish()
                self.assertEqual(callback.state, "waiting")
        call.action_answered()
        self.assertEqual(callback.state, "done")
        self.assertEqual((callback.attempt_count, callback.done_call_id), (2, call))
        self.assertEqual(self.clocks(callback).state, "met")
        with self.assertRaisesRegex(UserError, "settled"):
            callback.action_call()

    def test_two_presses_one_call(self):
        """001-60: pressed twice it is one call."""
        callback = self.missed().callback_ids.with_user(self.agent)
        callback.action_call()
        callback.action_call()
        outgoing = callback.attempt_ids.filtered(lambda c: c.direction == "out")
        self.assertEqual(len(outgoing), 1)

    def test_not_ticked(self):
        """001-59, 001-60: nobody writes it done; nobody takes a colleague's."""
        callback = self.missed().callback_ids
        mine = callback.with_user(self.agent)
        for name, value in (("state", "done"), ("deadline", fields.Datetime.now())):
            with self.subTest(name), self.assertRaises(UserError):
                mine.write({name: value})
        with self.assertRaises(UserError):
            mine.action_cancel()
        mine.result = "Wrong number"
        mine.action_cancel()
        self.assertEqual(callback.state, "cancelled")
        self.assertEqual(self.clocks(callback).state, "cancelled")
        other = self.missed("m2", "13700002222").callback_ids
        other.user_id = self.agent2
        with self.assertRaisesRegex(UserError, "has this"):
            other.with_user(self.agent).action_call()
        with self.assertRaisesRegex(AccessError, "given to you"):
            other.with_user(self.agent).user_id = self.agent
        for user in (self.second, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                other.with_user(user).action_call()

    def test_got_through_after_all(self):
        """001-59: who calls again and is answered waits no longer."""
        callback = self.missed().callback_ids
        self.event("m9", "ringing", 100, number="13700001111", agent="8002")
        self.event("m9", "answered", 104, agent="8002")
        self.assertEqual(callback.state, "done")
        self.assertEqual(callback.done_call_id, self.find("m9"))

    def test_missed_then_answered(self):
        """One telephone rang in vain, the next one did not: nobody is called back."""
        callback = self.missed().callback_ids
        self.event("m1", "answered", 40, agent="8002")
        self.assertEqual(callback.state, "cancelled")

    def agree(self, call, **vals):
        wizard = self.env["cs.callback.wizard"].with_user(self.agent)
        wizard.create({"call_id": call.id, **vals}).action_agree()
        return call.callback_ids

    def test_cannot_answer(self):
        """001-60, 001-66, 000-111: two hours by itself, never more than a day."""
        call = self.talk()
        call.with_user(self.agent).request = "Which glue is it?"
        now = fields.Datetime.now()
        callback = self.agree(call)
        self.assertAlmostEqual(
            callback.deadline, now + timedelta(hours=2), delta=timedelta(minutes=1)
        )
        self.assertEqual(callback.user_id, self.agent)
        self.assertEqual(callback.note, "Which glue is it?")
        self.assertEqual(call.outcome, "call_back")
        gap = self.env["cs.knowledge.gap"].search(
            [("asked_by_id", "=", self.agent.id)], limit=1
        )
        self.assertEqual(gap.name, "Which glue is it?")
        late = now + timedelta(hours=25)
        with self.assertRaisesRegex(ValidationError, "within 24 hours"):
            self.agree(self.talk("c2"), deadline=late)

    def test_dialect(self):
        """001-59: who understands the dialect calls; the wish stands on the row."""
        call = self.talk("c3", "13700003333")
        callback = self.agree(call, reason="dialect", language="闽南话")
        self.assertEqual((callback.reason, callback.language), ("dialect", "闽南话"))
        self.assertFalse(callback.user_id)
        callback.with_user(self.agent2).action_call()
        self.assertEqual(callback.user_id, self.agent2)

    def test_late(self):
        """001-60: the clock of a return call gets late and stays so."""
        callback = self.missed().callback_ids
        callback.with_user(self.agent).action_take()
        clock = self.clocks(callback)
        self.assertEqual(clock.user_id, self.agent)
        with freeze_time(callback.deadline + timedelta(minutes=1)):
            clock._pass_thresholds(fields.Datetime.now())
            self.assertEqual(callback.clock_state, "late")

    def test_number_is_masked(self):
        """001-59: the list shows no number; the call that is made does."""
        callback = self.missed().callback_ids.with_user(self.agent)
        self.assertEqual(callback.phone_masked, "137****1111")
        with self.assertRaises(AccessError):
            callback.read(["number"])
        missed = callback.call_id
        self.assertEqual(missed.user_id, self.agent)
        self.assertEqual(missed.phone_masked, "137****1111")

    def test_dial_from_the_ticket(self):
        """001-56: the customer of one's ticket is called, with or without a CTI."""
        ticket = self._ticket(user_id=self.agent.id)
        ticket.with_user(self.agent).action_dial()
        call = ticket.call_ids
        self.assertRecordValues(
            call,
            [{"direction": "out", "state": "ringing", "user_id": self.agent.id}],
        )
        self.assertEqual(call.with_user(self.agent).phone_masked, "13812345678")
        self.assertEqual(call.with_user(self.agent2).phone_masked, "138****5678")
        with self.assertRaises(AccessError):
            ticket.with_user(self.stranger).action_dial()
        with self.assertRaisesRegex(UserError, "take the ticket first"):
            ticket.with_user(self.agent2).action_dial()
        with self.assertRaises(UserError):
            call.with_user(self.agent2).action_dial()
