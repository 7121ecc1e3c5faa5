"""codespell's dictionaries: ``bad->good``, ``bad->good, or good,`` and ``bad->good, reason not to correct it``."""

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
from normalizer.lexicon.table import Row, Tier


def looks_like(text: str) -> bool:
    """Whether most lines have an arrow, and none the factor of a confusion set."""
    return share_of(text, lambda line: re.match(r"[^\t|;]+->[^;]+$", line)) > 0.5


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    """Several corrections make the tier ``context``; a reason, for which codespell does not correct, ``report``.

    >>> [(f.canonical, f.variant, f.tier) for f in read("clas->class, clash,", Options()) if isinstance(f, Found)]
    [('class', 'clas', 'context'), ('clash', 'clas', 'context')]
    """
    for number, line in content_lines(text):
        bad, arrow, right = (part.strip() for part in line.partition("->"))
        if not arrow or not bad or not right:
            yield Refused(number, "no 'bad->good'", line)
            continue
        corrections, reason, tier = [right], "", None
        if right.endswith(","):
            corrections = [part.strip() for part in right.rstrip(",").split(",")]
            tier = "context"
        elif "," in right:
            *corrections, reason = (part.strip() for part in right.split(","))
            tier = "report"
        for correction in corrections:
            chosen: Tier | None = "context" if tier == "context" else "report" if tier else None
            yield Found(number, correction, bad, tier=chosen, note=reason)


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """Lines sorted by the wrong word; pairs of a tier that may not be applied blindly get the form without correction.

    codespell compares single words, so phrases are refused.
    """
    refused: list[Refused] = []
    lines: dict[str, dict[str, Tier]] = {}
    for pair in unconditional(outgoing(rows), refused):
        if not re.fullmatch(r"[\w'’-]+", pair.variant):
            refused.append(unfit(pair, "codespell knows single words only"))
        elif "," in pair.canonical:
            refused.append(unfit(pair, "a comma separates corrections"))
        else:
            known = lines.setdefault(pair.variant, {})
            known[pair.canonical] = pair.tier
    written = []
    for bad, corrections in sorted(lines.items()):
        joined = ", ".join(corrections)
        if len(corrections) > 1 or "context" in corrections.values():
            joined += ","
        elif "report" in corrections.values():
            joined += ", only a suggestion"
        written.append(f"{bad}->{joined}\n")
    return "".join(written), refused
