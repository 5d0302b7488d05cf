import random
from datetime import date, datetime, timedelta

from odoo.tests import tagged

from .worktime_common import WorktimeCommon

HOUR = 3600


@tagged("post_install", "-at_install")
class TestWorktimeRandom(WorktimeCommon):
    def test_agrees_with_odoo(self):
        """P2: 10,200 random limits on 60 random schedules against plan_hours and
        get_work_hours_count.

        Odoo ends a day at 23:59:59.999999 and counts the second after a leave that
        ends at 23:59:59; ours does neither, so night schedules may differ by a
        second for each day off. On the boundary of an interval the floats of
        plan_hours choose either side: both are the same moment of the axis, so
        moments are compared on Odoo's own axis.
        """
        rng = random.Random(20261122)
        for _schedule in range(60):
            calendar, night = self._random_calendar(rng)
            domain = calendar._worktime_leave_domain()
            slack = 1 + len(calendar.leave_ids) if night else 0.01
            for _case in range(170):
                start = datetime(2024, 12, 1) + timedelta(
                    seconds=rng.randrange(400 * 86400)
                )
                seconds = rng.choice(
                    (rng.randrange(100000), HOUR * rng.randrange(30), 60)
                )
                stop = calendar._worktime_add(start, seconds)
                context = (calendar.tz, calendar.id, start, seconds, stop)
                self.assertEqual(
                    calendar._worktime_between(start, stop), seconds, context
                )
                count = calendar.get_work_hours_count(start, stop, domain=domain)
                self.assertAlmostEqual(
                    count * HOUR, seconds, delta=slack, msg=str(context)
                )
                core = calendar.plan_hours(
                    seconds / HOUR, start, compute_leaves=True, domain=domain
                )
                if core != stop:
                    apart = calendar.get_work_hours_count(
                        *sorted((core, stop)), domain=domain
                    )
                    self.assertLessEqual(apart * HOUR, slack, (*context, core))

    def _random_calendar(self, rng):
        """A schedule with shifts, nights, weeks, leaves and make-up days."""
        two_weeks, night = rng.random() < 0.4, rng.random() < 0.4
        rows = []
        for week in "01" if two_weeks else [None]:
            for day in rng.sample("0123456", rng.randrange(2, 7)):
                cuts = sorted(rng.sample(range(0, 23 * 4), rng.choice((2, 4, 6))))
                if night:
                    cuts[-1] = 96
                rows += [
                    (day, week, rng.choice(("morning", "afternoon")), a / 4, b / 4)
                    for a, b in zip(cuts[::2], cuts[1::2], strict=True)
                ]
                rows += [
                    (day, week, "lunch", a / 4, b / 4)
                    for a, b in zip(cuts[1::2], cuts[2::2], strict=False)
                    if a < b
                ]
        calendar = self._create_calendar(
            rows,
            two_weeks=two_weeks,
            tz=rng.choice(
                (
                    "Asia/Shanghai",
                    "America/New_York",
                    "Australia/Lord_Howe",
                    "Europe/Paris",
                )
            ),
        )
        first = date(2024, 12, 1)
        for _leave in range(rng.randrange(6)):
            day = first + timedelta(days=rng.randrange(450))
            leave = self._close(
                day, day + timedelta(days=rng.randrange(5)), calendar=calendar
            )
            if rng.random() < 0.3:
                leave.date_from += timedelta(minutes=15 * rng.randrange(1, 60))
        for day in {first + timedelta(days=rng.randrange(450)) for _n in range(6)}:
            weekday = rng.choice("0123456")
            if calendar._makeup_attendances(day, weekday):
                self._make_up(day, weekday, calendar)
        return calendar, night
