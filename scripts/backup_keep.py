"""Which backups are kept: 30 daily, 12 weekly, 24 monthly (G28)."""

from datetime import datetime, timezone

DAILY, WEEKLY, MONTHLY = 30, 12, 24
FORMAT = "%Y%m%dT%H%M%SZ"


def key_of(moment):
    """Return the name of the backup begun at a moment (aware)."""
    return moment.astimezone(timezone.utc).strftime(FORMAT)


def moment_of(key):
    """Return when a backup was begun, or None for what is no backup's name."""
    try:
        return datetime.strptime(key, FORMAT).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def to_keep(keys):
    """Return the names to keep: the last of each day, week and month, the newest so
    many of each; the newest of all always."""
    moments = sorted((moment_of(key), key) for key in keys if moment_of(key))
    keep = {moments[-1][1]} if moments else set()
    for count, bucket in (
        (DAILY, lambda m: m.date()),
        (WEEKLY, lambda m: m.isocalendar()[:2]),
        (MONTHLY, lambda m: (m.year, m.month)),
    ):
        last = {}
        for moment, key in moments:
            last[bucket(moment)] = key
        keep.update(key for _bucket, key in sorted(last.items())[-count:])
    return keep
