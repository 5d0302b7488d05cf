from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .clock_common import ClockCase


@tagged("post_install", "-at_install")
class TestClockSweep(ClockCase):
    """Warnings, lateness, escalation (003-33): once each, to somebody who is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # clocks of other tickets would be swept along
        cls.env["cs.clock"].search([("state", "=", "running")]).next_event_at = False

    def sweep(self, when):
        with (
            freeze_time(self.shanghai(when)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("cs_helpdesk.cron_clock_sweep").method_direct_trigger()
        self.env.invalidate_all()

    def messages(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("subject", "ilike", "time limit"),
                ("partner_ids", "in", user.partner_id.ids),
            ]
        )

    def test_three_thresholds(self):
        """003-33: 80 % to the owner, 100 % to the supervisor, 150 % to the manager."""
        ticket = self.ticket("query", "2026-03-09 10:00")
        ticket._clock_cancel(["accept", "first_response"])
        self.sweep("2026-03-09 13:00")
        self.assertFalse(self.messages(self.agent))
        self.sweep("2026-03-09 14:12")
        self.assertEqual(len(self.messages(self.agent)), 1)
        self.assertEqual(ticket.clock_state, "running")
        self.sweep("2026-03-09 15:00")
        self.assertEqual(len(self.messages(self.supervisor)), 1)
        self.assertEqual(ticket.clock_state, "late")
        self.sweep("2026-03-09 17:00")
        self.assertEqual(len(self.messages(self.manager)), 1)
        self.sweep("2026-03-09 17:30")
        self.assertEqual(len(self.messages(self.agent)), 1, "each threshold once")
        self.assertFalse(self.clock(ticket, "solution").next_event_at)

    def test_digest_after_an_outage(self):
        """Three days without a sweep: one message a person, not one a clock."""
        for _i in range(4):
            self.ticket("query", "2026-03-09 10:00")
        before = self.messages(self.manager)
        self.sweep("2026-03-12 10:00")
        fresh = self.messages(self.manager) - before
        self.assertEqual(len(fresh), 1)
        self.assertEqual(fresh.body.count("<li>"), 12)

    def test_once_in_the_database(self):
        clock = self.clock(self.ticket("query", "2026-03-09 10:00"), "solution")
        Notice = self.env["cs.clock.notice"]
        row = (clock.id, 80, "owner", clock.started_at)
        Notice._announce([row])
        Notice._announce([row])
        notice = Notice.search([("clock_id", "=", clock.id)])
        self.assertEqual(len(notice), 1)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            notice.copy()
            self.env.flush_all()

    def test_absent_owner(self):
        """P6: the deputy hears of it; with no deputy the supervisor."""
        deputy = self.supervisor.copy({"login": "clock_deputy", "name": "Deputy"})
        clock = self.clock(self.ticket("query", "2026-03-09 10:00"), "solution")
        today = self.env.cr.now().date()
        self.agent.write(
            {"absent_from": today, "absent_until": today, "deputy_id": deputy.id}
        )
        self.assertEqual(clock._get_recipients("owner"), deputy)
        deputy.active = False
        self.assertEqual(clock._get_recipients("owner"), self.supervisor)
        self.agent.absent_until = today - timedelta(days=2)
        self.agent.absent_from = False
        self.assertEqual(clock._get_recipients("owner"), self.agent)
        self.agent.active = False
        self.assertEqual(clock._get_recipients("owner"), self.supervisor)
        self.assertIn(self.manager, clock._get_recipients("manager"))

    def test_advisory_is_never_late(self):
        self.env.ref("cs_helpdesk.limit_solution_query").advisory = True
        ticket = self.ticket("query", "2026-03-09 10:00")
        ticket._clock_cancel(["accept", "first_response"])
        self.sweep("2026-03-10 15:30")
        self.assertEqual(ticket.clock_state, "running")
        self.tell(ticket, "2026-03-10 16:00")
        self.assertEqual(self.clock(ticket, "solution").state, "met")

    def test_paused_is_left_alone(self):
        ticket = self.ticket("query", "2026-03-09 10:00")
        self.at(ticket, "2026-03-09 10:05")._clock_pause(self.wait)
        self.sweep("2026-03-12 10:00")
        self.assertEqual(ticket.clock_state, "paused")
        self.assertFalse(self.messages(self.agent))
