"""Which changes are a spinner's, and which an editor's: facts, numbers, names and grammar are not spun."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Literal

from normalizer.text.tokens import Token

Reason = Literal["number", "name", "grammar", "punctuation"]


def editorial(
    canonical: Sequence[str],
    variant: Sequence[str],
    *,
    names: Collection[str] = (),
    numbers: Mapping[str, float] | None = None,
) -> Reason | None:
    """Why a change is no spinner's work, or None when it may be one. Both sides are normalised tokens.

    ``names`` are the tokens that are nothing but names; ``numbers`` the values of number words.

    >>> editorial(["3"], ["4"]), editorial(["5"], ["five"], numbers={"five": 5.0})
    ('number', None)
    >>> editorial(["smith"], ["jones"], names={"smith", "jones"}), editorial(["agency"], ["company"])
    ('name', None)
    """
    if not any(word[0].isalnum() for word in (*canonical, *variant)):
        return "punctuation"
    if _number_changed(canonical, variant, numbers or {}):
        return "number"
    ours, theirs = _names(canonical, names), _names(variant, names)
    if ours != theirs and not _acronym(canonical, variant) and not _acronym(variant, canonical):
        return "name"
    if {*canonical, *variant} == {"a", "an"}:
        return "grammar"
    if len(canonical) == len(variant) == 1 and _lemmas(canonical[0]) & _lemmas(variant[0]):
        return "grammar"
    return None


def only_names(tokens: Sequence[Token], opens: Collection[int]) -> tuple[set[str], set[str]]:
    """The words that stand capitalised within sentences, and those that stand in lower case.

    ``opens`` are the places at which sentences begin, where a capital means nothing.
    """
    capitals, lower = set(), set()
    for index, token in enumerate(tokens):
        if token.text[0].islower():
            lower.add(token.norm)
        elif token.text[0].isalpha() and index not in opens:
            capitals.add(token.norm)
    return capitals, lower


def _number_changed(canonical: Sequence[str], variant: Sequence[str], numbers: Mapping[str, float]) -> bool:
    """Whether a number in digits became another one, or was put in or taken out ("year" to "12 months" is neither)."""
    if not any(word[0].isdigit() for word in (*canonical, *variant)):
        return False
    ours, theirs = _values(canonical, numbers), _values(variant, numbers)
    if ours and theirs:
        return ours != theirs
    short, long = sorted((set(canonical), set(variant)), key=len)
    return short < long


def _values(words: Sequence[str], numbers: Mapping[str, float]) -> list[float | str]:
    """The numbers in a phrase, as values where they are known."""
    found: list[float | str] = []
    for word in words:
        if word[0].isdigit():
            plain = word.replace(",", "")
            found.append(float(plain) if plain.replace(".", "", 1).isdigit() else word)
        elif word in numbers:
            found.append(numbers[word])
    return found


def _names(words: Sequence[str], names: Collection[str]) -> set[str]:
    return {word.removesuffix("'s") for word in words if word.removesuffix("'s") in names}


def _acronym(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one side abbreviates the other.

    >>> _acronym(["eu"], ["european", "union"])
    True
    """
    letters = "".join(word for word in short if word.isalpha())
    initials = "".join(word[0] for word in long if word[0].isalpha())
    return len(letters) > 1 and letters == initials


@cache
def _lemmas(word: str) -> frozenset[str]:
    from normalizer.lexicon.inflection import lemmas

    return lemmas(word)
