"""Which backups are kept (G28)."""

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from backup_keep import DAILY, MONTHLY, WEEKLY, key_of, moment_of, to_keep  # noqa: E402

FIRST = datetime(2023, 1, 1, 18, tzinfo=timezone.utc)


def test_two_years_of_days():
    """G28: 30 days, 12 weeks and 24 months remain of two and a half years."""
    keys = [key_of(FIRST + timedelta(days=n)) for n in range(900)]
    kept = sorted(to_keep(keys))
    assert kept[-30:] == keys[-30:]
    assert DAILY <= len(kept) <= DAILY + WEEKLY + MONTHLY
    assert len({moment_of(key).strftime("%Y-%m") for key in kept}) == MONTHLY


@settings(max_examples=200)
@given(st.lists(st.integers(0, 60 * 24 * 1000), max_size=60))
def test_newest_stays_and_pruning_again_changes_nothing(minutes):
    """G28: the newest is never removed, and what is kept stays kept."""
    keys = {key_of(FIRST + timedelta(minutes=n)) for n in minutes}
    kept = to_keep(keys | {"notes.txt", ".partial-20230101T180000Z"})
    assert kept <= keys
    assert to_keep(kept) == kept
    if keys:
        assert max(keys) in kept
