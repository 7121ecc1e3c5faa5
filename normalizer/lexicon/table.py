"""Substitution tables: the source of the lexicon, plain text for people and diffs.

A line is ``canonical <TAB> part of speech <TAB> variant|variant|…``, variants most likely first. Parts of speech:
``n`` (plural forms follow), ``v`` (inflected forms follow; a multi-word variant inflects its first word), ``adj``
(comparative and superlative follow), ``adv``, and ``x`` for a fixed form. Empty lines and lines that start with ``#``
are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from normalizer.errors import LexiconError

PartOfSpeech = Literal["n", "v", "adj", "adv", "x"]


class Row(NamedTuple):
    """One entry of a table: a canonical wording and what spinners write for it."""

    canonical: str
    part_of_speech: PartOfSpeech
    variants: tuple[str, ...]


def read_table(path: Path | str) -> Iterator[Row]:
    """The rows of a table file.

    Raises ``LexiconError`` with file and line for anything that is not a row.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8 at byte {error.start}; save the table as UTF-8") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield parse_row(line.rstrip("\r"), f"{path}:{number}")


def parse_row(line: str, place: str = "line") -> Row:
    r"""Parse one row; ``place`` names it in error messages.

    >>> parse_row("war\tn\twarfare|conflict")
    Row(canonical='war', part_of_speech='n', variants=('warfare', 'conflict'))
    """
    fields = line.split("\t")
    if len(fields) != 3:
        raise LexiconError(
            f"{place}: {len(fields)} column(s) where 3 belong (canonical, part of speech, variants), separated by tabs"
        )
    canonical, part, joined = (field.strip() for field in fields)
    variants = tuple(variant.strip() for variant in joined.split("|"))
    if part not in get_args(PartOfSpeech):
        raise LexiconError(f"{place}: {part!r} is no part of speech; use one of {', '.join(get_args(PartOfSpeech))}")
    if not canonical or not all(variants):
        raise LexiconError(f"{place}: an empty canonical or variant")
    return Row(canonical, part, variants)  # type: ignore[arg-type]
