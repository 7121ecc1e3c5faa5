"""Typography as evidence: apostrophes that a spinner cannot have written.

Spinners' tables hold straight apostrophes. In a text with typographic ones ("don’t") a contraction with a typographic
apostrophe has come through untouched. One with a straight apostrophe beside them was most likely written by the
spinner: clean articles of the corpus mix the two in 1 contraction of 17.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from normalizer.text.tokens import Token

TYPOGRAPHIC = "’"


def is_typographic(sentences: Iterable[Sequence[Token]]) -> bool:
    """Whether most apostrophes inside the words of a document are typographic.

    >>> from normalizer.text.tokens import tokenize
    >>> is_typographic([tokenize("They don’t know it’s the railway's")])
    True
    """
    curly = straight = 0
    for tokens in sentences:
        for token in tokens:
            if "'" in token.norm and len(token.norm) > 1:
                if TYPOGRAPHIC in token.text:
                    curly += 1
                else:
                    straight += 1
    return curly > straight
