"""What is known of a proposed change besides its posterior, as numbers that a calibration can weigh.

The lattice posterior is a product of the language model and the channel, and is only as good as both. How well the
channel knows the pair, whether the rest of the document agrees, what rivals there are and how sure the words beside
it are tell more about where the posterior errs (compare Jiang 2005, "Confidence measures for speech recognition").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log, log1p
from types import MappingProxyType
from typing import TYPE_CHECKING

from normalizer.channel import Candidate, Channel, Entry
from normalizer.decoder import Decoded
from normalizer.language_model import LanguageModel
from normalizer.text.tokens import lm_words

if TYPE_CHECKING:
    from normalizer.selection import Change

FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "posterior": "posterior of the lattice",
        "probability": "how often the engine writes it",
        "share": "share of its occurrences that the pair explains",
        "candidates": "number of originals it may have",
        "surface_replaced": "an engine would have replaced it",
        "rival": "another reading of the place",
        "kept": "chance that it is the writer's",
        "support": "the same repair elsewhere",
        "conflict": "other repairs of it elsewhere",
        "contraction": "a contraction written out",
        "words": "length of the repair",
        "neighbour": "doubt about the words beside it",
        "rarity": "how common the repair is",
    }
)
"""The numbers, in the order that ``Observer.features`` gives them: name and what it stands for."""

_BOUND = 9.0


def logit(probability: float) -> float:
    """The log-odds of a probability, bounded at plus and minus 9.

    >>> logit(0.5), logit(1.0)
    (0.0, 9.0)
    """
    if probability <= 0.0 or probability >= 1.0:
        return _BOUND if probability >= 1.0 else -_BOUND
    return max(-_BOUND, min(_BOUND, log(probability / (1.0 - probability))))


class Observer:
    """Observes the changes of one document, whose sentences are all decoded."""

    def __init__(self, document: Iterable[Decoded], channel: Channel, model: LanguageModel) -> None:
        self.channel, self.model = channel, model
        self._pairs: dict[tuple[str, str], float] = defaultdict(float)
        self._surfaces: dict[str, float] = defaultdict(float)
        for decoded in document:
            for reading, posterior in decoded.readings:
                self._pairs[reading.surface, reading.key] += posterior
                self._surfaces[reading.surface] += posterior

    def features(self, change: Change, found: Iterable[Change], decoded: Decoded) -> tuple[float, ...]:
        """The numbers of one change; ``found`` are all changes of its sentence."""
        reading, tokens = change.reading, decoded.tokens[change.start : change.end]
        entry = self.channel.get(reading.surface) if reading.key else None
        candidate = _candidate(entry, reading.key)
        rivals = [c.posterior for c in found if c is not change and c.start < change.end and c.end > change.start]
        beside = [c.posterior for c in found if c.end == change.start or c.start == change.end]
        read = self._pairs.get((reading.surface, reading.key), 0.0)
        replaced = lm_words(change.text)
        return (
            logit(change.posterior),
            log(reading.probability),
            logit(candidate.share) if candidate else 0.0,
            log(max(1, len(entry.candidates))) if entry else 0.0,
            entry.replaced if entry else 0.0,
            max(rivals, default=0.0),
            min(decoded.kept[change.start : change.end]),
            log1p(max(0.0, read - change.posterior)),
            log1p(max(0.0, self._surfaces.get(reading.surface, 0.0) - read)),
            float(any("'" in token.norm for token in tokens) and "'" not in change.text.replace("’", "'")),
            float(len(replaced) - 1),
            max((4.0 * p * (1.0 - p) for p in beside), default=0.0),
            self._rarity(replaced),
        )

    def _rarity(self, words: Sequence[str]) -> float:
        return self.model.log_probability(words, sentence=False) / max(1, len(words))


def _candidate(entry: Entry | None, key: str) -> Candidate | None:
    return next((c for c in entry.candidates if c.key == key), None) if entry else None
