"""Tables of one number for each word: how likely a number is spelled one way, how much a word weighs as evidence."""

from __future__ import annotations

from pathlib import Path

from normalizer.errors import LexiconError


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
