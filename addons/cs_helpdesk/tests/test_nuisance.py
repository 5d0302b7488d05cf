"""Nuisance and media calls (G06, G08)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .call_common import CallCase


@tagged("post_install", "-at_install")
class TestNuisance(CallCase):
    def nuisance(self, number="13600000000", count=1, **vals):
        calls = self.Call
        for index in range(count):
            call = self.talk(f"n{number}-{index}", number)
            call.with_user(self.agent).write({"call_class": "nuisance", **vals})
            calls |= call
        return calls

    def ban(self, call, user=None, **vals):
        wizard = self.env["cs.phone.ban.wizard"].with_user(user or self.supervisor)
        wizard.create(
            {"call_id": call.id, "reason": "Insults", "evidence": "Recording", **vals}
        ).action_ban()
        return self.env["cs.phone.ban"].search([("call_id", "=", call.id)])

    def test_warned_twice(self):
        """000-112: a polite warning first; after two the agent may end the call."""
        call = self.by_hand()
        with self.assertRaises(UserError):
            call.action_end_nuisance()
        call.action_warn()
        with self.assertRaises(UserError):
            call.action_end_nuisance()
        call.action_warn()
        self.assertEqual(call.warning_count, 2)
        call.action_end_nuisance()
        self.assertEqual((call.state, call.outcome), ("ended", "nuisance"))

    def test_three_in_seven_days(self):
        """000-112: three calls in seven days, or one threat, before a ban."""
        calls = self.nuisance(count=2)
        with self.assertRaisesRegex(UserError, "this number has 2"):
            self.ban(calls[-1])
        old = self.nuisance("13600000001", 3)
        old[0].started_at = fields.Datetime.now() - timedelta(days=8)
        self.assertFalse(old[1].may_ban)
        threat = self.nuisance("13600000002", threat=True)
        self.assertTrue(self.ban(threat))
        third = self.nuisance(count=3)[-1]
        self.assertTrue(self.ban(third))

    def test_who_and_how_long(self):
        """000-112: a supervisor, with reason and evidence, thirty days, at most 180."""
        call = self.nuisance(count=3)[-1]
        with self.assertRaises(AccessError):
            self.ban(call, self.agent)
        with self.assertRaisesRegex(UserError, "1 to 180 days"):
            self.ban(call, days=181)
        ban = self.ban(call)
        today = fields.Date.context_today(ban)
        self.assertEqual(ban.date_to, today + timedelta(days=30))
        self.assertEqual(ban.user_id, self.supervisor)
        entry = self.env["phone.blacklist"].search([("number", "=", "+8613600000000")])
        self.assertEqual(entry, ban.blacklist_id)
        with self.assertRaises(AccessError):
            ban.with_user(self.agent).action_lift()
        ban.with_user(self.supervisor).action_renew(180)
        self.assertEqual((ban.renewals, ban.date_to), (1, today + timedelta(days=180)))
        with self.assertRaises(AccessError):
            ban.with_user(self.supervisor).write({"date_to": "2099-01-01"})

    def test_rejected_or_to_the_supervisor(self):
        """000-112: a banned number is refused, but with an open ticket the supervisor
        speaks; when it is over, it may call again."""
        ban = self.ban(self.nuisance(count=3)[-1])
        answer = self.event("b1", "ringing", 0, number="13600000000", agent="8001")
        self.assertEqual(answer["action"], "reject")
        self.assertTrue(self.find("b1").banned)
        self.event("b1", "missed", 2)
        self.assertFalse(self.find("b1").callback_ids)
        ticket = self._ticket(
            customer_phone="136 0000 0000",
            partner_id=self.env["res.partner"].create({"name": "Angry"}).id,
        )
        answer = self.event("b2", "ringing", 0, number="13600000000")
        self.assertEqual(answer["action"], "supervisor")
        ticket.sudo().active = False
        with freeze_time(fields.Datetime.now() + timedelta(days=32)):
            self.env["cs.phone.ban"]._cron_expire()
        self.assertFalse(ban.active or ban.blacklist_id.active)
        answer = self.event("b3", "ringing", 0, number="13600000000")
        self.assertEqual(answer["action"], "accept")

    def test_not_unlisted(self):
        """000-112: who was on Odoo's own blacklist before stays there afterwards."""
        self.env["phone.blacklist"].add("+8613600000000")
        ban = self.ban(self.nuisance(count=3)[-1])
        ban.with_user(self.supervisor).action_lift()
        self.assertTrue(ban.blacklist_id.active)


@tagged("post_install", "-at_install")
class TestMedia(CallCase):
    def media(self, **vals):
        call = self.talk("p1", "02088880000").with_user(self.agent)
        call.write(
            {
                "call_class": "media",
                "media_unit": "南方日报",
                "media_contact": "王记者",
                "media_purpose": "采访甲醛投诉",
                **vals,
            }
        )
        return call

    def test_reported_at_once(self):
        """000-110: the manager is told the moment it is a media call, once."""
        call = self.media()
        self.assertTrue(call.media_told_at)
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.manager.partner_id.ids)],
            order="id desc",
            limit=1,
        )
        self.assertIn("spokesman", message.body)
        told = call.media_told_at
        call.call_class = "media"
        self.assertEqual(call.media_told_at, told)

    def test_spokesman_calls_back(self):
        """000-110: within two hours, or earlier if the paper wants it; once a press."""
        call = self.media(media_deadline=fields.Datetime.now() + timedelta(hours=1))
        call.action_media()
        call.action_media()
        callback = call.sudo().callback_ids
        self.assertEqual(len(callback), 1)
        self.assertEqual(callback.reason, "media")
        self.assertTrue(callback.user_id.has_group("cs_helpdesk.group_manager"))
        self.assertEqual(callback.deadline, call.media_deadline)
        self.assertEqual(call.ticket_id.type_id.code, "media")
        later = self.talk("p2", "02088880001").with_user(self.agent)
        later.write(
            {
                "call_class": "media",
                "media_unit": "A",
                "media_contact": "B",
                "media_purpose": "C",
            }
        )
        later.action_media()
        limit = fields.Datetime.now() + timedelta(hours=2)
        self.assertLessEqual(later.sudo().callback_ids.deadline, limit)

    def test_complaint_inside(self):
        """000-110: a complaint in it is a crisis of grade 4."""
        call = self.media(media_complaint=True)
        call.action_media()
        self.assertTrue(call.ticket_id.is_complaint)
        self.assertEqual(call.ticket_id.sudo().grade_level, 4)

    def test_what_has_to_be_noted(self):
        """000-110: unit, reporter and purpose are noted, nothing is answered."""
        call = self.media(media_contact=False)
        with self.assertRaisesRegex(UserError, "Answer nothing yourself"):
            call.action_media()
