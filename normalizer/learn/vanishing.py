"""Words that vanish from spun text: an engine's keys are all but gone, which says whether it has them at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from normalizer.text.tokens import tokenize


class Tally(NamedTuple):
    """How often surfaces occur, in how many documents, and the number of tokens and documents in all."""

    counts: Counter[str]
    documents: Counter[str]
    tokens: int
    texts: int


class Wanted:
    """A set of surfaces to count, prepared for looking them up in running text.

    >>> sorted(Wanted(["the summit", "summit"]).count("The summit began."))
    ['summit', 'the summit']
    """

    def __init__(self, surfaces: Iterable[str]) -> None:
        self.surfaces = frozenset(surfaces)
        self._longest: dict[str, int] = {}
        for surface in self.surfaces:
            head = surface.partition(" ")[0]
            self._longest[head] = max(self._longest.get(head, 0), surface.count(" ") + 1)

    def count(self, text: str) -> Counter[str]:
        """The occurrences in one text, nested ones included."""
        return self.tally_norms([token.norm for token in tokenize(text)])

    def tally_norms(self, norms: list[str]) -> Counter[str]:
        """The occurrences in one text that is tokenised already."""
        counts: Counter[str] = Counter()
        longest, wanted = self._longest, self.surfaces
        for start, norm in enumerate(norms):
            reach = longest.get(norm, 0)
            if reach and norm in wanted:
                counts[norm] += 1
            for end in range(start + 2, min(start + reach, len(norms)) + 1):
                surface = " ".join(norms[start:end])
                if surface in wanted:
                    counts[surface] += 1
        return counts


def tally(texts: Iterable[str], wanted: Wanted) -> Tally:
    """Count surfaces in texts."""
    counts: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    tokens = number = 0
    for text in texts:
        norms = [token.norm for token in tokenize(text)]
        found = wanted.tally_norms(norms)
        counts.update(found)
        documents.update(found.keys())
        tokens += len(norms)
        number += 1
    return Tally(counts, documents, tokens, number)


def add_tallies(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    counts: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    tokens = texts = 0
    for part in tallies:
        counts.update(part.counts)
        documents.update(part.documents)
        tokens += part.tokens
        texts += part.texts
    return Tally(counts, documents, tokens, texts)


_LEAST, _MOST = 0.05, 0.95
"""Bounds of a first guess, so that what is read later can still overturn it."""


def seed_replaced(
    clean: Mapping[str, float], spun: Tally, keys: Iterable[str], prior: Mapping[str, float] | None = None
) -> dict[str, float]:
    """A first guess of P(key replaced): how much rarer it is in spun text than in clean text.

    ``clean`` holds the share of all tokens that each key makes up in clean text. On thin data the guess is ``prior``,
    or 0.5.
    """
    guess = {}
    for key in keys:
        expected = clean.get(key, 0.0) * spun.tokens
        rate = 1.0 - (spun.counts[key] + 1.0) / (expected + 1.5)
        trust = expected / (expected + 5.0)
        before = 0.5 if prior is None else prior.get(key, 0.5)
        guess[key] = min(_MOST, max(_LEAST, trust * rate + (1.0 - trust) * before))
    return guess
