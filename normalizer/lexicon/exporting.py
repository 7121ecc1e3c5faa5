"""Exporting: the pairs of tables in the formats of other tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from normalizer.lexicon.formats.records import Refused
from normalizer.lexicon.importing import format_named
from normalizer.lexicon.table import Row, Variant


class Exported(NamedTuple):
    """The text of the file, and the pairs that its format has no room for."""

    text: str
    refused: list[Refused]


def export_rows(rows: Iterable[Row], form: str, *, forms: bool = False) -> Exported:
    r"""Rows in one of the formats of ``normalizer.lexicon.importing.FORMATS``.

    With ``forms``, every inflected form is a pair of its own, for tools that do not inflect. Raises ``ConfigError`` for
    an unknown format, ``LexiconError`` when forms are asked for and LemmInflect is not installed.

    >>> from normalizer.lexicon.table import parse_row
    >>> export_rows([parse_row("tell\tv\tinform")], "codespell", forms=True).text.splitlines()[0]
    'inform->tell'
    """
    text, refused = format_named(form).write(inflected(rows) if forms else rows)
    return Exported(text, refused)


def inflected(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of fixed forms, one for each form of a canonical."""
    from normalizer.lexicon.inflection import expand

    for row in rows:
        by_form: dict[str, list[Variant]] = {}
        for pair in expand(row):
            by_form.setdefault(pair.canonical, []).append(Variant(pair.variant, pair.weight, pair.tier))
        for canonical, variants in by_form.items():
            yield row._replace(canonical=canonical, part_of_speech="x", variants=tuple(variants))
