"""A call is what all its events say, not what the last of them says."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from call_timeline import (  # noqa: E402
    ENDINGS,
    FACTS,
    RANKS,
    EndsTooEarly,
    build,
    count_rings,
    pick_agent,
)

BEGIN = datetime(2026, 3, 9, 2)


def at(seconds):
    return BEGIN + timedelta(seconds=seconds)


def call(**moments):
    return [(kind, at(second)) for kind, second in moments.items()]


events = st.lists(
    st.tuples(st.sampled_from(FACTS), st.integers(0, 600).map(at)), min_size=1
)


def outcome(found):
    try:
        return build(found)
    except EndsTooEarly as error:
        return (error.ends, error.begins)


@given(events, st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_matter(found, random):
    """000-84: the same events in another order, or twice, are the same call."""
    shuffled = found + found[: len(found) // 2]
    random.shuffle(shuffled)
    assert outcome(shuffled) == outcome(found)


@given(events, st.sampled_from(FACTS), st.integers(0, 600).map(at))
def test_never_back(found, kind, moment):
    """A further event never takes a call back."""
    before, after = outcome(found), outcome([*found, (kind, moment)])
    if not isinstance(before, tuple) and not isinstance(after, tuple):
        assert RANKS[after.state] >= RANKS[before.state]


@given(events)
def test_parts_fit(found):
    """Talking and holding fit between answer and end; no figure is negative."""
    line = outcome(found)
    if isinstance(line, tuple):
        return
    assert min(line.ring_seconds, line.wait_seconds, line.talk_seconds) >= 0
    assert line.ring_seconds <= line.wait_seconds
    assert line.hold_longest <= line.hold_seconds
    if line.state == "ended":
        span = int((line.ended_at - line.answered_at).total_seconds())
        assert line.talk_seconds + line.hold_seconds == span


def test_an_ordinary_call():
    line = build(call(queued=0, ringing=10, answered=22, hold=60, resume=90, ended=142))
    assert line.state == "ended"
    assert (line.wait_seconds, line.ring_seconds) == (22, 12)
    assert (line.talk_seconds, line.hold_seconds, line.hold_count) == (90, 30, 1)


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobody_answered(ending):
    line = build(call(ringing=0, **{ending: 25}))
    assert line.state == ("voicemail" if ending == "voicemail" else "missed")
    assert line.ring_seconds == 25


def test_answered_by_the_next():
    """One telephone rang in vain; the call is not missed, and rang 4 s at the next."""
    found = [*call(ringing=0, missed=20, answered=26), ("ringing", at(22))]
    assert build(found).state == "answered"
    assert build(found).ring_seconds == 4


@pytest.mark.parametrize(
    "events", [call(ringing=9, ended=5), call(answered=9, ended=5)]
)
def test_ends_before_it_began(events):
    with pytest.raises(EndsTooEarly):
        build(events)


@pytest.mark.parametrize(("seconds", "rings"), [(0, 0), (1, 1), (15, 3), (16, 4)])
def test_rings(seconds, rings):
    """001-55: three rings are 15 seconds."""
    assert count_rings(seconds, 5) == rings


def test_whose_call():
    found = [
        ("ringing", at(0), "a"),
        ("ringing", at(9), "b"),
        ("answered", at(12), "c"),
    ]
    assert pick_agent(found) == "c"
    assert pick_agent(found[:2]) == "b"
    assert pick_agent([("ringing", at(0), None)]) is None
