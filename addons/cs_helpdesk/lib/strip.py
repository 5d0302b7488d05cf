"""Who used the time of a record: its age cut into shares that add up (N28)."""


def split_age(begin, end, holds, waits, working):
    """Cut the age of a record into shares of who had it.

    While nobody outside is waited for, a department has the time that is open and
    the clock on the wall has the rest. While somebody is waited for, he has it all.

    :param begin: when the record was born, naive UTC
    :param end: when it was closed, or now
    :param holds: (moment, holder), who had it from then on; any hashable holder
    :param waits: (from, to, party), not overlapping; ``to`` may be None: still waiting
    :param working: ``working(a, b)`` -> open seconds between two moments
    :return: list of (kind, who, seconds) in order of time, neighbours merged;
        kind is "hold", "wait" or "closed"; the seconds sum up to end - begin
    """
    holds = sorted(holds, key=lambda hold: hold[0])
    cuts = {begin, end}
    cuts.update(moment for moment, _holder in holds if begin < moment < end)
    spans = [(a, end if b is None else b, party) for a, b, party in waits]
    for a, b, _party in spans:
        cuts.update(moment for moment in (a, b) if begin < moment < end)
    shares = []

    def add(kind, who, seconds):
        if seconds <= 0:
            return
        if shares and shares[-1][:2] == (kind, who):
            seconds += shares.pop()[2]
        shares.append((kind, who, seconds))

    points = sorted(cuts)
    for start, stop in zip(points, points[1:], strict=False):
        holder = next((who for at, who in reversed(holds) if at <= start), None)
        party = next((who for a, b, who in spans if a <= start < b), None)
        total = (stop - start).total_seconds()
        if party is not None:
            add("wait", party, total)
            continue
        used = min(working(start, stop), total)
        add("hold", holder, used)
        add("closed", None, total - used)
    return shares
