"""Whether a time of day is one at which nobody should be working."""


def is_odd_hour(at, begin, end):
    """Return whether a time lies outside of the hours from begin to end.

    :param datetime.time at: the time of day
    :param float begin: hour of the day, 7.5 is half past seven
    :param float end: hour of the day; at or before begin it is on the next day
    """
    hour = at.hour + at.minute / 60 + at.second / 3600
    if begin < end:
        return not begin <= hour < end
    return end <= hour < begin
