"""Diffs: the unified one that ``patch`` and ``git apply`` take, and coloured words for the eye."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, Literal

import click

from normalizer.edits import Edit, apply_edits
from normalizer.errors import EditError
from normalizer.review.columns import LONGEST, Fragment, Line, elided, flowing, shortened, wrap
from normalizer.review.listing import printable

_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]

CONTEXT = 60
"""Columns of a long line that a terminal shows on each side of a change."""

_COLORS: dict[str, dict[str, Any]] = {"": {}, "gone": {"fg": "red", "strikethrough": True}, "new": {"fg": "green"}}

_ESCAPES = {"\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"} | {
    '"': '\\"',
    "\\": "\\\\",
}


def split_lines(text: str) -> list[str]:
    r"""The lines of a text with their line feeds. Only ``\n`` ends a line, as in ``patch`` and ``git``.

    >>> split_lines("one\r\ntwo\u2028still two\rand still\nthree")
    ['one\r\n', 'two\u2028still two\rand still\n', 'three']
    """
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def unified_diff(before: str, after: str, name: str, *, context: int = 3) -> str:
    r"""A unified diff that turns ``before`` into ``after`` with ``patch -p0`` or ``git apply -p0``.

    ``name`` is the path of the file, ``context`` the number of unchanged lines around a change. Equal texts give an
    empty string.

    >>> print(unified_diff("a safety deal\n", "a security deal\n", "news.txt"), end="")
    --- news.txt
    +++ news.txt
    @@ -1 +1 @@
    -a safety deal
    +a security deal
    """
    if before == after:
        return ""
    old, new = split_lines(before), split_lines(after)
    shown = _diff_path(name)
    parts = [f"--- {shown}\n+++ {shown}\n"]
    for group in _LineMatcher(old, new).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        parts.append(f"@@ -{_hunk_range(first[1], last[2])} +{_hunk_range(first[3], last[4])} @@\n")
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                parts += _marked(" ", old[old_start:old_end])
            else:
                parts += _marked("-", old[old_start:old_end])
                parts += _marked("+", new[new_start:new_end])
    return "".join(parts)


def word_diff(text: str, edits: Iterable[Edit], name: str, *, color: bool = True, width: int | None = None) -> str:
    """The changed lines of ``text``, with what goes and what comes marked inside of the line.

    With ``color`` the marks are red and green; without, ``[-gone-]`` and ``{+new+}`` as git writes them. With ``width``
    the lines are for a terminal of so many columns: wrapped, dots in the place of what is far from every change, and
    nothing in them that could act on the terminal. Without, they are whole and as they are.

    Raises ``EditError`` when the edits overlap or do not fit the text.

    >>> deal = [Edit(2, 8, "safety", "security", "word", 0.9)]
    >>> print(word_diff("a safety deal", deal, "n.txt", color=False), end="")
    --- n.txt
    +++ n.txt
    @@ -1 @@
    a [-safety-]{+security+} deal
    """
    edits = sorted(edits, key=lambda e: (e.start, e.end))
    return "".join(_word_diff(text, edits, name, color, width)) if edits else ""


def _word_diff(text: str, edits: Sequence[Edit], name: str, color: bool, width: int | None) -> Iterator[str]:
    shown = _diff_path(name) if width is None else printable(name)
    yield _style(f"--- {shown}\n+++ {shown}\n", color, bold=True)
    number = line_start = 0
    for first, last, inside in _line_groups(text, edits):
        number += text.count("\n", line_start, first)
        line_start = first
        end_number = number + text.count("\n", first, last)
        lines = f"{number + 1}" if end_number == number else f"{number + 1},{end_number - number + 1}"
        yield _style(f"@@ -{lines} @@\n", color, fg="cyan")
        fragments = _marked_words(text, first, last, inside)
        if width is None:
            yield from (_colored(style, marked, color) for style, marked in fragments)
            yield "\n"
        else:
            for line in _wrapped(fragments, width, color):
                yield "".join(_style(part, color, **_COLORS[style]) for style, part in line) + "\n"


class _LineMatcher(SequenceMatcher[str]):
    """Compares lines. Equally many lines are compared one by one, which is linear and what edits nearly always give."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._pairs = list(zip(old, new, strict=True)) if len(old) == len(new) else []
        super().__init__(None, () if self._pairs else old, () if self._pairs else new, autojunk=False)

    def get_opcodes(self) -> list[_Opcode]:
        if not self._pairs:
            return super().get_opcodes()
        opcodes: list[_Opcode] = []
        done = 0
        for same, run in groupby(self._pairs, key=lambda pair: pair[0] == pair[1]):
            end = done + sum(1 for _ in run)
            opcodes.append(("equal" if same else "replace", done, end, done, end))
            done = end
        return opcodes


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"


def _hunk_range(start: int, end: int) -> str:
    length = end - start
    if length == 1:
        return f"{start + 1}"
    return f"{start + 1 if length else start},{length}"


def _diff_path(name: str) -> str:
    r"""A path as ``patch`` and ``git`` read it: quoted when it is unusual, followed by a tab when it holds blanks.

    >>> _diff_path("my news.txt"), _diff_path("a\tb.txt")
    ('my news.txt\t', '"a\\tb.txt"')
    """
    if name != name.strip(" ") or any(c in _ESCAPES or c < " " or c == "\x7f" for c in name):
        quoted = "".join(_ESCAPES.get(c) or (f"\\{ord(c):03o}" if c < " " or c == "\x7f" else c) for c in name)
        return f'"{quoted}"'
    return f"{name}\t" if " " in name else name


def _line_groups(text: str, edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """The stretches of whole lines that hold edits: start, end (without the last line feed), edits."""
    start = end = -1
    inside: list[Edit] = []
    for edit in edits:
        if inside and edit.start <= end:
            inside.append(edit)
        else:
            if inside:
                yield start, end, inside
            start = text.rfind("\n", 0, edit.start) + 1
            inside = [edit]
        end = max(end, _line_end(text, edit.end))
    if inside:
        yield start, end, inside


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _marked_words(text: str, start: int, end: int, edits: Sequence[Edit]) -> Iterator[Fragment]:
    """The stretch of ``text`` in fragments; their style is ``gone``, ``new``, or empty for what stays."""
    done = start
    for edit in edits:
        if edit.start < done or text[edit.start : edit.end] != edit.original:
            apply_edits(text, edits)  # says which edit does not fit
            raise EditError(f"edit at {edit.start}-{edit.end} does not fit the text")
        yield "", text[done : edit.start]
        if edit.original:
            yield "gone", edit.original
        if edit.replacement:
            yield "new", edit.replacement
        done = edit.end
    yield "", text[done:end]


def _wrapped(fragments: Iterable[Fragment], width: int, color: bool) -> list[Line]:
    shown = [
        (style, _bracketed(style, shortened(text, 2 * LONGEST), color) if style else flowing(text.removesuffix("\r")))
        for style, text in fragments
    ]
    return wrap([fragment for fragment in elided(shown, CONTEXT) if fragment[1]], max(20, width))


def _colored(style: str, text: str, color: bool) -> str:
    return _style(_bracketed(style, text, color), color, **_COLORS[style]) if style else text


def _bracketed(style: str, text: str, color: bool) -> str:
    if color or not style:
        return text
    return f"[-{text}-]" if style == "gone" else f"{{+{text}+}}"


def _style(text: str, color: bool, **look: Any) -> str:
    return click.style(text, **look) if color and look else text
