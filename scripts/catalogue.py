"""What a translation catalogue must be: pure functions on polib files."""

import re
from collections import Counter

import polib

# Odoo writes these new at every export; kept out so that a file changes with its terms.
VOLATILE = ("POT-Creation-Date", "PO-Revision-Date")
HEADER = {
    "Report-Msgid-Bugs-To": "",
    "Last-Translator": "",
    "Language-Team": "Chinese (Simplified)",
    "Language": "zh_CN",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[a-z]{3}")
MARKUP = re.compile(r"<[^>]*>|\{\{.*?\}\}|%\(\w+\)\w", re.S)
PLACEHOLDERS = (
    re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]"),
    re.compile(r"%(?:\.\d+)?[sdfr](?![a-zA-Z])"),
    re.compile(r"\{\{.*?\}\}"),
    re.compile(r"\$\{.*?\}"),
    re.compile(r"\{\w*\}"),
    re.compile(r"</?[a-zA-Z][\w.-]*"),
    re.compile(r"\bt-[\w-]+=\"[^\"]*\""),
)


def load(text):
    """Return the catalogue in a text, without the dates of its making."""
    catalogue = polib.pofile(text, wrapwidth=78)
    for name in VOLATILE:
        catalogue.metadata.pop(name, None)
    return catalogue


def shape(catalogue):
    """Return what a template says, for comparison: {msgid: (comment, references)}."""
    return {
        entry.msgid: (entry.comment, tuple(sorted(entry.occurrences)))
        for entry in catalogue
        if not entry.obsolete
    }


def placeholders(text):
    """Return how often each placeholder and tag stands in a text."""
    return Counter(hit for pattern in PLACEHOLDERS for hit in pattern.findall(text))


def compare(found, expected, label):
    """Return how a committed template differs from the one the database gives."""
    have, want = shape(found), shape(expected)
    lines = [f"{label}: new term {term!r}" for term in want if term not in have]
    lines += [f"{label}: term gone {term!r}" for term in have if term not in want]
    lines += [
        f"{label}: other references for {term!r}"
        for term in want
        if term in have and have[term] != want[term]
    ]
    return lines


def untranslated(entry):
    """Return whether an entry still reads as English."""
    return not entry.msgstr or (
        entry.msgstr == entry.msgid
        and not CHINESE.search(entry.msgid)
        and bool(ENGLISH.search(entry.msgid))
    )


def is_chinese(text):
    """Return whether a text is Chinese already, markup and placeholders aside."""
    plain = MARKUP.sub("", text)
    return bool(CHINESE.search(plain)) and not ENGLISH.search(plain)


def check_translation(catalogue, template, label):
    """Return what is not finished in a translation: missing, fuzzy, unlike, stray."""
    lines, wanted = [], {entry.msgid for entry in template}
    entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    lines += [f"{label}: obsolete {e.msgid!r}" for e in catalogue.obsolete_entries()]
    lines += [f"{label}: not in the template {m!r}" for m in entries if m not in wanted]
    for term in sorted(wanted):
        entry = entries.get(term)
        if entry is None or untranslated(entry):
            lines.append(f"{label}: not translated {term!r}")
        elif entry.fuzzy:
            lines.append(f"{label}: fuzzy {term!r}")
        elif placeholders(entry.msgid) != placeholders(entry.msgstr):
            lines.append(f"{label}: other placeholders or tags in {term!r}")
    return lines


def merge(template, sources, addon):
    """Return a translation of a template; for each term the first source that has it.

    A term already in Chinese stands for itself.
    """
    known = {}
    for source in sources:
        for entry in source:
            if entry.msgstr and not entry.obsolete and not entry.fuzzy:
                known.setdefault(entry.msgid, entry.msgstr)
    result = polib.POFile(wrapwidth=78)
    result.header = f"Simplified Chinese translation of {addon}.\n"
    result.metadata = {"Project-Id-Version": addon, **HEADER}
    for entry in template:
        same = entry.msgid if is_chinese(entry.msgid) else ""
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, same),
                comment=entry.comment,
                occurrences=entry.occurrences,
            )
        )
    return result
