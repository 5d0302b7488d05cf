"""What a filled-in checklist is worth.  Pure: no Odoo here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """One line as it counts.

    ``share`` is how much of the points was earned, 0 to 1; None: the line does not
    apply or carries no mark, and is left out of the account.
    """

    points: float
    share: float | None
    fatal: bool = False
    failed: bool = False


def score(marks):
    """Return (percent from 0 to 100, whether a fatal line failed).

    A fatal line that failed takes everything: 0 points. Nothing to score: 100 while
    nothing failed.
    """
    marks = list(marks)
    if any(mark.fatal and mark.failed for mark in marks):
        return 0.0, True
    counted = [m for m in marks if m.share is not None and m.points > 0]
    possible = sum(mark.points for mark in counted)
    if not possible:
        return (0.0 if any(mark.failed for mark in marks) else 100.0), False
    earned = sum(mark.points * min(max(mark.share, 0.0), 1.0) for mark in counted)
    return round(earned / possible * 100, 2), False


def in_bounds(value, bounds, low, high):
    """Whether a number lies within its bounds ("none", "min", "max" or "both")."""
    if bounds in ("min", "both") and value < low:
        return False
    return not (bounds in ("max", "both") and value > high)
