r"""Lint: what is wrong with a table, and what to do about it.

Pure functions over a parsed table. Every finding has a code, and most can be put right mechanically: ``fix_table``
gives the table that has none of these any more. The codes are explained in ``docs/lexicons.md``.

    >>> from normalizer.lexicon.table import parse_table
    >>> for finding in lint_table(parse_table("color\tn\tcolour\nway\tn\tway|path\n", "my.tsv")):
    ...     print(f"{finding.place}: {finding.code}: {finding.message}")
    my.tsv:1: dialect: 'colour' is another spelling of 'color', and both are right
    my.tsv:2: identity: 'way' stands for itself
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from normalizer.lexicon.dialect import differ_in_dialect
from normalizer.lexicon.frequency import Frequencies
from normalizer.lexicon.inflection import expand
from normalizer.lexicon.table import Condition, PartOfSpeech, Row, Table, Tier, Variant, format_row, read_source
from normalizer.resources import lexicon_path
from normalizer.text.sentences import sentences
from normalizer.text.tokens import words

CODES = {
    "order": "an entry stands at the wrong place in its file",
    "form": "a line is not written in the canonical form",
    "duplicate-entry": "two entries of the same canonical, part of speech and conditions",
    "duplicate-variant": "a variant stands twice in an entry",
    "duplicate-pair": "a fixed form repeats a pair that an inflected entry has already",
    "identity": "a variant is the canonical itself",
    "dialect": "canonical and variant differ in British and American spelling only",
    "spelling": "the variant is the commoner of two spellings that differ in hyphens and spaces only",
    "offensive": "the canonical, which is what gets written, has an offensive word",
    "unknown-word": "the canonical has a word that nobody has ever seen",
    "unreachable": "no text can match the variant",
    "common-variant": "the variant is far commoner than the canonical, and nothing says why it may be replaced",
    "fingerprint": "clean prose has the variant of an entry in the fingerprint tier",
    "cascade": "what a fingerprint is repaired to is a fingerprint itself",
}
"""All codes, and what each stands for."""

MUCH_COMMONER = 1.0
"""A variant is far commoner than its canonical from this difference on (Zipf scale: ten times as common).

Of 694 right edits of the safe tier on the goldens 17 have a variant that is commoner by 0.5 or more, 5 by 1.0 or more:
the limit costs the safe tier next to nothing.
"""


_PUNCTUATION = frozenset(".,;:!?…'\"()[]-–—")


class Finding(NamedTuple):
    """Something wrong at a place (``file:line``): what it is, and what to do. ``fixable``: ``fix_table`` does it."""

    place: str
    code: str
    message: str
    advice: str
    fixable: bool = False


def lint_table(table: Table, frequencies: Frequencies | None = None) -> list[Finding]:
    """Everything that is wrong with one table, in the order of its lines.

    Without ``frequencies`` the checks that need them (unknown-word, common-variant, fingerprint) are left out.
    """
    findings = [*_lint_order(table.rows), *_lint_form(table)]
    findings += lint_together([table.rows])
    for row in table.rows:
        findings += lint_row(row, frequencies)
    line = {row.place: number for number, row in enumerate(table.rows)}
    return sorted(findings, key=lambda finding: line[finding.place])


def lint_together(tables: Iterable[Sequence[Row]]) -> Iterator[Finding]:
    """What is wrong between the entries of one table or several: entries and pairs that stand twice, and cascades."""
    first: dict[tuple[str, str, PartOfSpeech, Condition], Row] = {}
    rows: list[Row] = []
    for table in tables:
        for row in table:
            rows.append(row)
            known = first.setdefault(row.key, row)
            if known is not row:
                same = _file(known) == _file(row)
                yield Finding(
                    row.place,
                    "duplicate-entry",
                    f"{row.canonical!r} ({row.part_of_speech}) stands at {known.place} already",
                    "merge the two entries",
                    fixable=same,
                )
    speaker = speakers(rows)
    for row in rows:
        for variant in row.variants:
            other = speaker[_pair(row, variant)]
            if row.part_of_speech in _FIXED and other.part_of_speech != row.part_of_speech:
                yield Finding(
                    row.place,
                    "duplicate-pair",
                    f"{row.canonical!r} -> {variant.text!r} stands at {other.place} as {other.part_of_speech!r} too",
                    "remove the variant here",
                    fixable=_file(other) == _file(row),
                )
    yield from _lint_cascades(rows)


_FIXED: tuple[PartOfSpeech, ...] = ("adv", "x")
"""Parts of speech of which only the words as written are used."""

Pair = tuple[str, tuple[str, ...], Condition]


def _pair(row: Row, variant: Variant) -> Pair:
    return row.canonical, words(variant.text), row.condition


def speakers(rows: Iterable[Row]) -> dict[Pair, Row]:
    """The entry that speaks for each pair: an inflected one before an adverb before a fixed form."""
    found: dict[Pair, Row] = {}
    for row in sorted(
        rows, key=lambda row: _FIXED.index(row.part_of_speech) + 1 if row.part_of_speech in _FIXED else 0
    ):
        for variant in row.variants:
            found.setdefault(_pair(row, variant), row)
    return found


def lint_row(row: Row, frequencies: Frequencies | None = None) -> Iterator[Finding]:
    """What is wrong with one entry by itself."""
    place, canonical = row.place, row.canonical
    for word in words(canonical):
        if word in offensive_words():
            yield Finding(place, "offensive", f"{canonical!r} would be written", "remove the entry")
        elif frequencies and not row.note and word in canonical and frequencies.unknown(word):
            yield Finding(
                place,
                "unknown-word",
                f"{word!r} in {canonical!r} is in no source of frequencies",
                "correct the spelling, or explain the word with note=",
            )
    seen: set[tuple[str, ...]] = set()
    for variant, tier in zip(row.variants, row.tiers, strict=True):
        text, surface = variant.text, words(variant.text)
        if surface == words(canonical):
            yield Finding(place, "identity", f"{text!r} stands for itself", "remove the variant", fixable=True)
            continue
        if differ_in_dialect(canonical, text):
            message = f"{text!r} is another spelling of {canonical!r}, and both are right"
            yield Finding(place, "dialect", message, "remove the variant", fixable=True)
            continue
        if frequencies and other_spelling(canonical, text, frequencies):
            message = f"{text!r} is the commoner spelling of {canonical!r}"
            yield Finding(place, "spelling", message, "remove the variant", fixable=True)
            continue
        if surface in seen:
            yield Finding(place, "duplicate-variant", f"{text!r} stands twice", "keep the first", fixable=True)
            continue
        seen.add(surface)
        if reason := why_unreachable(row, variant):
            yield Finding(place, "unreachable", f"{text!r} {reason}", "correct or remove the variant", fixable=True)
        elif frequencies:
            yield from _lint_frequency(row, text, tier, frequencies)


def why_unreachable(row: Row, variant: Variant) -> str:
    r"""Why no text can match a variant, in any form; empty when one can.

    >>> from normalizer.lexicon.table import parse_row
    >>> row = parse_row("stop\tx\tend. Period|come to an end")
    >>> [why_unreachable(row, variant) for variant in row.variants]
    ['is parted by the end of a sentence', '']
    """
    surface = words(variant.text)
    if all(token in _PUNCTUATION for token in surface):
        return "has no word, number or sign"
    forms = [pair.variant for pair in expand(row._replace(variants=(variant,)))]
    if not forms:
        return f"has no form that goes with {row.canonical!r} as {row.part_of_speech!r}"
    for form in forms:
        if surface[0] == "-" and len(surface) > 1:
            text, tokens = f"The word{form} here", ("word-" + surface[1], *words(form)[2:])
        else:
            text, tokens = f"The word {form} here", words(form)
        if any(_within(tokens, [token.norm for token in sentence]) for sentence in sentences(text)):
            return ""
    return "is parted by the end of a sentence" if len(list(sentences(text))) > 1 else "is part of a longer token"


def fix_table(table: Table, frequencies: Frequencies | None = None) -> Table:
    """The table with everything put right that can be, without asking: ``format_table`` writes it.

    Drops variants that repeat, that are the canonical itself or its other spelling, or that cannot be reached; merges
    entries; moves common variants to the tier ``context``, and unjustified fingerprints to ``spun``.
    """
    merged: dict[tuple[str, str, PartOfSpeech, Condition], tuple[Row, tuple[str, ...]]] = {}
    for index, row in enumerate(table.rows):
        above = table.comments[index] if table.comments else ()
        if row.key in merged:
            known, comments = merged[row.key]
            merged[row.key] = _merge(known, row), (*comments, *above)
        else:
            merged[row.key] = row, above
    speaker = speakers(row for row, _ in merged.values())
    rows = [(_fix_row(row, speaker, frequencies), above) for row, above in merged.values()]
    kept = sorted((pair for pair in rows if pair[0].variants), key=lambda pair: pair[0].key)
    lost = [line for row, above in rows if not row.variants for line in above]
    return table._replace(
        rows=tuple(row for row, _ in kept),
        comments=tuple(above for _, above in kept),
        tail=(*lost, *table.tail),
        lines=tuple(format_row(row, table.defaults) for row, _ in kept),
    )


@cache
def offensive_words() -> frozenset[str]:
    """The words that no entry may write (``lexicons/en/offensive.tsv``)."""
    text = read_source(lexicon_path("en/offensive.tsv"))
    return frozenset(line.strip() for line in text.split("\n") if line.strip() and not line.startswith("#"))


def _lint_order(rows: Sequence[Row]) -> Iterator[Finding]:
    for before, row in pairwise(rows):
        if row.key < before.key:
            message = f"{row.canonical!r} comes before {before.canonical!r}"
            yield Finding(row.place, "order", message, "sort the file by canonical", fixable=True)


def _lint_form(table: Table) -> Iterator[Finding]:
    for row, line in zip(table.rows, table.lines, strict=True):
        if line != format_row(row, table.defaults):
            expected = format_row(row, table.defaults).replace("\t", " <TAB> ")
            yield Finding(row.place, "form", "not the canonical form", f"write {expected}", fixable=True)


def _lint_frequency(row: Row, text: str, tier: Tier, frequencies: Frequencies) -> Iterator[Finding]:
    if tier == "fingerprint" and not frequencies.unseen(text):
        yield Finding(
            row.place,
            "fingerprint",
            f"clean prose may have {text!r}: all its words and pairs of words are known",
            "use the tier spun",
            fixable=True,
        )
    elif too_common(row, text, tier, frequencies):
        yield Finding(
            row.place,
            "common-variant",
            f"{text!r} ({frequencies.zipf(text):.1f}) is far commoner than {row.canonical!r} "
            f"({frequencies.zipf(row.canonical):.1f})",
            "use the tier context, or say with note= why it may be replaced",
            fixable=True,
        )


def other_spelling(canonical: str, variant: str, frequencies: Frequencies) -> bool:
    """Whether the variant differs from the canonical in hyphens and spaces only, and is the commoner of the two.

    >>> from normalizer.lexicon.frequency import load_frequencies
    >>> frequencies = load_frequencies()
    >>> other_spelling("web site", "website", frequencies), other_spelling("website", "web site", frequencies)
    (True, False)
    """
    one, other = (_SEPARATORS.sub("", text).casefold() for text in (canonical, variant))
    return one == other and frequencies.zipf(variant) > frequencies.zipf(canonical)


_SEPARATORS = re.compile(r"[\W_]+")


def too_common(row: Row, text: str, tier: Tier, frequencies: Frequencies) -> bool:
    """Whether a variant is so much commoner than the canonical that it takes a note or the tier ``context``."""
    if row.note or tier in ("context", "report") or any(row.condition):
        return False
    return frequencies.zipf(text) - frequencies.zipf(row.canonical) >= MUCH_COMMONER


def _lint_cascades(rows: Sequence[Row]) -> Iterator[Finding]:
    """Fingerprints are repaired anywhere, so what they are repaired to must hold no fingerprint."""
    fingerprints: Mapping[tuple[str, ...], Row] = {
        words(variant.text): row
        for row in rows
        for variant, tier in zip(row.variants, row.tiers, strict=True)
        if tier == "fingerprint" and not any(row.condition)
    }
    for row in rows:
        if "fingerprint" not in row.tiers:
            continue
        tokens = words(row.canonical)
        for start in range(len(tokens)):
            for end in range(start + 1, len(tokens) + 1):
                other = fingerprints.get(tokens[start:end])
                if other:
                    yield Finding(
                        row.place,
                        "cascade",
                        f"{' '.join(tokens[start:end])!r} in {row.canonical!r} is a fingerprint of {other.canonical!r} "
                        f"({other.place})",
                        "correct one of the two",
                    )


def _fix_row(row: Row, speaker: Mapping[Pair, Row], frequencies: Frequencies | None) -> Row:
    kept: list[Variant] = []
    seen: set[tuple[str, ...]] = set()
    for variant, tier in zip(row.variants, row.tiers, strict=True):
        surface = words(variant.text)
        if surface in seen or surface == words(row.canonical) or differ_in_dialect(row.canonical, variant.text):
            continue
        seen.add(surface)
        if row.part_of_speech in _FIXED and speaker[_pair(row, variant)].part_of_speech != row.part_of_speech:
            continue
        if why_unreachable(row, variant):
            continue
        if frequencies:
            if other_spelling(row.canonical, variant.text, frequencies):
                continue
            if tier == "fingerprint" and not frequencies.unseen(variant.text):
                tier = "spun"
            if too_common(row, variant.text, tier, frequencies):
                tier = "context"
        kept.append(variant._replace(tier=tier if tier != row.tier else None))
    return row._replace(variants=tuple(kept))


def _merge(known: Row, row: Row) -> Row:
    """Two entries as one: the variants of the first, then those that only the second has."""
    extra = [
        variant._replace(tier=tier if tier != known.tier else None)
        for variant, tier in zip(row.variants, row.tiers, strict=True)
    ]
    notes = dict.fromkeys(note for note in (known.note, row.note) if note)
    return known._replace(variants=(*known.variants, *extra), note="; ".join(notes), source=known.source or row.source)


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    size = len(part)
    return any(tuple(whole[start : start + size]) == tuple(part) for start in range(len(whole) - size + 1))


def _file(row: Row) -> str:
    return str(Path(row.place.rpartition(":")[0]))
