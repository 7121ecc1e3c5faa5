"""The text report: one line for each finding, in the form that editors and terminals make clickable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from normalizer.restoration import Restoration
from normalizer.text.lines import LineIndex


def listing(
    results: Iterable[tuple[str, Restoration]], *, color: bool = False, evidence: bool = False
) -> Iterator[str]:
    """Yield ``path:line:col: original → replacement [kind] confidence`` for every applied edit.

    With ``evidence`` the reasons and the alternatives follow on lines of their own.

    >>> from normalizer.edits import Edit
    >>> deal = Restoration("a safety deal", (Edit(2, 8, "safety", "security", "word", 0.987),))
    >>> print("".join(listing([("news.txt", deal)])), end="")
    news.txt:1:3: safety → security [word] 0.99
    """
    for name, restoration in results:
        index = LineIndex(restoration.original) if restoration.edits else None
        for edit in restoration.edits:
            assert index is not None
            line, column = index.position(edit.start)
            place, old, new = f"{name}:{line}:{column}", printable(edit.original), printable(edit.replacement)
            if color:
                place, old, new = (
                    click.style(place, bold=True),
                    click.style(old, fg="red"),
                    click.style(new, fg="green"),
                )
            yield f"{place}: {old} → {new} [{edit.kind}] {edit.confidence:.2f}\n"
            if evidence:
                yield from (f"    {printable(reason)}\n" for reason in edit.evidence)
                yield from (f"    or {printable(a.text)} {a.confidence:.2f}\n" for a in edit.alternatives)


def printable(text: str) -> str:
    r"""The text on one line, with invisible characters as escapes; empty text as ``""``.

    >>> print(printable("Hello\u200bworld\n"), printable(""))
    Hello\u200bworld\n ""
    """
    if not text:
        return '""'
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
