"""Who used the time: the shares of a strip always add up to the age (N28)."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from strip import split_age  # noqa: E402

BEGIN = datetime(2026, 3, 9, 2)


def moment(minutes):
    return BEGIN + timedelta(minutes=minutes)


def open_half(start, stop):
    """A day that is open in every other hour."""
    total = 0
    at = start
    while at < stop:
        nxt = min(stop, at.replace(minute=0, second=0) + timedelta(hours=1))
        if at.hour % 2 == 0:
            total += (nxt - at).total_seconds()
        at = nxt
    return total


@given(
    age=st.integers(1, 5000),
    holds=st.lists(
        st.tuples(st.integers(-60, 6000), st.sampled_from("ABC")), max_size=6
    ),
    cuts=st.lists(st.integers(-60, 6000), max_size=8, unique=True),
    still=st.booleans(),
)
def test_shares_add_up(age, holds, cuts, still):
    cuts = sorted(cuts)
    waits = [
        (moment(a), moment(b), "customer")
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    if still and cuts:
        waits.append((moment(cuts[-1] + 1), None, "parts"))
    shares = split_age(
        BEGIN, moment(age), [(moment(m), who) for m, who in holds], waits, open_half
    )
    assert sum(seconds for _kind, _who, seconds in shares) == age * 60
    assert all(seconds > 0 for _kind, _who, seconds in shares)
    assert all(a[:2] != b[:2] for a, b in zip(shares, shares[1:], strict=False))


def test_waiting_takes_the_closed_hours_too():
    shares = split_age(
        moment(0),
        moment(240),
        [(moment(0), "desk")],
        [(moment(60), moment(180), "customer")],
        open_half,
    )
    assert shares == [
        ("hold", "desk", 3600),
        ("wait", "customer", 7200),
        ("closed", None, 3600),
    ]


def test_nobody_had_it_at_first():
    shares = split_age(
        moment(0), moment(60), [(moment(30), "desk")], [], lambda a, b: 1e9
    )
    assert shares == [("hold", None, 1800), ("hold", "desk", 1800)]
