"""Tables of spinners: ``key|variant|variant``, one entry a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from normalizer.lexicon.formats.records import (
    Found,
    Options,
    Refused,
    content_lines,
    outgoing,
    share_of,
    unconditional,
    unfit,
)
from normalizer.lexicon.table import Row


def looks_like(text: str) -> bool:
    """Whether most lines have two or more wordings between bars, and no tabs or braces."""
    return share_of(text, lambda line: "|" in line and not set(line) & set("\t{}")) > 0.5


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    """The key of a line is the canonical wording.

    >>> [found[:3] for found in read("war|warfare|conflict", Options())]
    [(1, 'war', 'warfare'), (1, 'war', 'conflict')]
    """
    for number, line in content_lines(text):
        key, *variants = (part.strip() for part in line.split("|"))
        if not variants:
            yield Refused(number, "no '|': a key and its variants are separated by bars", line)
        for variant in variants:
            yield Found(number, key, variant)


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """One line for each canonical, variants in order."""
    refused: list[Refused] = []
    lines: dict[str, dict[str, None]] = {}
    for pair in unconditional(outgoing(rows), refused):
        if pair.canonical.startswith("#"):
            refused.append(unfit(pair, "a line that begins with '#' would be a comment"))
        else:
            lines.setdefault(pair.canonical, {})[pair.variant] = None
    return "".join("|".join([key, *variants]) + "\n" for key, variants in lines.items()), refused
