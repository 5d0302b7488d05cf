"""Working time as one axis of seconds: binary searches instead of interval loops.

A timeline is compiled once from the working intervals of a calendar (naive UTC
datetimes) and answers "when are x working seconds used up" and "how many working
seconds lie between" in microseconds. It knows nothing about Odoo: two-week
calendars, time zones, daylight saving, leaves and make-up days are already in
the intervals it is given.

The axis counts whole seconds: a moment's microseconds are dropped, a duration is
rounded. So ``between(start, add(start, x)) == x`` holds exactly for whole x.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta

EPOCH = datetime(1970, 1, 1)
DAY = 86400
# Days closed at 23:59:59 leave a second of work that nobody meant.
SLIVER = 1


class BeyondTimeline(ValueError):
    """The answer, or the moment asked about, lies outside the compiled span."""


def _seconds(moment):
    delta = moment - EPOCH
    return delta.days * DAY + delta.seconds


def _rounded(moment):
    """24:00 comes as 23:59:59.999999: take the nearest whole second."""
    delta = moment - EPOCH
    return delta.days * DAY + delta.seconds + (delta.microseconds >= 500000)


def _moment(seconds):
    return EPOCH + timedelta(seconds=seconds)


class Timeline:
    """The working time of one span, ready for binary search.

    :param intervals: (start, stop, day) of naive UTC datetimes; ``day`` is the
        working day an interval belongs to, in the calendar's own time zone (any
        sortable value). Order, contact and overlap do not matter.
    :param begin: first moment the intervals are complete for
    :param end: last moment the intervals are complete for
    """

    __slots__ = (
        "_begin",
        "_closings",
        "_end",
        "_ends",
        "_leads",
        "_starts",
        "_stops",
        "end",
        "total",
    )

    def __init__(self, intervals, begin, end):
        self.end = end
        self._begin, self._end = _seconds(begin), _seconds(end)
        rows = sorted(
            (start, stop, day)
            for start, stop, day in (
                (_rounded(start), _rounded(stop), day) for start, stop, day in intervals
            )
            if stop - start > SLIVER
        )
        # An empty interval in front saves every search its "before the first".
        self._starts, self._stops = [self._begin], [self._begin]
        closings = {}
        for start, stop, day in rows:
            closings[day] = max(stop, closings.get(day, stop))
            if start <= self._stops[-1]:
                self._stops[-1] = max(stop, self._stops[-1])
            else:
                self._starts.append(start)
                self._stops.append(stop)
        self._closings = sorted(closings.values())
        # seconds worked up to the end of interval i, and the shift from clock
        # seconds inside interval i to seconds on the axis
        self._ends, self._leads, total = [], [], 0
        for start, stop in zip(self._starts, self._stops, strict=True):
            self._leads.append(total - start)
            total += stop - start
            self._ends.append(total)
        self.total = total

    def __bool__(self):
        return self.total > 0

    def _inside(self, moment):
        delta = moment - EPOCH
        at = delta.days * DAY + delta.seconds
        if not self._begin <= at <= self._end:
            raise BeyondTimeline(f"{moment} is outside the compiled span")
        return at

    def _position(self, at):
        index = bisect_right(self._starts, at) - 1
        stop = self._stops[index]
        return (at if at < stop else stop) + self._leads[index]

    def add(self, start, seconds):
        """The moment at which ``seconds`` of work after ``start`` are used up.

        A limit that ends exactly at closing time ends there, not at the next
        opening. Zero seconds are used up at the first working moment from
        ``start`` on (``next_open``). The result is never outside working time.

        :raise ValueError: ``seconds`` is negative
        :raise BeyondTimeline: the limit lies past the compiled span
        """
        if seconds < 0:
            raise ValueError("working time cannot be added backwards")
        seconds = round(seconds)
        if not seconds:
            return self.next_open(start)
        target = self._position(self._inside(start)) + seconds
        if target > self.total:
            raise BeyondTimeline(f"{seconds} s after {start} are not compiled")
        return _moment(target - self._leads[bisect_left(self._ends, target)])

    def between(self, start, stop):
        """Working seconds from ``start`` to ``stop``; negative when reversed.

        :raise BeyondTimeline: one of them is outside the compiled span
        """
        return self._position(self._inside(stop)) - self._position(self._inside(start))

    def next_open(self, at):
        """``at`` itself when work is going on then, else the next opening.

        :raise BeyondTimeline: there is none in the compiled span
        """
        seconds = self._inside(at)
        index = bisect_right(self._starts, seconds) - 1
        if seconds < self._stops[index]:
            return _moment(seconds)
        if index + 1 == len(self._starts):
            raise BeyondTimeline(f"no working time after {at} is compiled")
        return _moment(self._starts[index + 1])

    def end_of_day(self, start):
        """Close of the working day ``start`` lies in: the end of its last work.

        Begun after closing or on a day off, it is the close of the next working
        day. A day ends at midnight of the calendar's zone, also for night work.

        :raise BeyondTimeline: there is none in the compiled span
        """
        index = bisect_right(self._closings, self._inside(start))
        if index == len(self._closings):
            raise BeyondTimeline(f"no closing time after {start} is compiled")
        return _moment(self._closings[index])
