"""Two events of one call at the same moment, in two real connections."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

DAY = "2026-03-07"


@tagged("post_install", "-at_install")
class TestTwoEvents(BaseCase):
    """Commits for real, in a database that is a copy; removes what it made."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.environment() as env:
            group = env.ref("cs_helpdesk.group_cti")
            user = env["res.users"].create(
                {
                    "name": "Two Events",
                    "login": "cti.two.events",
                    "group_ids": [Command.set(group.ids)],
                }
            )
            self.user_id = user.id
        self.addCleanup(self.clean_up)

    @contextmanager
    def environment(self, uid=SUPERUSER_ID):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, uid, {})

    def clean_up(self):
        with self.environment() as env:
            calls = env["cs.call"].search([("cti_call_id", "=like", "two-%")])
            calls.callback_ids.unlink()
            calls.unlink()
            env["res.users"].browse(self.user_id).unlink()

    def at_once(self, events):
        """Send events of one call in as many connections, released together."""
        barrier = threading.Barrier(len(events))
        outcomes = []

        def work(call_id, event, at):
            with self.environment(self.user_id) as env:
                barrier.wait(timeout=20)

                def send():
                    return env["cs.call"].cti_event(
                        call_id, event, at, number="13800000000"
                    )

                # a conflict is tried again, as the server does with a request
                outcomes.append(retrying(send, env))

        threads = [threading.Thread(target=work, args=event) for event in events]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        self.assertEqual(len(outcomes), len(events), "an event was lost")
        return outcomes

    def the_call(self, env, call_id):
        return env["cs.call"].search([("cti_call_id", "=", call_id)])

    def test_new_call_twice_at_once(self):
        """000-84, 004-84: the first two events of a call at once are one call."""
        self.at_once(
            [
                ("two-a", "ringing", f"{DAY} 06:30:00"),
                ("two-a", "answered", f"{DAY} 06:30:09"),
            ]
        )
        with self.environment() as env:
            call = self.the_call(env, "two-a")
            self.assertEqual(len(call), 1)
            self.assertEqual(call.state, "answered")
            self.assertEqual(call.ring_seconds, 9)

    def test_two_events_of_a_known_call(self):
        """000-84: neither of two events at once is lost, nor the same one doubled."""
        self.at_once([("two-b", "ringing", f"{DAY} 06:30:00")])
        self.at_once(
            [
                ("two-b", "answered", f"{DAY} 06:30:09"),
                ("two-b", "ended", f"{DAY} 06:31:09"),
                ("two-b", "ended", f"{DAY} 06:31:09"),
            ]
        )
        with self.environment() as env:
            call = self.the_call(env, "two-b")
            self.assertEqual(call.state, "ended")
            self.assertEqual(call.talk_seconds, 60)
            self.assertEqual(len(call.event_ids), 3)
