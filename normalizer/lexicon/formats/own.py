"""Our own tables, so that they can be merged and re-written like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from normalizer.errors import LexiconError
from normalizer.lexicon.formats.records import Found, Options, Refused, share_of
from normalizer.lexicon.table import PARTS_OF_SPEECH, Defaults, Row, Table, format_table, parse_row, parse_table


def looks_like(text: str) -> bool:
    """Whether most lines have a part of speech in its second column."""
    return share_of(text, lambda line: line.split("\t")[1:2] and line.split("\t")[1].strip() in PARTS_OF_SPEECH) > 0.5


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    r"""The pairs of a table; a broken line is refused, the others are taken.

    >>> [found[:3] for found in read("war\tn\twarfare|conflict", Options())]
    [(1, 'war', 'warfare'), (1, 'war', 'conflict')]
    """
    lines = text.splitlines()
    try:
        defaults = parse_table("\n".join(line for line in lines if line.startswith("#!"))).defaults
    except LexiconError as error:
        yield Refused(1, str(error))
        defaults = Defaults()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            row = parse_row(line, f"line {number}", defaults)
        except LexiconError as error:
            yield Refused(number, str(error).removeprefix(f"line {number}: "), line)
            continue
        for variant, tier in zip(row.variants, row.tiers, strict=True):
            condition, note, source = row.condition, row.note, row.source
            yield Found(
                number,
                row.canonical,
                variant.text,
                row.part_of_speech,
                tier,
                variant.weight,
                condition,
                note,
                source,
            )


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """One table with all rows, those of one canonical under the same conditions united."""
    united: dict[object, Row] = {}
    for row in rows:
        marked = tuple(
            variant._replace(tier=tier if tier != "spun" else None)
            for variant, tier in zip(row.variants, row.tiers, strict=True)
        )
        known = united.get(row.key)
        first = {variant.text: variant for variant in (*(known.variants if known else ()), *marked)[::-1]}
        order = dict.fromkeys(variant.text for variant in (*(known.variants if known else ()), *marked))
        variants = tuple(first[text] for text in order)
        united[row.key] = (known or row)._replace(variants=variants, tier="spun")
    return format_table(Table(tuple(united.values()))), []
