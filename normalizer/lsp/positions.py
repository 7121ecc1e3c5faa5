"""Positions as the language server protocol counts them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""The units that characters within a line are counted in; an editor and the server agree on one."""

_WIDTHS: dict[Encoding, tuple[str, int]] = {
    "utf-8": ("utf-8", 1),
    "utf-16": ("utf-16-le", 2),
    "utf-32": ("utf-32-le", 4),
}
_LINE_END = re.compile(r"\r\n|\n|\r")


class Positions:
    r"""Maps offsets (code points) of a text to lines and characters from 0, and back.

    Lines end with ``\n``, ``\r\n`` or ``\r`` and nothing else.

    >>> places = Positions("one\n😀 two", "utf-16")
    >>> places.position(6), places.offset(1, 3)
    ((1, 3), 6)
    """

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self._text = text
        self._codec, self._width = _WIDTHS[encoding]
        ends = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]

    def position(self, offset: int) -> tuple[int, int]:
        """The line and character of a code point."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self._text[self._starts[line] : offset])

    def offset(self, line: int, character: int) -> int:
        """The code point at a line and character; the nearest one when they lie outside of the text."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        content = self._text[self._starts[line] : self._ends[line]]
        data = content.encode(self._codec, "surrogatepass")[: max(0, character) * self._width]
        return self._starts[line] + len(data.decode(self._codec, "ignore"))

    def _units(self, text: str) -> int:
        return len(text.encode(self._codec, "surrogatepass")) // self._width
