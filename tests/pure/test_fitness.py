"""An exam of three parts, its resit, the retraining, the end (000-81, 003-09)."""

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from fitness import FIRST, RESIT, RETRAINED, next_attempt, outcome, total  # noqa: E402

WEIGHTS = {"theory": 40, "system": 30, "mock": 30}
SCORE = st.one_of(st.none(), st.floats(0, 100))
SCORES = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, SCORE))
TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((80, 80, 80), "passed"),
        ((100, 60, 73.4), "passed"),
        ((100, 60, 66), "failed"),
        ((100, 100, 59.9), "failed"),
        ((59, None, None), "failed"),
        ((90, 90, None), "running"),
        ((None, None, None), "running"),
    ],
)
def test_outcome(scores, expected):
    scores = dict(zip(WEIGHTS, scores, strict=True))
    assert outcome(scores, WEIGHTS, 80, 60) == expected


def test_an_exam_without_parts_passes_nobody():
    assert outcome({}, {"theory": 0}, 0, 0) == "running"
    with pytest.raises(ValueError):
        total({}, {"theory": 0})


@given(SCORES)
def test_passed_means_every_part_and_the_sum(scores):
    found = outcome(scores, WEIGHTS, 80, 60)
    if found == "passed":
        assert all(score is not None and score > 59.99 for score in scores.values())
        assert total(scores, WEIGHTS) > 79.99
    if found == "running":
        assert None in scores.values()


@given(st.floats(0, 100))
def test_total_of_equal_scores_is_that_score(score):
    assert abs(total(dict.fromkeys(WEIGHTS, score), WEIGHTS) - score) < 1e-9


def test_the_way_down():
    until = TODAY + timedelta(days=3)
    after = TODAY + timedelta(days=10)
    assert next_attempt(0, TODAY) == (FIRST, None)
    assert next_attempt(FIRST, TODAY, until, after) == (RESIT, None)
    assert next_attempt(FIRST, until, until, after) == (RESIT, None)
    assert next_attempt(FIRST, until + timedelta(1), until, after) == (None, after)
    assert next_attempt(RESIT, TODAY, None, after) == (None, after)
    assert next_attempt(RESIT, after, None, after) == (RETRAINED, None)
    assert next_attempt(RETRAINED, after) == (None, None)
