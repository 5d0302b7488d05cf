"""Words of a question and of an article meet (003-40, 003-42)."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from chinese_words import MOST_WORDS, STOP_WORDS, TOKEN, Words, words_of  # noqa: E402

GROUPS = [("柜门", "门板", "橱门"), ("铰链", "合页"), ("色差", "颜色不一致")]
WORDS = Words(GROUPS)
TEXT = st.text(
    st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.sampled_from("柜门门板合页的了怎么衣 ,.!，。aA1９"),
        st.characters(),
    ),
    max_size=60,
)


def test_trade_words_stay_whole():
    assert "见光条" not in Words().cut("见光条掉了")
    trade = Words([("阻尼铰链",), ("收口条", "见光条")])
    assert "阻尼铰链" in trade.cut("更换阻尼铰链")
    assert "见光条" in trade.cut("见光条掉了")


@pytest.mark.parametrize(
    ("asked", "written"),
    [("门板掉下来了", "柜门"), ("合页响", "铰链"), ("橱门", "门板")],
)
def test_synonyms_meet(asked, written):
    found = {word for group in WORDS.question(asked) for word in group}
    assert written in found


def test_parts_of_long_words_are_found():
    index = WORDS.index("衣柜门板开裂").split()
    assert "门板" in index or "柜门" in index


def test_stop_words_and_signs_are_left_out():
    assert WORDS.cut("请问，怎么办？？？<b>的</i>") == ["b"]
    assert WORDS.cut(None) == []
    assert WORDS.question("") == []


def test_full_width_and_capitals_are_one():
    assert WORDS.cut("Ｅ１级 PUR") == WORDS.cut("e1级 pur")


@given(TEXT)
def test_only_clean_words_come_out(text):
    for word in WORDS.cut(text):
        assert TOKEN.fullmatch(word)
        assert word not in STOP_WORDS


@given(TEXT)
def test_same_groups_same_words(text):
    assert words_of(tuple(GROUPS)) is words_of(tuple(GROUPS))
    assert words_of(tuple(GROUPS)).index(text) == WORDS.index(text)


@given(TEXT)
def test_question_has_no_word_twice_and_an_end(text):
    asked = WORDS.question(text)
    flat = [word for group in asked for word in group]
    assert len(asked) <= MOST_WORDS
    assert len(flat) == len(set(flat))


@given(TEXT)
def test_what_is_written_is_found_by_itself(text):
    index = set(WORDS.cut(text))
    asked = WORDS.question(text)
    assert all(group[0] in index for group in asked)
