"""Annotations for GitHub Actions: workflow commands on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from normalizer.restoration import Restoration
from normalizer.review.listing import printable
from normalizer.review.places import path_text, short
from normalizer.text.lines import LineIndex


def github(results: Iterable[tuple[str, Restoration]], *, color: bool = False) -> Iterator[str]:
    """Yield ``::warning file=…,line=…,…::message`` for every finding. ``color`` means nothing here.

    Columns count code points from 1 and end exclusively; they are left out where a finding spans lines, for which
    GitHub does not take them.

    >>> from normalizer.edits import Edit
    >>> deal = Restoration("a safety deal", (Edit(2, 8, "safety", "security", "word", 0.987),))
    >>> print("".join(github([("a,b.txt", deal)])), end="")
    ::warning file=a%2Cb.txt,line=1,endLine=1,col=3,endColumn=9,title=normalizer%3A word::safety → security (0.99)
    """
    for name, restoration in results:
        index = LineIndex(restoration.original) if restoration.edits else None
        for edit in restoration.edits:
            assert index is not None
            (line, column), (end_line, end_column) = index.position(edit.start), index.position(edit.end)
            place = f"file={_property(path_text(name))},line={line},endLine={end_line}"
            if line == end_line:
                place += f",col={column},endColumn={end_column}"
            message = (
                f"{printable(short(edit.original))} → {printable(short(edit.replacement))} ({edit.confidence:.2f})"
            )
            yield f"::warning {place},title={_property(f'normalizer: {edit.kind}')}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
