"""Damage: how many words of clean text would be changed."""

from __future__ import annotations

from dataclasses import dataclass

from normalizer.edits import LEXICAL_KINDS
from normalizer.restoration import Restoration


@dataclass(frozen=True, slots=True)
class Damage:
    """Lexical edits made in clean text, and the words (separated by white space) that it has. Damages add up.

    >>> (Damage(1, 4000) + Damage(2, 1000)).per_10_000_words
    6.0
    """

    edits: int = 0
    words: int = 0

    @property
    def per_10_000_words(self) -> float:
        """Edits in 10,000 words."""
        return 10_000 * self.edits / self.words if self.words else 0.0

    def __add__(self, other: Damage) -> Damage:
        return Damage(self.edits + other.edits, self.words + other.words)


def damage(restoration: Restoration) -> Damage:
    """The damage done to a text that is clean; repairs of its encoding are none."""
    edits = sum(edit.kind in LEXICAL_KINDS for edit in restoration.edits)
    return Damage(edits, len(restoration.original.split()))
