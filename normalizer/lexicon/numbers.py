"""Tables of one number for each word: how likely a number is spelled one way, how much a word weighs as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from normalizer.errors import LexiconError
from normalizer.lexicon.sorted_lines import Groups, SortedLines, beginning, read_sorted


def read_numbers(path: Path | str) -> dict[str, float]:
    """How likely a number is spelled one way, which the language model, merging all numbers, leaves out.

    The empty key holds the probability of any unlisted number. Raises ``LexiconError`` like ``read_values``.
    """
    numbers = read_values(path)
    numbers[""] = min(numbers.values(), default=1e-4) / 4
    return numbers


def read_values(path: Path | str) -> dict[str, float]:
    """Read ``word <TAB> value`` lines; ``#`` starts a comment line.

    Raises ``LexiconError`` with file and line for a malformed line.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); reinstall normalizer") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8 at byte {error.start}; reinstall normalizer") from error
    while text.startswith("#"):
        text = text.partition("\n")[2]
    fields = text.split()
    if len(fields) == text.count("\t") * 2 == text.count("\n") * 2 and "#" not in text:
        try:
            return dict(zip(fields[::2], map(float, fields[1::2]), strict=True))
        except ValueError:
            pass  # line by line, to name the place
    return _line_by_line(path)


class SortedValues(Mapping[str, float]):
    r"""The values of a sorted file, read as they are asked for. Raises ``LexiconError`` for a malformed line then.

    >>> SortedValues(SortedLines(b"# sorted\nabout\t0.5\nabove\t-2\n", "example.tsv"))["above"]
    -2.0
    """

    def __init__(self, lines: SortedLines) -> None:
        self._lines = lines
        self._groups = Groups(lambda name: self._read(lines.group(name)))

    def __getitem__(self, word: str) -> float:
        return self._groups[beginning(word)][word]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word in self._groups[beginning(word)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read(self._lines))

    def __len__(self) -> int:
        return sum(1 for _ in self._lines)

    def _read(self, lines: Iterable[str]) -> dict[str, float]:
        values = {}
        for line in lines:
            word, _, value = line.partition("\t")
            try:
                values[word] = float(value)
            except ValueError as error:
                raise LexiconError(f"{self._lines.path}: {value!r} is no number in the line of {word!r}") from error
        return values


def open_values(path: Path | str) -> Mapping[str, float]:
    """The values of a file, like ``read_values``; those of a sorted file are read as they are needed."""
    lines = read_sorted(Path(path))
    return read_values(path) if lines is None else SortedValues(lines)


def _line_by_line(path: Path) -> dict[str, float]:
    values: dict[str, float] = {}
    for place, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line and not line.startswith("#"):
            word, _, value = line.partition("\t")
            try:
                values[word] = float(value)
            except ValueError as error:
                raise LexiconError(f"{path}:{place}: {line!r} is not a word and a number") from error
    return values
