"""British and American spellings: both are canonical, so no pair may consist of the two.

The spellings are data (``lexicons/en/dialect.tsv``), whole words and beginnings or endings of words.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from normalizer.errors import LexiconError
from normalizer.lexicon.table import read_source
from normalizer.resources import lexicon_path
from normalizer.text.tokens import words

Spellings = tuple[dict[str, str], dict[str, str], dict[str, str]]
"""British to American: whole words, beginnings, endings."""


def differ_in_dialect(one: str, other: str) -> bool:
    """Whether two wordings are the same but for British and American spelling.

    >>> differ_in_dialect("travelled", "traveled"), differ_in_dialect("colour scheme", "color scheme")
    (True, True)
    >>> differ_in_dialect("colour", "colour"), differ_in_dialect("travelled", "journeyed")
    (False, False)
    """
    a, b = words(one), words(other)
    return a != b and len(a) == len(b) and all(x == y or american(x) == american(y) for x, y in zip(a, b, strict=True))


def american(word: str) -> str:
    """A lower-case word in American spelling; a word without one stays as it is.

    >>> american("honourable"), american("organisation"), american("house")
    ('honorable', 'organization', 'house')
    """
    whole, beginnings, endings = _shipped()
    if word in whole:
        return whole[word]
    for size in range(len(word), 2, -1):
        if word[:size] in beginnings:
            word = beginnings[word[:size]] + word[size:]
            break
    for start in range(1, len(word) - 2):
        if word[start:] in endings:
            return word[:start] + endings[word[start:]]
    return word


def read_spellings(path: Path | str) -> Spellings:
    """Read a file of spellings. Raises ``LexiconError`` with file and line for anything else."""
    spellings: Spellings = ({}, {}, {})
    for number, line in enumerate(read_source(path).split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        british, _, us = (part.strip() for part in line.partition("\t"))
        kinds = {2 if word.startswith("-") else 1 if word.endswith("-") else 0 for word in (british, us)}
        bare = british.strip("-"), us.strip("-")
        if not all(bare) or len(kinds) > 1 or bare[0] == bare[1]:
            raise LexiconError(f"{path}:{number}: {line!r} is not a British and an American spelling, parted by a tab")
        spellings[kinds.pop()][bare[0]] = bare[1]
    return spellings


@cache
def _shipped() -> Spellings:
    return read_spellings(lexicon_path("en/dialect.tsv"))
