"""Scores and rounds without Odoo."""

import sys
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from checklist_score import Mark, in_bounds, score  # noqa: E402
from periods import KINDS, due_day, period_of  # noqa: E402

marks = st.lists(
    st.builds(
        Mark,
        points=st.floats(0, 20),
        share=st.none() | st.floats(0, 1),
        fatal=st.booleans(),
        failed=st.booleans(),
    ),
    max_size=30,
)


@given(marks)
def test_score_is_a_percentage(found):
    """G38: between 0 and 100, and 0 as soon as a fatal line failed."""
    percent, fatal = score(found)
    assert 0 <= percent <= 100
    assert fatal == any(m.fatal and m.failed for m in found)
    if fatal:
        assert percent == 0


@given(marks)
def test_lines_that_do_not_apply_change_nothing(found):
    """G38: a line without a mark is left out of the account."""
    idle = [Mark(points=5, share=None)]
    assert score(found + idle) == score(found)


def test_bounds():
    """003-70: at least, at most, from … to."""
    assert in_bounds(3, "min", 3, 0)
    assert not in_bounds(2.9, "min", 3, 0)
    assert not in_bounds(4, "max", 0, 3)
    assert not in_bounds(4, "both", 1, 3)
    assert in_bounds(-1, "none", 0, 0)


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(st.sampled_from(KINDS), days)
def test_periods_tile_the_calendar(kind, day):
    """G27: every day lies in one period, and the next begins the day after."""
    first, last = period_of(kind, day)
    assert first <= day <= last
    assert period_of(kind, first) == period_of(kind, last) == (first, last)
    assert period_of(kind, last + timedelta(days=1))[0] == last + timedelta(days=1)


@given(st.sampled_from(KINDS), days, st.integers(-3, 400))
def test_due_on_a_working_day_of_the_period(kind, day, number):
    """G20: by the 5th, on a working day, never outside the period."""
    first, last = period_of(kind, day)
    due = due_day(first, last, number, lambda d: d.weekday() < 5)
    if due is None:
        assert kind == "daily" and day.weekday() >= 5
    else:
        assert first <= due <= last and due.weekday() < 5
