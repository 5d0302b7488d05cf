"""Telephone numbers and other private words as everybody may see them."""

import re

STARS = "****"
# at least seven digits, as people write them: +86 138-1234-5678, 0512 6666 8888
PHONE = re.compile(r"\+?\d(?:[\d\-() ]{5,}\d)")


def phone_digits(text):
    """Return the digits of a number without 00, 86 and separators; "" for none.

    +86 138-1234-5678 and 0086 13812345678 are the same number as 13812345678.
    """
    digits = re.sub(r"\D", "", text or "").removeprefix("00")
    if len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
    return digits


def is_masked(text):
    """Whether a text is what a mask left of a value, and not a value."""
    return "**" in (text or "")


def mask_phone(text):
    """Return a telephone number as 138****5678; "" for nothing.

    A short number keeps its last two digits at most, so that no mask tells more than
    half of the number.
    """
    if not text:
        return ""
    if is_masked(text):
        return text
    digits = phone_digits(text)
    if len(digits) >= 11:
        return f"{digits[:3]}{STARS}{digits[-4:]}"
    if len(digits) >= 7:
        return f"{STARS}{digits[-3:]}"
    if len(digits) >= 5:
        return f"{STARS}{digits[-2:]}"
    return STARS


def mask_phones_in_text(text):
    """Return a text with every telephone number in it masked."""
    return PHONE.sub(
        lambda found: mask_phone(found[0])
        if sum(map(str.isdigit, found[0])) >= 7
        else found[0],
        text or "",
    )


def mask_word(text):
    """Return an account name or number as ab****yz; "" for nothing."""
    if not text:
        return ""
    if is_masked(text):
        return text
    text = str(text)
    if len(text) >= 8:
        return f"{text[:2]}{STARS}{text[-2:]}"
    if len(text) >= 4:
        return f"{text[0]}{STARS}"
    return STARS
