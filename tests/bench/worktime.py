"""Deadline and elapsed working time: the axis against Odoo's own computation.

Both answer the same random questions on the same schedule in the same run: office
hours with lunch, three years of public holidays and make-up days. The answers must
be equal, otherwise the goal is not met whatever the speed.
"""

import random
import time
from datetime import datetime, timedelta

CASES = 500
REPEAT = 40  # ours takes microseconds: measure more of them
GOAL = 300
EPSILON = 0.001  # hours are floats in Odoo: less than a hundredth of a second


def _calendar(env):
    calendar = env["resource.calendar"].create(
        {
            "name": "Bench",
            "company_id": False,
            "tz": "Asia/Shanghai",
            "attendance_ids": [
                (
                    0,
                    0,
                    {
                        "name": period,
                        "dayofweek": str(day),
                        "day_period": period,
                        "hour_from": start,
                        "hour_to": stop,
                    },
                )
                for day in range(5)
                for period, start, stop in (
                    ("morning", 9, 12),
                    ("lunch", 12, 13),
                    ("afternoon", 13, 18),
                )
            ],
        }
    )
    env["cs.holiday.import"].create({"calendar_id": calendar.id}).action_import()
    env.flush_all()
    return calendar


def _timed(repeat, function, cases):
    """(seconds a case, answers)."""
    begin = time.perf_counter()
    for _round in range(repeat):
        answers = [function(*case) for case in cases]
    return (time.perf_counter() - begin) / repeat / len(cases), answers


def _row(name, value, unit, goal=None, met=None):
    return {"name": name, "value": value, "unit": unit, "goal": goal, "met": met}


def run(databases):
    """Measure; return a list of {name, value, unit, goal, met}."""
    with databases.env(databases.suite()) as env:
        return _measure(env)


def _measure(env):
    calendar = _calendar(env)
    domain = calendar._worktime_leave_domain()
    rng = random.Random(61)
    questions = [
        (
            datetime(2025, 1, 1) + timedelta(seconds=rng.randrange(365 * 86400)),
            rng.randrange(60, 80 * 3600),
        )
        for _case in range(CASES)
    ]

    def odoo_add(start, seconds):
        return calendar.plan_hours(
            seconds / 3600, start, compute_leaves=True, domain=domain
        )

    def odoo_between(start, stop):
        return calendar.get_work_hours_count(start, stop, domain=domain) * 3600

    begin = time.perf_counter()
    calendar._worktime_timeline(2025)
    compiled = time.perf_counter() - begin
    ours_add, stops = _timed(REPEAT, calendar._worktime_add, questions)
    core_add, core_stops = _timed(1, odoo_add, questions)
    spans = [(start, stop) for (start, _s), stop in zip(questions, stops, strict=True)]
    ours_between, seconds = _timed(REPEAT, calendar._worktime_between, spans)
    core_between, core_seconds = _timed(1, odoo_between, spans)
    # on the boundary of an interval floats may choose its other side
    equal_add = all(
        ours == core or odoo_between(*sorted((ours, core))) < EPSILON
        for ours, core in zip(stops, core_stops, strict=True)
    )
    equal_between = all(
        abs(ours - core) < EPSILON
        for ours, core in zip(seconds, core_seconds, strict=True)
    )
    exact = seconds == [asked for _start, asked in questions]
    rows = [_row("worktime: compile a year", round(compiled * 1000, 1), "ms")]
    for name, ours, core, equal in (
        ("deadline against plan_hours", ours_add, core_add, equal_add),
        (
            "elapsed against get_work_hours_count",
            ours_between,
            core_between,
            equal_between,
        ),
    ):
        ratio = core / ours
        rows += [
            _row(f"worktime: {name}", round(ratio), "×", GOAL, ratio >= GOAL and equal),
            _row(f"worktime: {name}, ours", round(ours * 1e6, 1), "µs"),
        ]
    rows.append(
        _row(
            "worktime: results equal",
            int(equal_add and equal_between and exact),
            "bool",
            1,
            equal_add and equal_between and exact,
        )
    )
    return rows
