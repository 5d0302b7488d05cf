"""The working-time axis against a second-by-second count, without Odoo."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from worktime import BeyondTimeline, Timeline  # noqa: E402

BEGIN = datetime(2025, 1, 1)
HOUR = 3600


def minutes(count):
    return BEGIN + timedelta(minutes=count)


def week(days=(0, 1, 2, 3, 4), weeks=4):
    """9:00-12:00 and 13:00-18:00, BEGIN being taken for a Monday."""
    for day in (7 * w + d for w in range(weeks) for d in days):
        base = BEGIN + timedelta(days=day)
        yield base + timedelta(hours=9), base + timedelta(hours=12), day
        yield base + timedelta(hours=13), base + timedelta(hours=18), day


@pytest.fixture
def office():
    return Timeline(week(), BEGIN, BEGIN + timedelta(days=28))


def at(day, hour, minute=0, second=0):
    return BEGIN + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


@pytest.mark.parametrize(
    ("start", "hours", "stop"),
    [
        pytest.param(at(0, 9), 2, at(0, 11), id="inside the morning"),
        pytest.param(at(0, 11), 2, at(0, 14), id="across lunch"),
        pytest.param(at(0, 12, 30), 1, at(0, 14), id="begun at lunch"),
        pytest.param(at(4, 17, 59), 2, at(7, 10, 59), id="Friday 17:59"),
        pytest.param(at(0, 15), 8, at(1, 15), id="one working day"),
        pytest.param(at(5, 3), 1, at(7, 10), id="begun on a day off"),
        pytest.param(at(0, 16), 2, at(0, 18), id="ends at closing time"),
        pytest.param(at(0, 10), 2, at(0, 12), id="ends at lunch"),
    ],
)
def test_add(office, start, hours, stop):
    """P2: the limit counts working time only."""
    assert office.add(start, hours * HOUR) == stop
    assert office.between(start, stop) == hours * HOUR


def test_zero_seconds_are_used_up_at_the_next_opening(office):
    assert office.add(at(0, 10, 30), 0) == at(0, 10, 30)
    assert office.add(at(0, 12), 0) == at(0, 13)
    assert office.add(at(4, 18), 0) == at(7, 9)


@pytest.mark.parametrize(
    ("start", "close"),
    [
        pytest.param(at(0, 15), at(0, 18), id="during the day"),
        pytest.param(at(0, 7), at(0, 18), id="before opening"),
        pytest.param(at(0, 12, 30), at(0, 18), id="at lunch"),
        pytest.param(at(0, 18), at(1, 18), id="at closing time"),
        pytest.param(at(4, 19), at(7, 18), id="Friday evening"),
        pytest.param(at(6, 12), at(7, 18), id="day off"),
    ],
)
def test_end_of_day(office, start, close):
    assert office.end_of_day(start) == close


def test_a_day_round_the_clock_closes_at_midnight():
    days = [(at(d, 0), at(d, 23, 59, 59.999999), d) for d in range(3)]
    timeline = Timeline(days, BEGIN, at(3, 0))
    assert timeline.end_of_day(at(1, 5)) == at(2, 0)
    assert timeline.add(at(0, 23), 2 * HOUR) == at(1, 1), "24:00 is no gap"


def test_a_left_over_second_is_no_working_time():
    work = [
        (at(0, 22), at(0, 23), 0),
        (at(1, 23, 59, 59), at(1, 23, 59, 59.999999), 1),
        (at(2, 9), at(2, 10), 2),
    ]
    timeline = Timeline(work, BEGIN, at(3, 0))
    assert timeline.next_open(at(1, 0)) == at(2, 9)


def test_beyond_the_compiled_span(office):
    with pytest.raises(BeyondTimeline):
        office.add(at(25, 17), 2 * HOUR)
    assert office.add(at(25, 16), 2 * HOUR) == at(25, 18)
    with pytest.raises(BeyondTimeline):
        office.next_open(at(25, 18))
    with pytest.raises(BeyondTimeline):
        office.end_of_day(at(25, 18))
    for outside in (BEGIN - timedelta(seconds=1), at(28, 0, 0, 1)):
        with pytest.raises(BeyondTimeline):
            office.between(at(0, 9), outside)
        with pytest.raises(BeyondTimeline):
            office.add(outside, 1)


def test_negative_and_reversed(office):
    with pytest.raises(ValueError, match="backwards"):
        office.add(at(0, 9), -1)
    assert office.between(at(0, 17), at(0, 15)) == -2 * HOUR


def test_nothing_to_work_on():
    empty = Timeline([], BEGIN, at(3, 0))
    assert not empty
    assert empty.between(at(0, 0), at(3, 0)) == 0
    with pytest.raises(BeyondTimeline):
        empty.add(at(0, 0), 1)


SPAN = 60 * 24 * 3
moments = st.integers(0, SPAN * 60).map(lambda s: BEGIN + timedelta(seconds=s))
pieces = st.lists(
    st.tuples(st.integers(0, SPAN), st.integers(1, 300)).map(
        lambda p: (minutes(p[0]), minutes(min(p[0] + p[1], SPAN)), p[0] // 1440)
    ),
    max_size=12,
)


def naive_between(intervals, start, stop):
    """Count minute by minute which ones are worked, then cut the ends."""
    worked = set()
    for a, b, _day in intervals:
        first, last = (
            (a - BEGIN) // timedelta(minutes=1),
            (b - BEGIN) // timedelta(minutes=1),
        )
        worked.update(range(first, last))
    low, high = (start - BEGIN).total_seconds(), (stop - BEGIN).total_seconds()
    return sum(max(0, min(high, 60 * m + 60) - max(low, 60 * m)) for m in worked)


@given(pieces, moments, moments)
@settings(max_examples=300, deadline=None)
def test_between_is_the_count_of_worked_minutes(intervals, start, stop):
    start, stop = sorted((start, stop))
    timeline = Timeline(intervals, BEGIN, minutes(SPAN))
    assert timeline.between(start, stop) == naive_between(intervals, start, stop)
    assert timeline.between(stop, start) == -timeline.between(start, stop)


@given(pieces, moments, st.integers(0, SPAN * 60))
@settings(max_examples=1000, deadline=None)
def test_between_undoes_add(intervals, start, seconds):
    timeline = Timeline(intervals, BEGIN, minutes(SPAN))
    try:
        stop = timeline.add(start, seconds)
    except BeyondTimeline:
        rest = timeline.between(start, minutes(SPAN))
        assert rest < seconds or not rest
        return
    assert stop >= start
    assert timeline.between(start, stop) == seconds
    assert any(a <= stop <= b for a, b, _day in intervals), "inside working time"


@given(pieces, moments)
@settings(max_examples=300, deadline=None)
def test_end_of_day_is_the_first_closing_after_the_start(intervals, start):
    timeline = Timeline(intervals, BEGIN, minutes(SPAN))
    last = {}
    for _a, b, day in intervals:
        if _a < b:
            last[day] = max(b, last.get(day, b))
    expected = min((b for b in last.values() if b > start), default=None)
    if expected is None:
        with pytest.raises(BeyondTimeline):
            timeline.end_of_day(start)
    else:
        assert timeline.end_of_day(start) == expected
