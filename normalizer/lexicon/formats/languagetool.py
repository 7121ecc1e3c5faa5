"""LanguageTool's confusion sets: ``their; there; 1000`` (either may stand for the other), ``bad -> good; 1000``."""

from __future__ import annotations

import re
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

FACTOR = 100
"""The factor that is written: how much likelier the other word has to be. The importer has no use for it."""

_SET = re.compile(r"(?P<words>.+?)\s*;\s*\d+(?:\.\d+)?\s*(?:#.*)?")


def looks_like(text: str) -> bool:
    """Whether most lines have words and a factor, separated by semicolons."""
    return share_of(text, _SET.fullmatch) > 0.5


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    """Words that are confused with one another need context, which is also their tier.

    >>> [(f.canonical, f.variant) for f in read("bad -> good; 10", Options()) if isinstance(f, Found)]
    [('good', 'bad')]
    """
    for number, line in content_lines(text):
        found = _SET.fullmatch(line)
        if found is None:
            yield Refused(number, "no 'word; word; factor'", line)
            continue
        arrow = "->" in found["words"]
        words = [part.partition("|")[0].strip() for part in re.split("->" if arrow else ";", found["words"])]
        if len(words) < 2 or (arrow and len(words) != 2):
            yield Refused(number, "not two words and a factor", line)
        elif arrow:
            yield Found(number, words[1], words[0], tier="context")
        else:
            for canonical in words:
                for variant in words:
                    if variant != canonical:
                        yield Found(number, canonical, variant, tier="context")


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """One line for each pair, with an arrow."""
    refused: list[Refused] = []
    lines: dict[str, None] = {}
    for pair in unconditional(outgoing(rows), refused):
        if re.search(r"[;#|]|->", pair.variant + pair.canonical):
            refused.append(unfit(pair, "';', '#', '|' and '->' have a meaning of their own in confusion sets"))
        else:
            lines[f"{pair.variant} -> {pair.canonical}; {FACTOR}\n"] = None
    return "".join(lines), refused
