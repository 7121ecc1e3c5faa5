"""Tokens with offsets, in the tokenisation that the language model was trained on.

Words keep inner apostrophes and hyphens (``isn't``, ``co-founder``), every number is one token, every other
visible character is a token of its own. A token remembers where it stands, so that whatever is decided about it
can be written back to the exact place.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’‘‑-][^\W\d_]+)*|[^\w\s]|_")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-"})

NUMBER = "0"
"""The one token that stands for every number in the language model."""


class Token(NamedTuple):
    """A token and its place.

    ``start`` and ``end`` are code points, end exclusive. ``norm`` is the form that lexicons are keyed by (lower
    case, straight quotes); ``lm`` the form that the language model knows (``norm``, with numbers as ``0``).
    """

    start: int
    end: int
    text: str
    norm: str
    lm: str


def normalise_token(text: str) -> str:
    """Lower-case a token and straighten its quotes.

    >>> normalise_token("Don’t")
    "don't"
    """
    return text.translate(_STRAIGHT).lower()


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Tokenise ``text[start:end]``; offsets count from the beginning of ``text``.

    >>> [(t.start, t.lm) for t in tokenize("Isn’t 1,900km far?")]
    [(0, "isn't"), (6, '0'), (11, 'km'), (14, 'far'), (17, '?')]
    """
    tokens: list[Token] = []
    add, new, token = tokens.append, tuple.__new__, Token  # what Token() does, without a Python call for every token
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        surface = match[0]
        norm = surface.lower() if surface.isascii() else normalise_token(surface)
        add(new(token, (*match.span(), surface, norm, NUMBER if norm[0].isdigit() else norm)))
    return tokens


def words(text: str) -> tuple[str, ...]:
    """The normalised tokens of a lexicon phrase.

    >>> words("Foreign Minister’s")
    ('foreign', "minister's")
    """
    return tuple(token.norm for token in tokenize(text))


def lm_words(text: str) -> tuple[str, ...]:
    """The language-model tokens of a lexicon phrase.

    >>> lm_words("10 years ago")
    ('0', 'years', 'ago')
    """
    return tuple(token.lm for token in tokenize(text))
