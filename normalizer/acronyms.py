"""Acronyms in brackets: "Nationwide Safety Company (NSA)" names the National Security Agency, not a company.

A spinner garbles the words of a name but not its acronym, so the acronym holds the initials of what was lost. Readings
that together spell it become likelier, those that do not become less likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from normalizer.decoder import Decoded
from normalizer.text.tokens import Token

TRUST = 60.0
"""How many times likelier initials that spell the acronym are under the right reading than under a wrong one."""

_SMALL = frozenset({"a", "an", "and", "at", "for", "in", "of", "on", "the", "to", "&"})
_LONGEST = 8
_LEAST = 1e-4


def agree(decoded: Decoded) -> Decoded:
    """The sentence with the posteriors of readings before a bracketed acronym weighed by whether they spell it."""
    readings, kept = list(decoded.readings), list(decoded.kept)
    changed = False
    for index, letters in acronyms(decoded.tokens):
        spelled = _spelled(decoded, index, letters)
        if not spelled:
            continue
        changed = True
        first = min(arc.start for arc in spelled)
        right = {arc.reading for arc in spelled}
        for number, (reading, posterior) in enumerate(readings):
            if reading.start < index and reading.end > first:
                readings[number] = reading, _shifted(posterior, TRUST if number in right else 1.0 / TRUST)
        own = {arc.start for arc in spelled if arc.reading < 0}
        for place in range(first, index):
            kept[place] = _shifted(kept[place], TRUST if place in own else 1.0 / TRUST)
    return decoded._replace(readings=readings, kept=kept) if changed else decoded


def acronyms(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """The index of the bracket before each bracketed acronym, and its letters in lower case.

    >>> from normalizer.text.tokens import tokenize
    >>> list(acronyms(tokenize("the European Union (EU) and (see below) it")))
    [(3, 'eu')]
    """
    for index in range(1, len(tokens) - 2):
        text = tokens[index + 1].text
        if tokens[index].text == "(" and tokens[index + 2].text == ")":
            letters = text.removesuffix("s")
            if 2 <= len(letters) <= _LONGEST and letters.isalpha() and letters.isupper():
                yield index, letters.lower()


class _Arc(NamedTuple):
    """A step back over the words from ``start``: what is left of the acronym before and after it, which reading."""

    start: int
    end: int
    before: str
    after: str
    reading: int


def _spelled(decoded: Decoded, end: int, letters: str) -> list[_Arc]:
    """All readings (-1: the word as it stands) on some way to read the words before ``end`` as ``letters``."""
    tokens = decoded.tokens
    ending: dict[int, list[tuple[int, Sequence[str], int]]] = {}
    for number, (reading, posterior) in enumerate(decoded.readings):
        if posterior > _LEAST and reading.key:
            ending.setdefault(reading.end, []).append((reading.start, reading.words, number))
    arcs: list[_Arc] = []
    reached = {(end, letters)}
    earliest = max(0, end - 2 * len(letters) - 2)
    for position in range(end, earliest, -1):
        steps = [(position - 1, (tokens[position - 1].norm,), -1), *ending.get(position, ())]
        for rest in [left for place, left in reached if place == position and left]:
            for start, words, number in steps:
                if start >= earliest and tokens[start].text[0].isalnum():
                    found = [_Arc(start, position, rest, left, number) for left in _taken(words, rest)]
                    arcs += found
                    reached |= {(arc.start, arc.after) for arc in found}
    complete = {(arc.start, "") for arc in arcs if not arc.after}
    spelled: list[_Arc] = []
    for arc in reversed(arcs):
        if (arc.start, arc.after) in complete:
            spelled.append(arc)
            complete.add((arc.end, arc.before))
    return spelled


def _taken(words: Sequence[str], letters: str) -> frozenset[str]:
    """What may be left of ``letters`` when the initials of ``words`` are taken off; small words may be skipped.

    >>> [sorted(_taken(words, "mod")) for words in (("of", "defence"), ("defence",), ("army",))]
    [['m', 'mo'], ['mo'], []]
    """
    lefts = frozenset({letters})
    for word in reversed(words):
        skipped = lefts if word in _SMALL else frozenset()
        lefts = skipped | {left[:-1] for left in lefts if left and left.endswith(word[:1])}
    return lefts


def _shifted(probability: float, odds: float) -> float:
    """The probability whose odds are ``odds`` times those of ``probability``.

    >>> round(_shifted(0.5, 3.0), 2)
    0.75
    """
    return probability * odds / (probability * odds + 1.0 - probability) if probability < 1.0 else probability
