"""What the events of a call say about it, in whatever order they arrive.

The telephone system sends each event by itself: twice, late, or in the wrong order.
So nothing is ever derived from the last event, always from the set of all of them.
"""

from dataclasses import dataclass
from datetime import datetime

BEGINNINGS = ("queued", "ringing", "answered")
ENDINGS = ("ended", "missed", "voicemail")
FACTS = ("queued", "ringing", "answered", "hold", "resume", *ENDINGS)
# a larger set of events never has a smaller rank: a call does not go back
RANKS = {"ringing": 0, "missed": 1, "voicemail": 2, "answered": 3, "ended": 4}


class EndsTooEarly(ValueError):
    """The call ends before it began, or before it was answered."""

    def __init__(self, ends, begins):
        super().__init__(f"ends {ends}, before {begins}")
        self.ends = ends
        self.begins = begins


@dataclass(frozen=True)
class Timeline:
    """State, moments, and seconds of a call."""

    state: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    ring_seconds: int
    wait_seconds: int
    talk_seconds: int
    hold_seconds: int
    hold_count: int
    hold_longest: int
    on_hold: bool


def _seconds(start, stop):
    return max(int((stop - start).total_seconds()), 0) if start and stop else 0


def _state(kinds):
    if "answered" in kinds:
        return "ended" if "ended" in kinds else "answered"
    if "voicemail" in kinds:
        return "voicemail"
    return "missed" if kinds & {"missed", "ended"} else "ringing"


def _holds(moments, answered_at, ended_at):
    """(seconds, count, longest, whether it is on hold now)."""
    total = count = longest = 0
    since = None
    marks = [(at, kind) for kind in ("hold", "resume") for at in moments[kind]]
    for at, kind in sorted(marks):
        if answered_at is None or (ended_at and at > ended_at):
            continue
        at = max(at, answered_at)
        if kind == "hold" and since is None:
            since = at
            count += 1
        elif kind == "resume" and since is not None:
            longest = max(longest, _seconds(since, at))
            total += _seconds(since, at)
            since = None
    if since is not None and ended_at:
        longest = max(longest, _seconds(since, ended_at))
        total += _seconds(since, ended_at)
        since = None
    return total, count, longest, since is not None


def build(events):
    """The timeline of a call.

    :param events: (kind, moment) in any order, also several times; kinds that say
        nothing of the line are left out
    :return: Timeline; None without any event of the line
    :raise EndsTooEarly: the end lies before the beginning or the answer
    """
    moments = {kind: set() for kind in FACTS}
    for kind, at in events:
        if kind in moments:
            moments[kind].add(at)
    every = set().union(*moments.values())
    if not every:
        return None
    kinds = {kind for kind, ats in moments.items() if ats}
    state = _state(kinds)
    starts = set().union(*(moments[kind] for kind in BEGINNINGS))
    started_at = min(starts or every)
    answered_at = min(moments["answered"], default=None)
    ended_at = None
    if state == "ended":
        ended_at = max(moments["ended"])
    elif state in ("missed", "voicemail"):
        ended_at = max(set().union(*(moments[kind] for kind in ENDINGS)))
    begins = max(started_at, answered_at or started_at)
    if ended_at and ended_at < begins:
        raise EndsTooEarly(ended_at, begins)
    rings = moments["ringing"]
    heard_until = answered_at or ended_at
    if answered_at:
        # the telephone of the one who answered, not of those who did not
        rings = {at for at in rings if at <= answered_at}
        ringing_since = max(rings, default=None)
    else:
        ringing_since = min(rings, default=None)
    hold, count, longest, on_hold = _holds(moments, answered_at, ended_at)
    return Timeline(
        state=state,
        started_at=started_at,
        answered_at=answered_at,
        ended_at=ended_at,
        ring_seconds=_seconds(ringing_since, heard_until),
        wait_seconds=_seconds(started_at, heard_until),
        talk_seconds=max(_seconds(answered_at, ended_at) - hold, 0),
        hold_seconds=hold,
        hold_count=count,
        hold_longest=longest,
        on_hold=on_hold,
    )


def count_rings(ring_seconds, seconds_per_ring):
    """How many times it rang: the first one begins at once (001-55)."""
    return -(-ring_seconds // max(seconds_per_ring, 1)) if ring_seconds else 0


def pick_agent(events):
    """Who has the call: who answered last, else whose telephone rang last.

    :param events: (kind, moment, agent) in any order; agent may be None
    """
    for wanted in ("answered", "ringing"):
        found = [(at, agent) for kind, at, agent in events if kind == wanted and agent]
        if found:
            return max(found)[1]
    return None
