"""Rules of a roster, and filling one, without a database (G14).

Times are naive datetimes of one zone or UTC; a shift is (person, day, start, end).
"""

from collections import Counter
from datetime import timedelta

MOST_DAYS = 6
REST = timedelta(hours=11)


def clashes(shifts):
    """Pairs of shifts of one person that overlap, in order of time."""
    return [(one, two) for one, two in _neighbours(shifts) if two[2] < one[3]]


def short_rests(shifts, rest=REST):
    """Pairs of shifts of one person with too little time between, not overlapping."""
    return [
        (one, two)
        for one, two in _neighbours(shifts)
        if one[3] <= two[2] < one[3] + rest
    ]


def _neighbours(shifts):
    rows = sorted(shifts, key=lambda s: (s[0], s[2], s[3]))
    last = {}
    for row in rows:
        before = last.get(row[0])
        if before:
            yield before, row
        if not before or row[3] >= before[3]:
            last[row[0]] = row


def long_rows(shifts, most=MOST_DAYS):
    """(person, first day, last day) of rows of more than ``most`` days of work."""
    found = []
    days = {}
    for person, day, _start, _end in shifts:
        days.setdefault(person, set()).add(day)
    for person, worked in sorted(days.items()):
        first = previous = None
        for day in [*sorted(worked), None]:
            if first and (day is None or day - previous > timedelta(days=1)):
                if (previous - first).days + 1 > most:
                    found.append((person, first, previous))
                first = day
            first = first or day
            previous = day
    return found


def fill(demands, people, existing, most=MOST_DAYS, rest=REST):
    """Give each demand a person, so that every rule holds and work is spread evenly.

    :param demands: [(key, day, start, end, people allowed)] in order
    :param people: keys of the people, any order; ties go to the first
    :param existing: shifts that stand, a week before and after included
    :return: ({demand index: person}, [indexes nobody could take])
    """
    mine = {person: [] for person in people}
    for shift in existing:
        mine.setdefault(shift[0], []).append(shift)
    wanted = {demand[1] for demand in demands}
    count = Counter(s[0] for s in existing if s[1] in wanted)
    rank = {person: number for number, person in enumerate(people)}
    taken, empty = {}, []
    for index, (_key, day, start, end, allowed) in enumerate(demands):
        order = sorted(
            (person for person in allowed if person in rank),
            key=lambda person: (count[person], rank[person]),
        )
        for person in order:
            shift = (person, day, start, end)
            if _fits(shift, mine[person], most, rest):
                mine[person].append(shift)
                count[person] += 1
                taken[index] = person
                break
        else:
            empty.append(index)
    return taken, empty


def _fits(shift, others, most, rest):
    _person, day, start, end = shift
    near = timedelta(days=most + 1)
    close = [s for s in others if abs(s[1] - day) <= near]
    if any(s[1] == day or s[2] - rest < end and start < s[3] + rest for s in close):
        return False
    worked = {s[1] for s in close} | {day}
    run, step = 1, timedelta(days=1)
    before, after = day - step, day + step
    while before in worked:
        run, before = run + 1, before - step
    while after in worked:
        run, after = run + 1, after + step
    return run <= most
