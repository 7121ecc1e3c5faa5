"""How likely a number is spelled one way: the part that the language model, which merges all numbers, leaves out."""

from __future__ import annotations

from pathlib import Path

from normalizer.errors import LexiconError


def read_numbers(path: Path | str) -> dict[str, float]:
    """Read ``number <TAB> probability`` lines. The empty key holds the probability of any unlisted number.

    Raises ``LexiconError`` with file and line for a malformed line.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); reinstall normalizer") from error
    numbers: dict[str, float] = {}
    for place, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            spelling, _, probability = line.partition("\t")
            try:
                numbers[spelling] = float(probability)
            except ValueError as error:
                raise LexiconError(f"{path}:{place}: {line!r} is not a number and a probability") from error
    numbers[""] = min(numbers.values(), default=1e-4) / 4
    return numbers
