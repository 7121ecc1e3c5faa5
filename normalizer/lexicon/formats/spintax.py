"""Spintax: sets such as ``{said|stated|announced}``, alone on a line or in the middle of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from normalizer.lexicon.formats import spinner
from normalizer.lexicon.formats.records import Found, Options, Refused, share_of
from normalizer.lexicon.table import Row

_INNERMOST = re.compile(r"\{([^{}]*)\}")


def looks_like(text: str) -> bool:
    """Whether there are sets in every other line, and no marks of our own tables, which stand in columns."""
    return share_of(text, lambda line: re.search(r"\{[^{}|]+\|[^{}]*\}", line)) > 0.5 and "\t" not in text


def read(text: str, options: Options) -> Iterator[Found | Refused]:
    """The first option of a set is the canonical wording.

    Sets with sets inside are refused: their options are no wordings.

    >>> [found[:3] for found in read("He {said|stated} it.", Options())]
    [(1, 'said', 'stated')]
    """
    depth, begin = 0, 0
    for mark in re.finditer(r"[{}]", text):
        if mark.group() == "{":
            begin, depth = (mark.start() if depth == 0 else begin), depth + 1
            continue
        depth -= 1
        if depth > 0:
            continue
        number = text.count("\n", 0, begin if depth == 0 else mark.start()) + 1
        if depth < 0:
            yield Refused(number, "'}' without '{'", text[max(0, mark.start() - 30) : mark.end()])
            depth = 0
            continue
        whole = text[begin : mark.end()]
        options_ = [option.strip() for option in whole[1:-1].split("|")]
        if not _INNERMOST.fullmatch(whole):
            yield Refused(number, "a set inside a set; resolve the inner one first", whole)
        elif len(options_) < 2:
            yield Refused(number, "a set with one option", whole)
        else:
            for option in options_[1:]:
                yield Found(number, options_[0], option)
    if depth:
        yield Refused(text.count("\n", 0, begin) + 1, "'{' without '}'", text[begin : begin + 40])


def write(rows: Iterable[Row]) -> tuple[str, list[Refused]]:
    """One set a line, the canonical first."""
    lines, refused = spinner.write(rows)
    return "".join(f"{{{line}}}\n" for line in lines.splitlines()), refused
