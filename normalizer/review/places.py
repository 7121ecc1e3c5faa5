"""Places and paths as machine-readable reports spell them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from normalizer.text.lines import LineIndex

SHOWN = 100
"""How many code points of a text a message shows at most."""


def path_text(name: str) -> str:
    r"""A path as text that every encoding can hold: bytes that are not UTF-8 become U+FFFD, ``\`` stays.

    >>> path_text("n\udce9.txt")
    'n�.txt'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def uri(name: str) -> str:
    """A path as a URI reference: relative paths stay relative, everything unusual is percent-encoded.

    >>> uri("my news/a%b:c.txt"), uri("/tmp/ä.txt")
    ('my%20news/a%25b%3Ac.txt', 'file:///tmp/%C3%A4.txt')
    """
    if Path(name).is_absolute():
        return Path(name).as_uri()
    return quote(os.fsencode(name.replace(os.sep, "/")))


def short(text: str, longest: int = SHOWN) -> str:
    """The text, or its beginning and three dots when it is longer than ``longest`` code points.

    >>> short("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


class ByteColumns:
    """Lines and columns from 1 of places in a text, columns in UTF-8 bytes. Quick for places that come in order.

    >>> ByteColumns("née là").position(4)
    (1, 6)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._index = LineIndex(text)
        self._line = 0
        self._offset = 0
        self._column = 1

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of the code point at ``offset``."""
        line, column = self._index.position(offset)
        if line != self._line or offset < self._offset:
            self._line, self._offset, self._column = line, offset - column + 1, 1
        self._column += len(self._text[self._offset : offset].encode("utf-8", "surrogatepass"))
        self._offset = offset
        return self._line, self._column
