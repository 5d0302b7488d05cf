"""Sixty-five articles of a furniture maker's after-sales desk, and fifty questions.

Each question is asked as a customer would, in other words than the article's.
"""

from pathlib import Path

HERE = Path(__file__).parent / "data"


def _rows(name):
    text = (HERE / name).read_text(encoding="utf-8")
    return [line.split("|") for line in text.splitlines()]


ARTICLES = _rows("articles.txt")  # key, title, problem, steps
QUESTIONS = _rows("questions.txt")  # question, key of the right article
