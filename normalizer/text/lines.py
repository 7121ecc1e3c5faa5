"""Lines and columns, the way editors count them."""

from __future__ import annotations

from bisect import bisect_right


class LineIndex:
    r"""Finds the line and column of a place in a text. Only ``\n`` ends a line; columns are code points from 1.

    >>> LineIndex("one\ntwo\n").position(5)
    (2, 2)
    """

    def __init__(self, text: str) -> None:
        self._starts = [0]
        place = text.find("\n")
        while place >= 0:
            self._starts.append(place + 1)
            place = text.find("\n", place + 1)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column, both from 1, of the code point at ``offset``."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
