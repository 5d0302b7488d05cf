from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation
from pytz import timezone, utc

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .worktime_common import OFFICE, WorktimeCommon, local

HOUR = 3600


@tagged("post_install", "-at_install")
class TestWorktime(WorktimeCommon):
    def _assert_add(self, start, hours, stop):
        start, stop = local(start), local(stop)
        self.assertEqual(self.calendar._worktime_add(start, hours * HOUR), stop)
        self.assertEqual(self.calendar._worktime_between(start, stop), hours * HOUR)

    def test_service_calendar(self):
        """000-61, 000-70: 9:00-18:00 with lunch, 8 h a day, for every company."""
        calendar = self.env.ref("cs_helpdesk.calendar_service")
        self.assertEqual(calendar._worktime_hours_per_day(), 8)
        self.assertEqual(calendar.tz, "Asia/Shanghai")
        monday = local("2026-03-02 00:00")
        for seconds, clock in ((1, "09:00:01"), (8 * HOUR, "18:00"), (10800, "12:00")):
            self.assertEqual(
                calendar._worktime_add(monday, seconds), local(f"2026-03-02 {clock}")
            )
        company = self.env["res.company"].create({"name": "Branch"})
        self.assertEqual(company.service_calendar_id, calendar)
        company.service_calendar_id = False
        self.env["res.company"]._set_default_service_calendar()
        self.assertEqual(company.service_calendar_id, calendar)

    def test_friday_evening(self):
        """P2: Friday 17:59 leaves one minute for Friday, the rest for Monday."""
        self._assert_add("2026-03-06 17:59", 2, "2026-03-09 10:59")

    def test_across_lunch(self):
        """P2: lunch is not worked."""
        self._assert_add("2026-03-04 11:00", 2, "2026-03-04 14:00")
        self._assert_add("2026-03-04 12:30", 1, "2026-03-04 14:00")

    def test_one_working_day(self):
        """P2: one working day is 8 h on the axis, Monday 15:00 to Tuesday 15:00."""
        self._assert_add(
            "2026-03-02 15:00",
            self.calendar._worktime_hours_per_day(),
            "2026-03-03 15:00",
        )

    def test_make_up_saturday(self):
        """N27: Friday 17:00 + 2 h ends on a make-up Saturday."""
        self._make_up("2025-10-11")
        self._assert_add("2025-10-10 17:00", 2, "2025-10-11 10:00")

    def test_eve_of_national_day(self):
        """N27: the eve of 1 October leads past the shipped holiday of 2025."""
        self._import(year=2025).action_import()
        self._assert_add("2025-09-30 17:30", 1, "2025-10-09 09:30")
        self._assert_add("2025-09-27 12:00", 8, "2025-09-28 18:00")

    def test_spring_festival(self):
        """N27: spring festival 2025 with its two make-up days, as shipped."""
        self._import(year=2025).action_import()
        self._assert_add("2025-01-24 17:00", 2, "2025-01-26 10:00")
        self._assert_add("2025-01-27 17:00", 2, "2025-02-05 10:00")
        self._assert_add("2025-02-07 17:00", 9 + 1, "2025-02-10 10:00")

    def test_same_day(self):
        """P2: same day is the close of the day it began in, else of the next."""
        self._close("2026-03-05", "2026-03-05")
        self._close("2026-03-12", "2026-03-12", date_from=local("2026-03-12 12:00"))
        for start, close in (
            ("2026-03-04 15:00", "2026-03-04 18:00"),
            ("2026-03-04 07:00", "2026-03-04 18:00"),
            ("2026-03-04 18:00", "2026-03-06 18:00"),  # the 5th is closed
            ("2026-03-06 20:00", "2026-03-09 18:00"),
            ("2026-03-08 12:00", "2026-03-09 18:00"),
            ("2026-03-12 10:00", "2026-03-12 12:00"),  # afternoon closed
        ):
            self.assertEqual(
                self.calendar._worktime_end_of_day(local(start)), local(close), start
            )

    def test_years_are_chained(self):
        """P2: a limit over several years counts every year once."""
        start = local("2024-12-31 17:00")
        for days in (1, 40, 60, 300, 800):
            stop = self.calendar._worktime_add(start, days * 8 * HOUR)
            between = self.calendar._worktime_between(start, stop)
            self.assertEqual(between, days * 8 * HOUR)
            core = self.calendar.plan_hours(days * 8, start, compute_leaves=True)
            self.assertEqual(stop, core)
        self._close("2027-01-01", "2029-12-30")
        self._assert_add("2026-12-31 17:00", 2, "2029-12-31 10:00")
        self.assertEqual(
            self.calendar._worktime_end_of_day(local("2026-12-31 18:00")),
            local("2029-12-31 18:00"),
        )

    def test_refused(self):
        """P2: no limit on a schedule that cannot say when work is done."""
        start = datetime(2026, 3, 2)
        flexible = self._create_calendar([], schedule_type="flexible")
        lunch_only = self._create_calendar([("0", None, "lunch", 12, 13)])
        for calendar, sentence in (
            (flexible, "is flexible"),
            (lunch_only, "has no working hours"),
            (self.env["resource.calendar"], "No working schedule is set"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                calendar._check_worktime()
            for call in (
                lambda c: c._worktime_add(start, 1),
                lambda c: c._worktime_between(start, start),
                lambda c: c._worktime_end_of_day(start),
            ):
                with self.assertRaisesRegex(UserError, sentence):
                    call(calendar)
        self._close("2026-03-01", "2046-03-01")
        with self.assertRaisesRegex(UserError, "does not end within 10 years"):
            self.calendar._worktime_add(start, HOUR)
        with self.assertRaisesRegex(UserError, "does not end within 10 years"):
            self.calendar._worktime_end_of_day(start)

    # ------------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------------

    @contextmanager
    def _assert_announced(self, expected, message=None):
        """The token is renewed and the hook called once for these schedules."""
        self.env.cr.flush()
        tokens = {c: c.worktime_token for c in expected}
        calls = []
        with patch.object(
            self.env.registry["resource.calendar"],
            "_worktime_changed",
            lambda calendars: calls.append(calendars.ids),
        ):
            yield
            self.env.cr.flush()
        self.assertEqual(calls, [sorted(expected.ids)] if expected else [], message)
        for calendar, token in tokens.items():
            self.assertNotEqual(calendar.worktime_token, token, message)

    def test_change_is_announced_once(self):
        """P2: whatever shapes the axis renews it and calls the hook once."""
        calendar, start = self.calendar, local("2026-03-06 17:00")
        monday = local("2026-03-09 10:00")
        self.assertEqual(calendar._worktime_add(start, 2 * HOUR), monday)
        with self._assert_announced(calendar, "make-up day"):
            makeup = self._make_up("2026-03-07")
            makeup.dayofweek = "2"
            self.assertEqual(
                calendar._worktime_add(start, 2 * HOUR), local("2026-03-07 10:00")
            )
        with self._assert_announced(calendar, "make-up day removed"):
            makeup.unlink()
        self.assertEqual(calendar._worktime_add(start, 2 * HOUR), monday)
        with self._assert_announced(calendar, "leave"):
            leave = self._close("2026-03-09", "2026-03-09")
        self.assertEqual(
            calendar._worktime_add(start, 2 * HOUR), local("2026-03-10 10:00")
        )
        other = calendar.copy()
        with self._assert_announced(calendar | other, "leave moved"):
            leave.calendar_id = other
        self.assertEqual(calendar._worktime_add(start, 2 * HOUR), monday)
        with self._assert_announced(calendar, "zone"):
            calendar.tz = "Asia/Tokyo"
        with self._assert_announced(calendar, "hours"):
            calendar.attendance_ids.filtered(lambda a: a.hour_to == 18).hour_to = 17
        self.assertEqual(calendar._worktime_hours_per_day(), 7)
        with self._assert_announced(self.env["resource.calendar"], "only a name"):
            calendar.name = leave.name = "Other name"

    def test_general_and_personal_leaves(self):
        """P2: a day off without schedule stops those of its company; a person's
        own leave stops none."""
        company = self.env.company
        mine = self._create_calendar(
            [(str(day), None, *period) for day in range(5) for period in OFFICE],
            company_id=company.id,
        )
        foreign = mine.copy(
            {"company_id": self.env["res.company"].create({"name": "B"}).id}
        )
        start = local("2026-03-06 17:00")
        monday, tuesday = local("2026-03-09 10:00"), local("2026-03-10 10:00")
        calendars = self.env["resource.calendar"].search(
            [("company_id", "=", company.id)]
        )
        self.assertEqual(mine._worktime_add(start, 2 * HOUR), monday)
        with self._assert_announced(calendars):
            self._close("2026-03-09", "2026-03-09", calendar_id=False)
        self.assertEqual(mine._worktime_add(start, 2 * HOUR), tuesday)
        self.assertEqual(foreign._worktime_add(start, 2 * HOUR), monday)
        resource = self.env["resource.resource"].create(
            {"name": "Li", "calendar_id": mine.id, "tz": mine.tz}
        )
        with self._assert_announced(self.env["resource.calendar"]):
            self._close("2026-03-10", "2026-03-10", resource_id=resource.id)
        self.assertEqual(mine._worktime_add(start, 2 * HOUR), tuesday)

    def test_everybody_gets_the_same_axis(self):
        """P2: neither rights nor the context's time zone shift the axis."""
        self._close("2026-03-09", "2026-03-09")
        portal = self.env.ref("base.group_portal")
        user = self.env["res.users"].create(
            {"name": "P", "login": "p@wt", "group_ids": [Command.set(portal.ids)]}
        )
        start = local("2026-03-06 17:00")
        for calendar in (
            self.calendar.with_user(user).sudo(),
            self.calendar.with_context(employee_timezone=timezone("Asia/Tokyo")),
        ):
            self.calendar._worktime_renew()
            self.assertEqual(
                calendar._worktime_add(start, 2 * HOUR), local("2026-03-10 10:00")
            )

    # ------------------------------------------------------------------
    # Make-up days in Odoo's own planning
    # ------------------------------------------------------------------

    def test_make_up_day_in_planning(self):
        """N27: Odoo's planning methods work on a make-up day, lunch respected."""
        calendar = self.calendar
        friday, saturday = local("2025-10-10 17:00"), local("2025-10-11 00:00")
        sunday = saturday + timedelta(days=1)
        self.assertFalse(calendar._works_on_date(date(2025, 10, 11)))
        makeup = self._make_up("2025-10-11")
        self.assertEqual(makeup.dayofweek, "4", "worked like a Friday")
        self.assertEqual(calendar.plan_hours(2, friday), local("2025-10-11 10:00"))
        self.assertEqual(calendar.plan_days(2, friday), local("2025-10-11 12:00"))
        self.assertEqual(
            calendar.get_work_duration_data(saturday, sunday), {"days": 1, "hours": 8}
        )
        self.assertEqual(calendar.get_work_hours_count(saturday, sunday), 8)
        self.assertTrue(calendar._works_on_date(date(2025, 10, 11)))
        self.assertFalse(calendar._works_on_date(date(2025, 10, 12)))
        days = calendar._get_unusual_days(
            local("2025-10-11 09:00"), local("2025-10-12 09:00")
        )
        self.assertEqual(days, {"2025-10-11": False, "2025-10-12": True})
        lunch = calendar._attendance_intervals_batch(
            saturday.replace(tzinfo=utc), sunday.replace(tzinfo=utc), lunch=True
        )[False]
        self.assertEqual(
            [(a.hour, b.hour) for a, b, _row in lunch], [(12, 13)], "the break"
        )
        makeup.unlink()
        self.assertEqual(calendar.plan_hours(2, friday), local("2025-10-13 10:00"))
        self.assertFalse(calendar._works_on_date(date(2025, 10, 11)))

    def test_make_up_day_of_resources(self):
        """N27: a resource works the make-up day in its own time zone."""
        self._make_up("2025-10-11")
        paris = timezone("Europe/Paris")
        resource, flexible = self.env["resource.resource"].create(
            [
                {"name": "A", "calendar_id": self.calendar.id, "tz": "Europe/Paris"},
                {"name": "B", "calendar_id": False, "tz": "Europe/Paris"},
            ]
        )
        span = (
            paris.localize(datetime(2025, 10, 11)),
            paris.localize(datetime(2025, 10, 12)),
        )
        batch = self.calendar._work_intervals_batch(
            *span, resources=resource | flexible
        )
        hours = [(a.hour, b.hour) for a, b, _row in batch[resource.id]]
        self.assertEqual(hours, [(9, 12), (13, 18)])
        self.assertEqual([row[:2] for row in batch[flexible.id]], [span])

    def test_make_up_day_of_two_weeks(self):
        """N27: a two-week schedule works the weekday of the date's own week."""
        week = self.env["resource.calendar.attendance"].get_week_type(
            date(2025, 10, 11)
        )
        calendar = self._create_calendar(
            [
                ("4", str(week), "morning", 8, 12),
                ("4", str(1 - week), "morning", 6, 7),
            ],
            two_weeks=True,
        )
        self._make_up("2025-10-11", calendar=calendar)
        saturday = local("2025-10-11 00:00")
        self.assertEqual(
            calendar.get_work_hours_count(saturday, saturday + timedelta(days=1)), 4
        )

    def test_make_up_day_checks(self):
        """N27: a date once, with hours; on a worked date the hours add up once."""
        self._make_up("2025-10-11")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._make_up("2025-10-11")
        with self.assertRaises(ValidationError) as caught:
            self._make_up("2025-10-12", "5")
        self.assertIn("would stay a day off", str(caught.exception))
        self._make_up("2025-10-15", "0")
        wednesday = local("2025-10-15 00:00")
        self.assertEqual(
            self.calendar.get_work_hours_count(
                wednesday, wednesday + timedelta(days=1)
            ),
            8,
        )
        self.assertEqual(len(self.calendar.copy().makeup_ids), 2)
