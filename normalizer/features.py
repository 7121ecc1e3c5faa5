"""What is known of a proposed change besides its posterior, as numbers that a calibration can weigh.

The lattice posterior is a product of the language model and the channel, and is only as good as both. How well the
channel knows the pair, whether the rest of the document agrees, what rivals there are and how sure the words beside
it are tell more about where the posterior errs (compare Jiang 2005, "Confidence measures for speech recognition").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, log1p
from typing import TYPE_CHECKING

from normalizer.channel import Candidate, Channel, Entry
from normalizer.decoder import Decoded
from normalizer.language_model import LanguageModel
from normalizer.text.tokens import lm_words

if TYPE_CHECKING:
    from normalizer.selection import Change

FEATURES = (
    "posterior",
    "probability",
    "share",
    "kept_share",
    "surface_replaced",
    "key_replaced",
    "gain",
    "candidates",
    "rival",
    "kept",
    "language",
    "support",
    "conflict",
    "contraction",
    "article",
    "capitals",
    "tokens",
    "words",
    "neighbour",
    "number",
    "rarity",
    "key_rarity",
)
"""The names of the numbers, in the order that ``Observer.features`` gives them."""

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
        self._read: Counter[tuple[str, str]] = Counter()
        self._all: Counter[str] = Counter()
        for decoded in document:
            for reading, posterior in decoded.readings:
                self._read[reading.surface, reading.key] += posterior  # type: ignore[assignment]
                self._all[reading.surface] += posterior  # type: ignore[assignment]

    def features(self, change: Change, found: Sequence[Change], decoded: Decoded) -> tuple[float, ...]:
        """The numbers of one change; ``found`` are all changes of its sentence."""
        reading, tokens = change.reading, decoded.tokens
        start, end = change.start, change.end
        entry = self.channel.get(reading.surface) if reading.key else None
        candidate = _candidate(entry, reading.key)
        key = self.channel.get(reading.key) if reading.key else None
        overlapping = [c for c in found if c is not change and c.start < end and c.end > start]
        beside = [c.posterior for c in found if c.end == start or c.start == end]
        read = self._read[reading.surface, reading.key]
        observed = [token.lm for token in tokens[start:end]]
        replaced = lm_words(change.text)
        return (
            logit(change.posterior),
            log(reading.probability),
            logit(candidate.share) if candidate else 0.0,
            logit(entry.kept_share) if entry else 0.0,
            entry.replaced if entry else 0.0,
            key.replaced if key else 0.0,
            log1p(entry.gain) if entry else 0.0,
            log(len(entry.candidates)) if entry else 0.0,
            max((c.posterior for c in overlapping), default=0.0),
            min(decoded.kept[start:end]),
            self._language_gain([token.lm for token in tokens], start, end, replaced),
            log1p(max(0.0, read - change.posterior)),
            log1p(max(0.0, self._all[reading.surface] - read)),
            float(any("'" in token.norm for token in tokens[start:end]) and "'" not in change.text.replace("’", "'")),
            float(not reading.key),
            float(tokens[start].text[0].isupper()),
            float(end - start - 1),
            float(len(replaced) - 1),
            max((4.0 * p * (1.0 - p) for p in beside), default=0.0),
            float(any(word == "0" for word in (*observed, *replaced))),
            self.model.log_probability(observed, sentence=False) / len(observed),
            self.model.log_probability(replaced, sentence=False) / max(1, len(replaced)),
        )

    def _language_gain(self, words: Sequence[str], start: int, end: int, replaced: Sequence[str]) -> float:
        """How much more probable the change makes its surroundings (two words on either side), bounded at 12."""
        before, after = words[max(0, start - 2) : start], words[end : end + 2]
        old = self.model.log_probability([*before, *words[start:end], *after], sentence=False)
        new = self.model.log_probability([*before, *replaced, *after], sentence=False)
        return max(-12.0, min(12.0, new - old))


def _candidate(entry: Entry | None, key: str) -> Candidate | None:
    return next((c for c in entry.candidates if c.key == key), None) if entry else None
