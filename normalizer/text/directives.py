"""Comments that tell the tool to keep its hands off: ``normalizer: ignore`` and its relatives."""

from __future__ import annotations

import re

_DIRECTIVE = re.compile(r"normalizer:[ \t]*(ignore(?:-next-line|-start|-end)?)(?!\w|-(?!->))")
_OPENER = re.compile(
    r"""
    (?: <!-- | /\* | \{\# | \(\* | // | \# | % | ; | --
      | (?: \A | (?<=[\n\r\u2028\u2029]) ) [ \t]{0,20}
        (?: \.\.[ \t] | \*[ \t] | \[[^\]\n\r]{0,20}\]:[ \t]?(?:\#|<>)[ \t]?[("'] ) )
    [ \t*]{0,20}\Z
    """,
    re.VERBOSE,
)
_OPENER_LENGTH = 80
_LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029]")


def ignored_spans(text: str) -> list[tuple[int, int]]:
    r"""The spans that comments in ``text`` exempt from edits: start, end (code points, end exclusive), in order.

    ``normalizer: ignore`` exempts its own line, ``ignore-next-line`` the next line that is not blank, ``ignore-start``
    everything up to ``ignore-end`` or the end of the text. Spans may touch but do not overlap. Any comment form will
    do: ``<!-- -->``, ``#``, ``//``, ``%``, ``;``, ``--``, ``/* */``, ``{# #}``, ``(* *)``, ``..``, ``[//]: # ()``.

    >>> text = "one\ntwo  <!-- normalizer: ignore -->\nthree\n"
    >>> [text[start:end] for start, end in ignored_spans(text)]
    ['two  <!-- normalizer: ignore -->']
    """
    if "normalizer:" not in text:
        return []
    spans: list[tuple[int, int]] = []
    block: int | None = None
    start = 0
    for match in _DIRECTIVE.finditer(text):
        opener = _OPENER.search(text, max(0, match.start() - _OPENER_LENGTH), match.start())
        if not opener:
            continue
        directive = match[1]
        if block is not None:
            if directive == "ignore-end":
                spans.append((block, match.end()))
                block = None
            continue
        start, end = _line_start(text, start, match.start()), _line_end(text, match.end())
        if directive == "ignore-start":
            block = opener.start()
        elif directive == "ignore":
            spans.append((start, end))
        else:
            spans.append((opener.start(), match.end()))
            if directive == "ignore-next-line" and (following := _next_line(text, end)):
                spans.append(following)
    if block is not None:
        spans.append((block, len(text)))
    return _merged(spans)


def _line_start(text: str, earlier: int, position: int) -> int:
    """Where the line of ``position`` starts; ``earlier`` is the start of some line before."""
    return max(max(text.rfind(end, earlier, position) for end in "\n\r\u2028\u2029") + 1, earlier)


def _line_end(text: str, position: int) -> int:
    match = _LINE_END.search(text, position)
    return match.start() if match else len(text)


def _next_line(text: str, end: int) -> tuple[int, int] | None:
    """The first line with something on it after the line that ends at ``end``."""
    while match := _LINE_END.match(text, end):
        start = match.end()
        end = _line_end(text, start)
        if text[start:end].strip():
            return start, end
    return None


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
