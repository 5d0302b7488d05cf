"""Days, weeks, months, quarters and years, and when something is due in them."""

from datetime import date, timedelta

KINDS = ("daily", "weekly", "monthly", "quarterly", "yearly")
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


def period_of(kind, day):
    """Return (first day, last day) of the period of `kind` that `day` lies in."""
    if kind == "daily":
        return day, day
    if kind == "weekly":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = MONTHS[kind]
    month = (day.month - 1) // months * months + 1
    first = date(day.year, month, 1)
    after = month + months
    year, month = day.year + (after - 1) // 12, (after - 1) % 12 + 1
    return first, date(year, month, 1) - timedelta(days=1)


def due_day(first, last, number, is_working=None):
    """Return the `number`-th day of a period, at most its last.

    A day off is moved back to the last working day before it, within the period; if
    there is none, forward to the first working day after it. None: the period has no
    working day at all, so nothing is due.

    :param is_working: function of a date; None: every day counts
    """
    due = min(first + timedelta(days=max(number, 1) - 1), last)
    if is_working is None:
        return due
    back = due
    while back >= first:
        if is_working(back):
            return back
        back -= timedelta(days=1)
    ahead = due + timedelta(days=1)
    while ahead <= last:
        if is_working(ahead):
            return ahead
        ahead += timedelta(days=1)
    return None
