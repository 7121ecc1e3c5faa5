"""What the readers of all formats give, and what the writers take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from normalizer.lexicon.table import Condition, PartOfSpeech, Row, Tier


class Found(NamedTuple):
    """A pair that a file holds, and the number of its line. None: the file does not say."""

    line: int
    canonical: str
    variant: str
    part_of_speech: PartOfSpeech | None = None
    tier: Tier | None = None
    weight: float | None = None
    condition: Condition = Condition()
    note: str = ""
    source: str = ""


class Refused(NamedTuple):
    """Something that was not taken: the number of its line (0: of no line), why, and the beginning of it."""

    line: int
    reason: str
    text: str = ""


class Options(NamedTuple):
    """What a file does not say of itself. ``columns`` maps our names of columns to those of the file."""

    columns: Mapping[str, str] = {}


class Format(Protocol):
    """A module of this package."""

    looks_like: Callable[[str], bool]
    read: Callable[[str, Options], Iterator[Found | Refused]]
    write: Callable[[Iterable[Row]], tuple[str, list[Refused]]]


class Outgoing(NamedTuple):
    """A pair on its way out."""

    row: Row
    canonical: str
    variant: str
    tier: Tier


def outgoing(rows: Iterable[Row]) -> Iterator[Outgoing]:
    """The pairs of rows, in order."""
    for row in rows:
        for variant, tier in zip(row.variants, row.tiers, strict=True):
            yield Outgoing(row, row.canonical, variant.text, tier)


def unconditional(pairs: Iterable[Outgoing], refused: list[Refused]) -> Iterator[Outgoing]:
    """The pairs without conditions; the others are added to ``refused``, for most formats have no room for them."""
    for pair in pairs:
        if pair.row.condition == Condition():
            yield pair
        else:
            refused.append(unfit(pair, "the format has no conditions"))


def unfit(pair: Outgoing, reason: str) -> Refused:
    """A pair that a format cannot hold, with the line of its entry."""
    line = pair.row.place.rpartition(":")[2]
    return Refused(int(line) if line.isdigit() else 0, reason, f"{pair.canonical} -> {pair.variant}")


def content_lines(text: str, comment: str = "#") -> Iterator[tuple[int, str]]:
    """The lines that hold something, stripped, with their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line and not (comment and line.startswith(comment)):
            yield number, line


def share_of(text: str, holds: Callable[[str], object], most: int = 200) -> float:
    """The share of the first lines for which ``holds`` is true."""
    lines = [line for _, (_, line) in zip(range(most), content_lines(text), strict=False)]
    return sum(1 for line in lines if holds(line)) / len(lines) if lines else 0.0
