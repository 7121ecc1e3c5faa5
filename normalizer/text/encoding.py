"""The encoding stage: mojibake, HTML entities, control and zero-width characters, homoglyphs.

Mojibake and entities are ftfy's work (Speer 2019, "ftfy: fixes text for you"), configured to leave alone whatever is
legitimate: typographic quotes, line breaks, ligatures, character widths, the Unicode normalisation form. ftfy is slow,
so one regular expression first finds the places that can need it, and only their lines (of very long lines, only their
surroundings) are repaired. The repaired line is compared with the original, and each difference becomes an edit that
covers whole words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from normalizer.edits import Edit
from normalizer.text.tokens import tokenize

WINDOW = 4096
"""How many code points of one line are repaired at a time."""

_NEAR = 8
"""How far around a suspicious pair ftfy's test for mojibake looks; its patterns span five code points at most."""

CONFIDENCE = {
    "mojibake": 0.99,
    "HTML entity": 0.99,
    "control character": 0.99,
    "zero-width character": 0.99,
    "homoglyph": 0.98,
}
"""The probability that a repair is right, by cause.

Every cause needs a pattern that clean prose has no use for, so all are high; homoglyphs are the ones that an author
may have meant (a word in two scripts).
"""

_HOMOGLYPHS = {
    **dict(zip("АВЕЗІЈКМНОРСТУХЅаеорсухіјѕһԁԛԝӏ", "ABE3IJKMHOPCTYXSaeopcyxijshdqwl", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True)),
}
del _HOMOGLYPHS["З"]  # looks like a digit, never like a letter
_FOREIGN = "".join(_HOMOGLYPHS)
_TO_LATIN = str.maketrans(_HOMOGLYPHS)
_LATIN = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_ZERO_WIDTH = r"\u200b-\u200d\u2060\ufeff"
_CONTROLS = r"\x00-\x08\x0e-\x1b\x7f\u206a-\u206f\ufff9-\ufffc"

_HTML = re.compile(r"<(?:!doctype\b|!--|/?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_CONTROL = re.compile(f"[{_CONTROLS}\ufeff]")
_ANY_ZERO_WIDTH = re.compile(f"[{_ZERO_WIDTH}]+")
_HIDDEN = re.compile(
    # Inside or behind a word; between "nd" and "Up" it may stand for a lost line break, so it stays there.
    rf"(?:(?<=[A-Z0-9])|(?<=[{_LATIN}])(?![{_ZERO_WIDTH}]+[A-Z]))[{_ZERO_WIDTH}]+"
    rf"(?=[{_LATIN}0-9\s.,;:!?\"'’”)\]]|\Z)"
    # In front of a word.
    rf"|(?<![^\s\"'‘“(\[])[{_ZERO_WIDTH}]+(?=[{_LATIN}0-9])"
)
_TWO_SCRIPTS = re.compile(rf"(?<!\w)(?:[{_LATIN}]+[{_FOREIGN}]|[{_FOREIGN}]+[{_LATIN}])[{_LATIN}{_FOREIGN}]*(?!\w)")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u03ff\u0400-\u052f]{2}")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_WORD_CHARACTER = re.compile(r"\w")


def repair_encoding(text: str) -> list[Edit]:
    """Find damaged characters in ``text``.

    Returns edits of kind ``encoding``, in order, with offsets in code points of ``text``. Clean text in any language
    gives none. A byte order mark at the beginning stays. Entities are left alone when the text is HTML.

    >>> [(e.start, e.original, e.replacement) for e in repair_encoding("A cafÃ© &amp; a bar, donâ€™t ask")]
    [(2, 'cafÃ©', 'café'), (8, '&amp;', '&'), (21, 'donâ€™t', 'don’t')]
    >>> repair_encoding("“Don’t,” she said… «été» 你好 👩‍💻 می‌خواهم")
    []
    """
    entities = "&" in text and not is_html(text)
    edits: list[Edit] = []
    for start, end in _damaged_stretches(text, entities):
        damaged = text[start:end]
        repaired = _repair(damaged, entities)
        if repaired != damaged:
            edits += _edits_between(damaged, repaired, start)
    return edits


def is_html(text: str) -> bool:
    """Whether ``text`` holds HTML or XML tags, in which case entities belong to the markup.

    >>> is_html("<p>R&amp;D</p>"), is_html("R&amp;D where a < b, see <https://example.org>")
    (True, False)
    """
    return "<" in text and _HTML.search(text) is not None


def _damaged_stretches(text: str, entities: bool) -> Iterator[tuple[int, int]]:
    """Lines, or windows of long lines, that hold something suspicious; without overlaps, in order."""
    if text.isascii() and not entities and _CONTROL.search(text) is None:
        return
    from ftfy.badness import is_bad

    suspicious = _suspicious(entities)
    done = place = 1 if text.startswith("\ufeff") else 0
    while found := suspicious.search(text, place):
        place = found.start()
        if found.lastgroup == "pair" and not is_bad(text[max(done, place - _NEAR) : place + _NEAR]):
            place += 1
            continue
        start = _cut_before(text, max(done, place - WINDOW // 2), place)
        end = text.find("\n", found.end(), start + WINDOW) + 1
        if not end:
            end = _cut_after(text, max(found.end(), min(len(text), start + WINDOW)))
        yield start, end
        done = place = end


def _cut_before(text: str, earliest: int, place: int) -> int:
    """Where a stretch around ``place`` should begin: at its line, or else between two words."""
    line = text.rfind("\n", earliest, place) + 1
    if line or earliest == 0 or text[earliest - 1] == "\n":
        return line or earliest
    return text.find(" ", earliest, place) + 1 or earliest


def _cut_after(text: str, latest: int) -> int:
    """Where a stretch that may not pass ``latest`` should end: between two words when there is a blank near."""
    if latest == len(text):
        return latest
    return text.rfind(" ", latest - WINDOW // 4, latest) + 1 or latest


@cache
def _suspicious(entities: bool) -> re.Pattern[str]:
    """The expression that must match wherever a repair is possible.

    UTF-8 read in a one-byte encoding shows as a lead byte's character and then a continuation byte's one, whichever
    of ftfy's encodings it was; the continuation may have been turned into a blank, a question mark or U+FFFD.
    """
    from ftfy import bad_codecs  # noqa: F401 - registers the "sloppy" codecs
    from ftfy.chardata import CHARMAP_ENCODINGS

    pairs: dict[str, set[str]] = {}
    for encoding in CHARMAP_ENCODINGS:
        leads = bytes(range(0xC2, 0xF5)).decode(encoding)
        continuations = set(bytes(range(0x80, 0xC0)).decode(encoding)) | {"\ufffd"}
        for lead in leads:
            pairs.setdefault(lead, set()).update(continuations)
    for lead in "ÂÃÅÎÐÙâãð":
        pairs[lead] |= {" ", "?"}
    same_followers: dict[frozenset[str], str] = {}
    for lead, followers in pairs.items():
        key = frozenset(followers)
        same_followers[key] = same_followers.get(key, "") + lead
    mojibake = "|".join(
        f"[{re.escape(leads)}][{re.escape(''.join(sorted(followers)))}]" for followers, leads in same_followers.items()
    )
    first = f"{''.join(pairs)}{_FOREIGN}"
    single = rf"{_CONTROLS}\x80-\x9f{_ZERO_WIDTH}\ud800-\udbff" + ("&" if entities else "")
    return re.compile(
        rf"(?=[{re.escape(first)}{single}])(?:[\x80-\x9f]|{_CONTROL.pattern}|{_HIDDEN.pattern}|{_SURROGATES.pattern}"
        rf"|{_ENTITY.pattern}|(?P<pair>{mojibake})|[{_FOREIGN}](?=[{_LATIN}])|(?<=[{_LATIN}])[{_FOREIGN}])"
    )


def _repair(line: str, entities: bool) -> str:
    """Repair one line. Repeats until nothing changes, because one repair can uncover another."""
    from ftfy import fix_and_explain

    while True:
        repaired = _SURROGATES.sub(_join_surrogates, line)
        repaired = fix_and_explain(
            repaired,
            unescape_html=entities,
            fix_latin_ligatures=False,
            fix_character_width=False,
            uncurl_quotes=False,
            fix_line_breaks=False,
            fix_surrogates=False,
            remove_control_chars=False,
            normalization=None,
            explain=False,
        ).text
        repaired = _CONTROL.sub("", _HIDDEN.sub("", repaired))
        if not _OTHER_SCRIPT.search(_TWO_SCRIPTS.sub("", repaired)):
            repaired = _TWO_SCRIPTS.sub(_to_latin, repaired)
        if repaired == line:
            return repaired
        line = repaired


def _join_surrogates(match: re.Match[str]) -> str:
    return match.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _to_latin(match: re.Match[str]) -> str:
    """The word in Latin letters only, when most of its letters are Latin already."""
    word = match.group()
    foreign = sum(letter in _HOMOGLYPHS for letter in word)
    return word.translate(_TO_LATIN) if foreign <= len(word) - foreign else word


class _Change(NamedTuple):
    """``before[start:end]`` becomes ``after[new_start:new_end]``."""

    start: int
    end: int
    new_start: int
    new_end: int


def _edits_between(before: str, after: str, offset: int) -> list[Edit]:
    edits = []
    for change in _whole_words(before, after, _changes(before, after)):
        original, replacement = before[change.start : change.end], after[change.new_start : change.new_end]
        cause = _cause(original, replacement)
        confidence = CONFIDENCE[cause]
        start = offset + change.start
        edits.append(
            Edit(
                start,
                start + len(original),
                original,
                replacement,
                "encoding",
                confidence,
                evidence=(f"encoding: {cause}",),
                safe=True,
            )
        )
    return edits


def _changes(before: str, after: str) -> list[_Change]:
    from rapidfuzz.distance import Levenshtein

    changes: list[_Change] = []
    for op in Levenshtein.opcodes(before, after):
        if op.tag == "equal":
            continue
        if changes and changes[-1].end == op.src_start:
            changes[-1] = changes[-1]._replace(end=op.src_end, new_end=op.dest_end)
        else:
            changes.append(_Change(op.src_start, op.src_end, op.dest_start, op.dest_end))
    return changes


def _whole_words(before: str, after: str, changes: list[_Change]) -> list[_Change]:
    """Widen changes to the words of ``after`` and the entities of ``before`` that they touch; join those that meet.

    Between two changes both texts are equal, so what a change gains on one side it gains on the other.
    """
    words = [(token.start, token.end) for token in tokenize(after) if _WORD_CHARACTER.match(token.text)]
    entities = [match.span() for match in _ENTITY.finditer(before)]
    joined: list[_Change] = []
    for index, change in enumerate(changes):
        word_start, word_end = _hull(words, change.new_start, change.new_end)
        entity_start, entity_end = _hull(entities, change.start, change.end)
        more_left = max(change.new_start - word_start, change.start - entity_start)
        more_right = max(word_end - change.new_end, entity_end - change.end)
        if index:
            more_left = min(more_left, change.start - changes[index - 1].end)
        if index + 1 < len(changes):
            more_right = min(more_right, changes[index + 1].start - change.end)
        wider = _Change(
            change.start - more_left,
            change.end + more_right,
            change.new_start - more_left,
            change.new_end + more_right,
        )
        if joined and wider.start <= joined[-1].end:
            joined[-1] = joined[-1]._replace(end=wider.end, new_end=wider.new_end)
        else:
            joined.append(wider)
    return joined


def _hull(spans: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end``, widened to the spans that they cut or cover. The spans are in order and apart."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    for span_start, span_end in spans[first:]:
        if span_start >= end:
            break
        start, end = min(start, span_start), max(end, span_end)
    return start, end


def _cause(original: str, replacement: str) -> str:
    if _ENTITY.search(original):
        return "HTML entity"
    if original.translate(_TO_LATIN) == replacement:
        return "homoglyph"
    if _ANY_ZERO_WIDTH.sub("", original) == replacement:
        return "zero-width character"
    if "\x1b" in original or _CONTROL.sub("", original) == replacement:
        return "control character"
    return "mojibake"
