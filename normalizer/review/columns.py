"""Text in the columns of a terminal: fragments of a style and a text, wrapped, cut, and without what could act there.

Text from documents is untrusted: what is not printable comes as an escape.
"""

from __future__ import annotations

import re

from normalizer.review.listing import printable

Fragment = tuple[str, str]
"""A style and a text."""
Line = list[Fragment]

_BREAK = re.compile(r"[ \t]*(\r\n|[\n\r\u2028\u2029\x85])[ \t]*")
_CONTROL = re.compile(r"[^\n\t\r -~]|\r(?!\n)")
LONGEST = 200
"""Most code points of an original or replacement that are shown; a longer one is cut in the middle."""


def flowing(text: str) -> str:
    r"""Context on one line: line breaks as a pilcrow, invisible characters as escapes, a byte order mark not at all.

    >>> flowing("one\r\ntwo\x1b[2J")
    'one ¶ two\\x1b[2J'
    """
    return "".join(c if c == " " else printable(c) for c in _BREAK.sub(" ¶ ", text.removeprefix("\ufeff")))


def harmless(text: str) -> str:
    r"""Lines as they are, but with escapes for what could act on a terminal or cannot be seen there.

    >>> harmless("one\r\n\ttwo\x1b[2J\n")
    'one\r\n\ttwo\\x1b[2J\n'
    """
    return _CONTROL.sub(lambda found: found[0] if found[0].isprintable() else printable(found[0]), text)


def shortened(text: str, room: int = LONGEST) -> str:
    """``text`` on one line; when it is long only its start and its end, and how long it is."""
    limit = min(LONGEST, max(20, room // 2))
    shown = printable(text[: limit + 1])
    if len(text) <= limit and width_of(shown) <= limit:
        return shown
    half = limit // 4
    return f"{shown[:half]} ...({len(text)} characters)... {printable(text[-half:])[-half:]}"


def wrap(fragments: Line, width: int, rows: int | None = None) -> list[Line]:
    """The fragments in lines of ``width`` columns, at most ``rows``; continued lines are indented by two columns."""
    cells = [(style, char) for style, text in fragments for char in text]
    lines: list[Line] = []
    start = 0
    while start < len(cells) and (rows is None or len(lines) < rows):
        indent = 2 if lines else 0
        end = fitting(cells, start, width - indent)
        if end < len(cells) and (rows is None or len(lines) < rows - 1):
            space = next((i for i in range(end, start, -1) if cells[i - 1][1] == " "), start)
            end = space if space > start else end
        lines.append([("", " " * indent)] * bool(indent) + _joined(cells[start:end]))
        start = end
    return lines


def elided(fragments: Line, keep: int, style: str = "") -> Line:
    """The fragments, with "..." in the place of what is long and of ``style``: ``keep`` columns stay next to others.

    >>> elided([("", "one two three four"), ("new", "five"), ("", " six seven eight nine ten")], 8)
    [('', '...four'), ('new', 'five'), ('', ' six...')]
    """
    shorter: Line = []
    for number, (own, text) in enumerate(fragments):
        first, last = number == 0, number == len(fragments) - 1
        if own == style and width_of(text) > keep * (2 - first - last) + 3:
            before = "" if first else _head(text, keep)
            after = "" if last else _tail(text, keep)
            text = f"{before}...{after}"
        shorter.append((own, text))
    return shorter


def _head(text: str, columns: int) -> str:
    end = fitting([("", char) for char in text[: columns + 1]], 0, columns)
    space = text.rfind(" ", 1, end + 1)
    return text[: space if space > 0 else end]


def _tail(text: str, columns: int) -> str:
    start = len(text) - fitting([("", char) for char in reversed(text[-columns - 1 :])], 0, columns)
    space = text.find(" ", max(0, start - 1), len(text) - 1)
    return text[space + 1 if space >= 0 else start :]


def fitting(cells: Line, start: int, width: int) -> int:
    """The index behind the last of the cells from ``start`` on that go into ``width`` columns; at least one does."""
    used = 0
    for index in range(start, len(cells)):
        used += width_of(cells[index][1])
        if used > width:
            return max(index, start + 1)
    return len(cells)


def _joined(cells: Line) -> Line:
    line: Line = []
    for style, char in cells:
        if line and line[-1][0] == style:
            line[-1] = (style, line[-1][1] + char)
        else:
            line.append((style, char))
    return line


def width_of(text: str) -> int:
    """How many columns ``text`` takes.

    >>> width_of("naïve 日本")
    10
    """
    from wcwidth import wcwidth

    return sum(max(0, wcwidth(char)) for char in text)
