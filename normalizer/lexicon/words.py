"""Word lists of a lexicon folder: one word a line, ``#`` begins a comment line."""

from __future__ import annotations

from pathlib import Path

from normalizer.errors import LexiconError


def read_words(path: Path | str) -> frozenset[str]:
    """The words of a list, in lower case; none where there is no such file.

    Raises ``LexiconError`` when the file cannot be read.

    >>> from normalizer.resources import lexicon_path
    >>> "the" in read_words(lexicon_path("en/function-words.txt"))
    True
    """
    path = Path(path)
    if not path.is_file():
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: cannot be read ({error}); reinstall normalizer") from error
    return frozenset(line.strip().lower() for line in lines if line.strip() and line[0] != "#")
