"""Find phrases in what people write, however they space or dress it up.

No Odoo here. Everything is linear in the text: each phrase is looked for by the
string search of C, and no expression can go back over what it has read.
"""

import html
import re
import unicodedata

_TAGS = re.compile(r"<[^<>]*>")
_NO_WORDS = re.compile(r"[\W_]+")


def plain(body):
    """Text of an HTML body: tags gone without a trace, entities resolved.

    A tag inside a word does not hide the word.
    """
    return html.unescape(_TAGS.sub("", body))


def fold(text):
    """One shape for every way of writing: full width, case, spaces, punctuation."""
    return _NO_WORDS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def find(text, phrases):
    """Phrases that occur in a text, in the order given.

    :param str text: what was written, plain
    :param phrases: [(key, phrase)]; a phrase without letters or digits never occurs
    :return: [key]; a phrase inside a longer one that occurs wherever it does is left
        out: the longer one says it all
    """
    folded = fold(text)
    found = []
    for key, phrase in phrases:
        needle = fold(phrase)
        if needle and needle in folded:
            found.append((key, needle))
    return [
        key
        for key, needle in found
        if not any(
            needle != longer
            and needle in longer
            and folded.count(needle) == folded.count(longer) * longer.count(needle)
            for _key, longer in found
        )
    ]
