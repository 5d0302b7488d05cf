"""Days, weeks and months as a register counts them; a week begins on Monday."""

from calendar import monthrange
from datetime import date, timedelta


def bounds(period, day):
    """Return (first day, day after the last) of the period that holds ``day``.

    :param period: day, week, month
    """
    if period == "week":
        begin = day - timedelta(days=day.weekday())
        return begin, begin + timedelta(days=7)
    if period == "month":
        begin = day.replace(day=1)
        return begin, begin + timedelta(days=monthrange(day.year, day.month)[1])
    return day, day + timedelta(days=1)


def previous(period, day):
    """Return the bounds of the period before the one that holds ``day``."""
    return bounds(period, bounds(period, day)[0] - timedelta(days=1))


def lock_date(last, lock_day):
    """Return the first day on which a period is locked (G22).

    :param date last: its last day
    :param lock_day: day of the next month; months that are shorter lock on their last
    """
    year, month = divmod(last.year * 12 + last.month, 12)
    month += 1
    return date(year, month, min(lock_day, monthrange(year, month)[1]))


def due_days(period, begin, end, weekday=0, month_day=1):
    """Yield the days from ``begin`` to ``end`` (both included) on which it is due."""
    day = begin
    while day <= end:
        last = monthrange(day.year, day.month)[1]
        if (
            period == "day"
            or (period == "week" and day.weekday() == weekday)
            or (period == "month" and day.day == min(month_day, last))
        ):
            yield day
        day += timedelta(days=1)
