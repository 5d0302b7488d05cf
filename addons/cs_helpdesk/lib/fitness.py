"""Whether somebody is fit for his post: parts of an exam, resits, expiry (G13).

Knows nothing about Odoo.
"""

FIRST, RESIT, RETRAINED = 1, 2, 3  # the attempts there are
TOLERANCE = 1e-6  # of a sum of percentages


def total(scores, weights):
    """Weighted score of 0 to 100.

    :param scores: {part: 0 to 100}
    :param weights: {part: weight}; parts without weight do not count
    :raise ValueError: no part counts
    """
    whole = sum(weights.values())
    if whole <= 0:
        raise ValueError("no part of the exam counts")
    return sum(scores.get(part, 0) * weight for part, weight in weights.items()) / whole


def outcome(scores, weights, pass_score, part_minimum):
    """Tell "running", "passed" or "failed".

    A part below its minimum fails the whole at once; what is missing is awaited.

    :param scores: {part: 0 to 100, or None while it is not taken}
    """
    parts = [part for part, weight in weights.items() if weight > 0]
    taken = {part: scores[part] for part in parts if scores.get(part) is not None}
    if any(score < part_minimum - TOLERANCE for score in taken.values()):
        return "failed"
    if not parts or len(taken) < len(parts):
        return "running"
    passed = total(taken, weights) >= pass_score - TOLERANCE
    return "passed" if passed else "failed"


def next_attempt(failed, today, resit_until=None, retrained_on=None):
    """What comes after a failed attempt.

    :param int failed: number of the attempt that failed, 0 for none
    :param today: date
    :param resit_until: last day of the resit after the first attempt
    :param retrained_on: first day after the retraining
    :return: (attempt, None), (None, date to wait for) or (None, None): out
    """
    if not failed:
        return FIRST, None
    if failed == FIRST and resit_until and today <= resit_until:
        return RESIT, None
    if failed >= RETRAINED:
        return None, None
    if retrained_on and today < retrained_on:
        return None, retrained_on
    return RETRAINED, None
