"""A roster that was filled keeps every rule, and one that breaks a rule is found."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from roster import REST, clashes, fill, long_rows, short_rests  # noqa: E402

MONDAY = date(2026, 3, 9)
HOURS = {"day": (9, 18), "evening": (13, 22), "duty": (18, 33)}


def shift(person, offset, kind):
    day = MONDAY + timedelta(days=offset)
    begin = datetime.combine(day, datetime.min.time())
    start, end = HOURS[kind]
    return (
        person,
        day,
        begin + timedelta(hours=start),
        begin + timedelta(hours=end),
    )


SHIFTS = st.builds(
    shift,
    st.integers(1, 3),
    st.integers(0, 12),
    st.sampled_from(sorted(HOURS)),
)


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(sorted(HOURS))), max_size=40
    ),
    st.integers(1, 6),
    st.lists(SHIFTS, max_size=4),
)
def test_filled_keeps_the_rules(wanted, people, existing):
    persons = list(range(1, people + 1))
    demands = [
        (kind, *shift(0, offset, kind)[1:], persons) for offset, kind in sorted(wanted)
    ]
    taken, empty = fill(demands, persons, existing)
    assert sorted([*taken, *empty]) == list(range(len(demands)))
    made = [(p, *demands[index][1:4]) for index, p in taken.items()]
    new = set(made)
    every = existing + made
    for one, two in clashes(every) + short_rests(every):
        assert not {one, two} & new
    for person, first, last in long_rows(every):
        mine = {s[1] for s in made if s[0] == person}
        assert not {d for d in mine if first <= d <= last}


@given(st.integers(2, 6))
def test_spread_evenly(people):
    persons = list(range(people))
    demands = [("day", *shift(0, n, "day")[1:], persons) for n in range(5 * people)]
    taken, _empty = fill(demands, persons, [])
    count = [list(taken.values()).count(person) for person in persons]
    assert max(count) - min(count) <= 1


def test_clash_is_named():
    one, two = shift(1, 0, "day"), shift(1, 0, "evening")
    assert clashes([two, one]) == [(one, two)]
    assert not clashes([one, shift(2, 0, "evening")])


def test_rest_of_eleven_hours():
    duty, day = shift(1, 0, "duty"), shift(1, 1, "day")
    assert short_rests([duty, day]) == [(duty, day)]
    evening = shift(1, 0, "evening")
    assert day[2] - evening[3] == REST
    assert not short_rests([evening, day])


def test_six_days_in_a_row():
    week = [shift(1, n, "day") for n in range(6)]
    assert not long_rows(week)
    seventh = [*week, shift(1, 6, "day")]
    assert long_rows(seventh) == [(1, MONDAY, MONDAY + timedelta(days=6))]
