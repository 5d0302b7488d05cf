"""Words never said are found however they are dressed up (N37, G12)."""

import string
import sys
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from phrase_match import find, fold, plain  # noqa: E402

WORDS = st.text(st.sampled_from("不知道可能没办法ABcd12"), min_size=1, max_size=6)
NOISE = st.text(
    st.sampled_from(string.punctuation.replace("<", "") + " 　，。！？…\n\t\u200b")
)


@given(WORDS, NOISE, NOISE)
def test_noise_between_letters_hides_nothing(word, noise, around):
    """N37: spaces and punctuation between the letters of a word are ignored."""
    dressed = around + noise.join(word) + around
    assert find(dressed, [(1, word)]) == [1]


@given(WORDS)
def test_full_width_and_case_hide_nothing(word):
    """N37: full-width letters are the same letters."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
    assert find(wide.swapcase(), [(1, word)]) == [1]


@given(st.text(), st.text())
def test_found_means_it_stands_there(text, word):
    """N37: what is found stands in the folded text, and nothing else is."""
    expected = bool(fold(word)) and fold(word) in fold(text)
    assert bool(find(text, [(1, word)])) == expected


@given(WORDS, st.sampled_from(["b", "span style='color:red'", "br/"]))
def test_tags_hide_nothing(word, tag):
    """N37: a tag inside a word does not hide it."""
    body = f"<{tag}>".join(word)
    assert find(plain(body), [(1, word)]) == [1]


def test_the_longer_word_says_it_all():
    """N37: a word inside a longer one is named only where it stands alone."""
    pairs = [("short", "不可能"), ("long", "绝对不可能")]
    assert find("绝对不可能", pairs) == ["long"]
    assert find("绝对不可能，不可能", pairs) == ["short", "long"]


def test_long_text_is_linear():
    """N37: ten megabytes of anything are read in seconds."""
    pairs = [(number, f"不知道{number}") for number in range(300)]
    for chunk in ("不", "<", "不 ，", "&", "不知", "<a", "&#"):
        text = chunk * (10_000_000 // len(chunk.encode()))
        begin = time.monotonic()
        find(plain(text), pairs)
        assert time.monotonic() - begin < 20
