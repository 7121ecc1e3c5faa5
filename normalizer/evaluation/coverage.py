"""Coverage: the share of golden slots whose right answer is among the candidates at all.

What the lexicon does not know, no decoder can restore. A slot is covered when some readings of its words and of up to
three words to either side, which keep those, amount to one of its right alternatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalizer.decoder import Decoder, Reading
from normalizer.evaluation.gold import Gold, required_slots
from normalizer.text.sentences import sentences
from normalizer.text.spintax import option_sets
from normalizer.text.tokens import Token, words

REACH = 3
"""Words to either side of a slot that a reading may take in."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many required slots there are and how many are covered. Coverages add up.

    >>> (Coverage(10, 9) + Coverage(10, 10)).share
    0.95
    """

    slots: int = 0
    covered: int = 0

    @property
    def share(self) -> float:
        """The share of covered slots; 1 when there is none."""
        return self.covered / self.slots if self.slots else 1.0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(self.slots + other.slots, self.covered + other.covered)


def coverage(gold: Gold, decoder: Decoder) -> Coverage:
    """The coverage of a gold file by a decoder's candidates."""
    document = [(tokens, decoder.candidates(tokens)) for tokens in sentences(gold.source)]
    total = covered = 0
    for start, end, right in required_slots(gold):
        total += 1
        residue = any(set(found.options) & set(right) for found in option_sets(gold.source[start:end]))
        covered += residue or any(_reachable(part, readings, start, end, right) for part, readings in document)
    return Coverage(total, covered)


def _reachable(
    tokens: Sequence[Token], readings: Sequence[Reading], start: int, end: int, right: Sequence[str]
) -> bool:
    """Whether readings of a sentence turn the text from ``start`` to ``end`` (code points) into a right alternative."""
    inside = [index for index, token in enumerate(tokens) if token.start < end and token.end > start]
    if not inside or tokens[-1].end < end:
        return False
    first, last = max(0, inside[0] - REACH), min(len(tokens), inside[-1] + 1 + REACH)
    before = [token.norm for token in tokens[first : inside[0]]]
    after = [token.norm for token in tokens[inside[-1] + 1 : last]]
    glued = tokens[inside[-1]].norm[max(0, end - tokens[inside[-1]].start) :]
    for alternative in right:
        middle = list(words(alternative + glued))
        if _spells(tokens, readings, first, last, [*before, *middle, *after]):
            return True
    return False


def _spells(tokens: Sequence[Token], readings: Sequence[Reading], first: int, last: int, target: Sequence[str]) -> bool:
    reached = {(first, 0)}
    for position in range(first, last):
        for place, done in [state for state in reached if state[0] == position]:
            if done < len(target) and tokens[place].norm == target[done]:
                reached.add((place + 1, done + 1))
            for reading in readings:
                if reading.start == place and reading.end <= last:
                    written = words(reading.text)
                    if list(written) == list(target[done : done + len(written)]):
                        reached.add((reading.end, done + len(written)))
    return (last, len(target)) in reached
