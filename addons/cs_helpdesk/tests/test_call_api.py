"""What a telephone system may say, and what it may not (docs/cti.md)."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.cs_helpdesk.models.cs_call_cti import TooManyEvents

from .call_common import CallCase


@tagged("post_install", "-at_install")
class TestCallEvents(CallCase):
    """Events in any order are one call, and it never goes back."""

    def test_a_call_with_its_times(self):
        """000-84, 001-02, 004-84: waiting, rings, talk and holds of a call."""
        self.event("c1", "queued", 0, number="13812345678")
        self.event("c1", "ringing", 20, agent="8001")
        self.event("c1", "answered", 32, agent="8001")
        self.event("c1", "hold", 60)
        self.event("c1", "resume", 90)
        self.event("c1", "ended", 152)
        call = self.find("c1")
        self.assertEqual((call.wait_seconds, call.ring_seconds), (32, 12))
        self.assertEqual((call.talk_seconds, call.hold_seconds), (90, 30))
        self.assertRecordValues(
            call,
            [
                {
                    "state": "ended",
                    "direction": "in",
                    "user_id": self.agent.id,
                    "team_id": self.team.id,
                    "partner_id": self.customer.id,
                    "hold_count": 1,
                }
            ],
        )

    def test_out_of_order(self):
        """004-84: the end before the beginning, each of them twice: one ended call."""
        for event, second in [("ended", 90), ("answered", 6), ("ringing", 0)] * 2:
            answer = self.event("c2", event, second, number="13812345678", agent="8001")
        call = self.find("c2")
        self.assertEqual(len(call), 1)
        self.assertEqual(answer["state"], "ended")
        self.assertEqual(len(call.event_ids), 3)
        self.assertEqual(call.talk_seconds, 84)
        waiting = call.callback_ids.filtered(lambda c: c.state == "waiting")
        self.assertFalse(waiting, "who was spoken to is not called back")

    def test_never_back(self):
        """004-84: what arrives late takes an ended call nowhere."""
        self.talk("c3")
        self.event("c3", "ended", 60)
        self.event("c3", "ringing", 1, agent="8002")
        self.event("c3", "missed", 3)
        self.assertEqual(self.find("c3").state, "ended")
        self.assertEqual(self.find("c3").user_id, self.agent)

    def test_ends_before_it_began(self):
        """One clear sentence, and nothing of it is kept."""
        self.event("c4", "ringing", 30)
        with self.assertRaisesRegex(ValidationError, "c4 cannot end at"):
            with self.env.cr.savepoint():
                self.event("c4", "ended", 10)
        call = self.find("c4")
        self.assertEqual(call.state, "ringing")
        self.assertEqual(call.event_ids.mapped("event"), ["ringing"])

    def test_bad_input(self):
        """Each gets a sentence that says what to send instead."""
        later = fields.Datetime.now() + timedelta(hours=1)
        Call = self.Call.with_user(self.cti)
        now = fields.Datetime.to_string(self.begin)
        for args, words in [
            (("", "ringing", now), "call_id"),
            (("x" * 101, "ringing", now), "call_id"),
            (("x", "exploded", now), "exploded"),
            (("x", "ringing", "yesterday"), "2026-03-07T14:30:00"),
            (("x", "ringing", str(later)), "clock"),
            (("x", "ringing", now, "138", "sideways"), "direction"),
        ]:
            with (
                self.subTest(args=args),
                self.assertRaisesRegex(ValidationError, words),
            ):
                Call.cti_event(*args)
        self.assertFalse(self.find("x"))

    def test_times_with_a_zone(self):
        """14:30 in Shanghai is 6:30 in the database."""
        self.Call.with_user(self.cti).cti_event(
            "c5", "ringing", "2026-03-07T14:30:00.250+08:00"
        )
        self.assertEqual(str(self.find("c5").started_at), "2026-03-07 06:30:00")

    def test_unknown_and_blank_numbers(self):
        """000-84, 004-84: kept as well, and called back only if there is a number."""
        self.event("c6", "ringing", 0, number="", agent="8001")
        self.event("c6", "missed", 20)
        self.event("c7", "missed", 20, number="anonymous")
        self.event("c8", "missed", 20, number="02088886666", agent="nobody")
        blank, withheld, unknown = map(self.find, ("c6", "c7", "c8"))
        self.assertEqual(blank.state, "missed")
        self.assertFalse(blank.partner_id or blank.callback_ids)
        self.assertFalse(withheld.callback_ids)
        self.assertEqual(unknown.callback_ids.reason, "missed")
        self.assertEqual(unknown.agent_ref, "nobody")

    def test_same_number_in_any_writing(self):
        """000-84: +86, 0086 and a leading zero are the same customer, with his open
        tickets; a number of two customers is nobody's."""
        ticket = self._ticket(customer_phone="138 1234 5678")
        for index, number in enumerate(
            ("+8613812345678", "008613812345678", "013812345678")
        ):
            call = self.ring(f"n{index}", number)
            self.assertEqual(call.partner_id, self.customer)
            self.assertIn(ticket, call.with_user(self.agent).open_ticket_ids)
        self.env["res.partner"].create({"name": "Twin", "phone": "+86 138-1234-5678"})
        self.assertFalse(self.ring("n9").partner_id)

    def test_recordings(self):
        """003-23: from allowed hosts only, locked at rest, never shown to agents."""
        self.env["ir.config_parameter"].set_param(
            "cs_helpdesk.recording_hosts", "rec.example.com"
        )
        good = "https://rec.example.com/a/1.wav"
        self.event("r1", "ringing", 0, agent="8001", recording_url=good)
        self.assertEqual(self.find("r1").recording_url, good)
        call = self.find("r1")
        self.env.flush_all()
        self.env.cr.execute("SELECT c::text FROM cs_call c WHERE id = %s", [call.id])
        self.assertNotIn("rec.example.com", self.env.cr.fetchone()[0])
        call.invalidate_recordset()
        self.assertEqual(call.with_user(self.supervisor).recording_url, good)
        for bad in (
            "http://rec.example.com/1.wav",
            "https://rec.example.com.evil.org/1.wav",
            "https://rec.example.com@evil.org/1.wav",
            "javascript:alert(1)",
            "https://[::1/1.wav",
        ):
            with (
                self.subTest(bad),
                self.assertRaisesRegex(ValidationError, "rec.example"),
            ):
                self.event("r2", "ringing", 0, recording_url=bad)
        with self.assertRaises(AccessError):
            self.find("r1").with_user(self.agent).read(["recording_url"])

    def test_a_key_for_calls_only(self):
        """003-61: the telephone system reports calls and reads nothing at all."""
        self.talk("k1")
        for model in ("cs.call", "helpdesk.ticket", "res.partner", "cs.callback"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.cti).search_read([], ["display_name"])
        with self.assertRaises(AccessError):
            self.find("k1").with_user(self.cti).action_take()
        for user in (self.agent, self.manager, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.Call.with_user(user).cti_event(
                    "k2", "ringing", "2026-03-07 01:00:00"
                )

    def test_rate(self):
        """More than so many a minute are refused with one sentence, by user."""
        self.env["ir.config_parameter"].set_param(
            "cs_helpdesk.cti_events_per_minute", "3"
        )
        for number in range(3):
            self.event(f"f{number}", "ringing")
        with self.assertRaisesRegex(TooManyEvents, "More than 3 events"):
            self.event("f4", "ringing")
        self.assertEqual(TooManyEvents.http_status, 429)

    def test_queries(self):
        """The number of queries of an event does not grow with what is there."""
        self._ticket()
        for number in range(30):
            self.event(f"q{number}", "missed", number, number="13812345678")
        self.ring("warm")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(45):
            self.event("q99", "ringing", 0, number="13812345678", agent="8001")
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestCallHttp(HttpCase):
    """The same over HTTP, with a real key."""

    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")
        self.admin.group_ids += self.env.ref("cs_helpdesk.group_system_admin")
        wizard = self.env["cs.cti.key"].with_user(self.admin).create({"name": "400"})
        wizard.action_make()
        self.key = wizard.key

    def post(self, method="cti_event", model="cs.call", key=None, **body):
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(body),
            headers={
                "Authorization": f"bearer {key or self.key}",
                "Content-Type": "application/json",
            },
            method="POST",
        )

    def test_curl_of_the_handbook(self):
        """000-84, 004-84: ringing, answered, ended over HTTP."""
        events = [
            ("ringing", "2026-03-07T14:30:00+08:00", "ringing"),
            ("answered", "2026-03-07T14:30:09+08:00", "answered"),
            ("ended", "2026-03-07T14:33:00+08:00", "ended"),
        ]
        for event, at, state in events:
            answer = self.post(
                call_id="20260307-1", event=event, at=at, number="13812345678"
            )
            self.assertEqual(answer.status_code, 200, answer.text)
            self.assertEqual(answer.json()["state"], state)
            self.assertEqual(set(answer.json()), {"id", "state", "action"})
        call = self.env["cs.call"].search([("cti_call_id", "=", "20260307-1")])
        self.assertEqual(call.talk_seconds, 171)

    @mute_logger("odoo.http")
    def test_refusals(self):
        """003-61: one sentence as JSON; a wrong key, another model, another method."""
        begin = "2026-03-07T14:30:00+08:00"
        self.post(call_id="h1", event="ringing", at=begin)
        early = self.post(call_id="h1", event="ended", at="2026-03-07T14:29:00+08:00")
        self.assertEqual(early.status_code, 422)
        self.assertIn("h1", early.json()["message"])
        self.assertEqual(self.post(key="f" * 40, call_id="h1").status_code, 401)
        for model, method in (
            ("cs.call", "search_read"),
            ("helpdesk.ticket", "search_read"),
            ("res.partner", "search_read"),
        ):
            answer = self.post(method, model, domain=[], fields=["id"])
            self.assertEqual(answer.status_code, 403, (model, method))
        self.assertEqual(
            self.post("_add_event", event="ended", at=begin).status_code, 403
        )
        self.env["ir.config_parameter"].set_param(
            "cs_helpdesk.cti_events_per_minute", "1"
        )
        many = self.post(call_id="h2", event="ringing", at=begin)
        self.assertEqual(many.status_code, 429)


@tagged("post_install", "-at_install")
class TestCtiKey(TransactionCase):
    def test_only_the_administrator(self):
        """003-61: others make no key."""
        supervisor = new_test_user(self.env, "key_s", "cs_helpdesk.group_supervisor")
        with self.assertRaises(AccessError):
            self.env["cs.cti.key"].with_user(supervisor).create({"name": "x"})
