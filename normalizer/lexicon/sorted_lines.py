"""The lines of a sorted file, looked up by how they begin, so that few of them are ever read.

A channel has tens of thousands of lines, of which a document needs some hundreds. A compiled file says in a comment
that it is sorted by code points (``SORTED``); then the lines whose first word begins alike lie together, and are found
by bisection when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from normalizer.errors import LexiconError

SORTED = "# sorted"
"""The comment, a line of its own, by which a file promises to be sorted, in bytes, each surface once."""

T = TypeVar("T")

LETTERS = 3
"""Characters of the first word that lines of one group have in common; more make smaller, but more, groups."""


def beginning(surface: str) -> str:
    """What the lines of a group have in common: the first letters of the first word.

    >>> beginning("on the edge of"), beginning("onto"), beginning("a bit")
    ('on', 'ont', 'a')
    """
    return surface.partition(" ")[0][:LETTERS]


class SortedLines:
    r"""The lines of a sorted file, without the comments at its head.

    ``data`` is the whole file, ``path`` only says where a fault is. A line is a surface, a tab and more.

    >>> lines = SortedLines(b"# sorted\na\t1\na bit\t2\nabout\t3\nabove\t4\n", "example.tsv")
    >>> lines.group("abo"), lines.group("a"), lines.group("x")
    (['about\t3', 'above\t4'], ['a\t1', 'a bit\t2'], [])
    """

    def __init__(self, data: bytes, path: Path | str) -> None:
        self._data, self.path = data, path
        self._begin = 0
        while data.startswith(b"#", self._begin):
            self._begin = data.find(b"\n", self._begin) + 1 or len(data)

    def group(self, beginning: str) -> list[str]:
        """The lines whose surface has this ``beginning``. Raises ``LexiconError`` when they are not UTF-8."""
        prefix = beginning.encode("utf-8", "surrogatepass")
        if len(beginning) < LETTERS:  # the whole first word: what follows is a tab or a space
            start, end = self._bisect(prefix + b"\t"), self._bisect(prefix + b"!")
        else:
            start, end = self._bisect(prefix), self._bisect(prefix + b"\xff")
        return self._decoded(start, end)

    def __iter__(self) -> Iterator[str]:
        yield from self._decoded(self._begin, len(self._data))

    def _bisect(self, target: bytes) -> int:
        """Where the first line begins that is not less than ``target`` (bytes)."""
        data, low, high = self._data, self._begin, len(self._data)
        while low < high:
            middle = (low + high) // 2
            start = data.rfind(b"\n", low, middle) + 1 or low
            end = data.find(b"\n", middle) + 1 or len(data)
            if data[start : end - 1] < target:
                low = end
            else:
                high = start
        return low

    def _decoded(self, start: int, end: int) -> list[str]:
        try:
            text = self._data[start:end].decode("utf-8")
        except UnicodeDecodeError as error:
            place = self._data.count(b"\n", 0, start + error.start) + 1
            raise LexiconError(f"{self.path}:{place}: not UTF-8; reinstall normalizer") from error
        return [line for line in text.split("\n") if line]


class Groups(dict[str, T]):
    """What was made of the groups of a file, by their beginning; made when first asked for.

    No more than ``most`` are kept, for a long stream of texts has ever new words that no group belongs to.

    >>> groups = Groups(str.upper)
    >>> groups["abo"], len(groups)
    ('ABO', 1)
    """

    def __init__(self, make: Callable[[str], T], most: int = 50_000) -> None:
        super().__init__()
        self.make, self.most = make, most

    def __missing__(self, beginning: str) -> T:
        if len(self) >= self.most:
            self.clear()
        made = self[beginning] = self.make(beginning)
        return made


def read_sorted(path: Path) -> SortedLines | None:
    """The lines of a file that says it is sorted; ``None`` for any other, and for one that cannot be read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
            comments = head[: max(head.rfind(b"\n#"), 0) + 1 + len(SORTED)].split(b"\n")
            if SORTED.encode() not in comments:
                return None
            return SortedLines(head + stream.read(), path)
    except OSError:
        return None
