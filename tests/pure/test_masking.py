"""A mask never tells the number (000-06), and is stable."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from masking import (  # noqa: E402
    is_masked,
    mask_phone,
    mask_phones_in_text,
    mask_word,
    phone_digits,
)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0086 13812345678", "138****5678"),
        ("051266668888", "051****8888"),
        ("66668888", "****888"),
        ("12345", "****45"),
        ("110", "****"),
        ("", ""),
        (False, ""),
        ("138****5678", "138****5678"),
    ],
)
def test_mask_phone(number, shown):
    assert mask_phone(number) == shown


@given(st.text(alphabet="0123456789+- ()", max_size=25))
def test_digits_are_hidden(number):
    shown = phone_digits(mask_phone(number))
    digits = phone_digits(number)
    assert len(shown) <= max(len(digits) - 3, 0)
    assert not number or is_masked(mask_phone(number))


@given(st.text(alphabet="0123456789", min_size=7, max_size=15))
def test_no_number_is_left_in_a_text(number):
    text = mask_phones_in_text(f"请致电 {number} 谢谢")
    assert number not in text
    assert text.startswith("请致电 ")


def test_other_numbers_stay():
    assert mask_phones_in_text("订单 12-34") == "订单 12-34"


@given(st.text(min_size=1, max_size=40))
def test_mask_word_hides(word):
    shown = mask_word(word)
    assert shown != word or is_masked(word)
    assert mask_word(shown) == shown
