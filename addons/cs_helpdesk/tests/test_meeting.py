"""Meetings: kinds, minutes within 24 hours, actions, who has read them."""

from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestMeeting(DeskCase):
    def meeting(self, **vals):
        return self.env["calendar.event"].create(
            {
                "name": "Morning",
                "meeting_kind": "morning",
                "start": "2026-03-06 01:00:00",
                "stop": "2026-03-06 01:30:00",
                "user_id": self.supervisor.id,
                "partner_ids": [(6, 0, (self.supervisor + self.agent).partner_id.ids)],
                **vals,
            }
        )

    def minutes_job(self):
        self.env["calendar.event"]._cron_minutes()

    def test_minutes_in_a_day(self):
        """G20, 000-92: minutes are due 24 hours after the meeting, once."""
        meeting = self.meeting()
        coming = self.meeting(start="2026-03-06 03:00:00", stop="2026-03-06 04:00:00")
        with freeze_time("2026-03-06 02:00:00"):
            self.minutes_job()
            self.minutes_job()
        clock = meeting._clocks("minutes")
        self.assertEqual(len(clock), 1)
        self.assertEqual(clock.deadline, datetime(2026, 3, 7, 1, 30))
        self.assertEqual(clock.user_id, self.supervisor)
        self.assertFalse(coming._clocks())

    def test_issue_and_read(self):
        """G20, 000-62: issued by the chair, read by those invited within 2 days."""
        meeting = self.meeting().with_user(self.supervisor)
        with freeze_time("2026-03-06 02:00:00"):
            self.minutes_job()
            with self.assertRaisesRegex(UserError, "write its minutes"):
                meeting.action_issue_minutes()
            meeting.minutes = "<p>Yesterday 40 calls; today: stock list</p>"
            with self.assertRaisesRegex(AccessError, "chair or a supervisor"):
                meeting.with_user(self.agent).action_issue_minutes()
            meeting.action_issue_minutes()
            meeting.action_issue_minutes()
        self.assertEqual(meeting.sudo().receipt_ids.user_id, self.agent)
        self.assertFalse(meeting._clocks("minutes"))
        with self.assertRaisesRegex(UserError, "issued and not edited"):
            meeting.minutes = "<p>Other</p>"
        with self.assertRaises(AccessError):
            meeting.minutes_issued_at = False
        mine = meeting.with_user(self.agent)
        self.assertTrue(mine.i_must_read)
        mine.action_confirm_read()
        self.assertEqual(meeting.read_progress, "1 / 1")

    def test_actions(self):
        """000-92, G20: a decision is a task with owner and date, given by the chair."""
        meeting = self.meeting(user_id=self.agent.id)
        task = (
            self.env["cs.task"]
            .with_user(self.agent)
            .create(
                {
                    "name": "Print the stock list",
                    "user_id": self.agent2.id,
                    "date_deadline": "2026-03-09",
                    "meeting_id": meeting.id,
                }
            )
        )
        self.assertEqual(meeting.task_ids, task)
        self.assertEqual(task.sudo().activity_ids.user_id, self.agent2)

    def test_who_reads(self):
        """000-34, 003-11: those invited and the centre's leaders, nobody else."""
        meeting = self.meeting()
        for user, sees in (
            (self.agent, True),
            (self.manager, True),
            (self.agent2, False),
            (self.stranger, False),
        ):
            with self.subTest(user=user.login):
                found = (
                    self.env["calendar.event"]
                    .with_user(user)
                    .search([("id", "=", meeting.id)])
                )
                self.assertEqual(bool(found), sees)
        plain = self.meeting(meeting_kind=False)
        self.assertTrue(plain.with_user(self.stranger).has_access("read"))

    @freeze_time("2026-03-02 00:00:00")  # Monday 8:00
    def test_series(self):
        """000-34, 000-62, 000-92: morning daily, Friday 16:00, quality by the 5th."""
        names = ("morning", "weekly", "quality", "case")
        series = [self.env.ref(f"cs_helpdesk.series_{name}") for name in names]
        found = {one.kind: one._plan().mapped("start") for one in series}
        self.assertEqual(found["morning"][0], datetime(2026, 3, 2, 1))
        self.assertEqual(len(found["morning"]), 11, "working days of two weeks")
        self.assertEqual(
            found["weekly"], [datetime(2026, 3, 6, 8), datetime(2026, 3, 13, 8)]
        )
        self.assertEqual(found["quality"], [datetime(2026, 3, 5, 6)])
        self.assertEqual(len(found["case"]), 1)
        self.assertFalse(series[0]._plan(), "planned once")

    def test_series_once(self):
        """000-62: one meeting of a series a day, by the database."""
        series = self.env.ref("cs_helpdesk.series_morning")
        vals = series._prepare_meeting(date(2031, 3, 3))
        self.env["calendar.event"].create(dict(vals))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["calendar.event"].create(dict(vals))
