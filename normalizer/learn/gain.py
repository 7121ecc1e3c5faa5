"""What learning gained: which lines the text speaks for, and whether held-out documents are explained any better.

An overlay should hold what the text taught and nothing else. A line is worth writing when the counts are likelier with
it than with the line it replaces, by more than a parameter costs (a nat, as in Akaike's criterion). And the overlay as
a whole is worth having only when documents that were not learned from become likelier, beyond chance: one more round
over the text that the shipped weights come from merely moves them about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, log
from statistics import mean, stdev
from typing import NamedTuple

from normalizer.channel import Channel, Entry
from normalizer.decoder import Decoder
from normalizer.learn.counting import Counts
from normalizer.text.sentences import sentences

LEAST_SUPPORT = 1.0
"""Nats by which the counts have to be likelier with a line than with the one that it replaces."""

CHANCE = 2.0
"""Standard errors within which a gain on held-out documents may be chance."""

_FLOOR = 2e-4
"""P(surface | canonical) of a pair that a line does not have."""


class Exposure(NamedTuple):
    """How often every canonical was there, in expected counts, as in ``Counts``.

    ``drawn``: documents in which it was replaced, and places where it stayed; ``gone``: places where it was replaced;
    ``stayed``: places where it was not.
    """

    drawn: dict[str, float]
    gone: dict[str, float]
    stayed: dict[str, float]


def exposure(counts: Counts) -> Exposure:
    """The exposure of all canonicals in some counts."""
    gone: dict[str, float] = defaultdict(float)
    drawn: dict[str, float] = defaultdict(float, counts.kept_keys)
    for (key, _), count in counts.replaced.items():
        gone[key] += count
    for (key, _), count in counts.drawn.items():
        drawn[key] += count
    return Exposure(dict(drawn), dict(gone), counts.kept_keys)


def supported(entries: Iterable[Entry], base: Channel, counts: Counts, least: float = LEAST_SUPPORT) -> Iterator[Entry]:
    """The entries that ``counts`` support against those of ``base`` by ``least`` nats or more.

    Lines of surfaces that ``base`` does not know are kept when they have candidates: no line speaks against them.
    """
    exposed = exposure(counts)
    for entry in entries:
        known = base.get(entry.surface)
        if (known is None and entry.candidates) or support(entry, known, counts, exposed) >= least:
            yield entry


def support(entry: Entry, known: Entry | None, counts: Counts, exposed: Exposure) -> float:
    """By how many nats the counts are likelier with ``entry`` than with ``known``, the line that it replaces.

    Substitutions count as Poisson variables, whose rate is the exposure of the canonical; whether the surface is
    replaced where it is itself a canonical counts as a binomial one.
    """
    surface = entry.surface
    new = {candidate.key: candidate.probability for candidate in entry.candidates}
    old = {candidate.key: candidate.probability for candidate in known.candidates} if known is not None else {}
    total = 0.0
    for key in old.keys() | new.keys():
        before, after = max(old.get(key, 0.0), _FLOOR), max(new.get(key, 0.0), _FLOOR)
        seen = counts.drawn.get((key, surface), 0.0)
        total += seen * log(after / before) - exposed.drawn.get(key, 0.0) * (after - before)
    before, after = (_inside(one.replaced if one is not None else 0.0) for one in (known, entry))
    total += exposed.gone.get(surface, 0.0) * log(after / before)
    return total + exposed.stayed.get(surface, 0.0) * log((1.0 - after) / (1.0 - before))


def _inside(probability: float) -> float:
    return min(max(probability, 0.005), 0.995)


class Gain(NamedTuple):
    """The mean gain of held-out documents in log-likelihood (nats a token), its standard error, their number."""

    mean: float
    error: float
    documents: int

    @property
    def beyond_chance(self) -> bool:
        """Whether it is greater than chance explains. Fewer than two documents tell nothing against it.

        >>> Gain(0.2, 0.03, 10).beyond_chance, Gain(0.001, 0.0007, 95).beyond_chance, Gain(0.0, 0.0, 1).beyond_chance
        (True, False, True)
        """
        return self.documents < 2 or self.mean > CHANCE * self.error


def gain(differences: Sequence[float]) -> Gain:
    """The gain of documents, from the difference (nats a token) of each."""
    if len(differences) < 2:
        return Gain(sum(differences), 0.0, len(differences))
    return Gain(mean(differences), stdev(differences) / len(differences) ** 0.5, len(differences))


@dataclass(frozen=True)
class Compare:
    """By how many nats a token each text of a batch is likelier with one decoder than with another; picklable."""

    old: Decoder
    new: Decoder

    def __call__(self, texts: Sequence[str]) -> list[float]:
        """The differences, of the texts that have words."""
        found = ((_log_likelihood(self.new, text), _log_likelihood(self.old, text)) for text in texts)
        return [(new - old) / tokens for (new, tokens), (old, _) in found if tokens]


def _log_likelihood(decoder: Decoder, text: str) -> tuple[float, int]:
    results = [result for result in decoder.decode(sentences(text)) if result.log_likelihood > -inf]
    return sum(result.log_likelihood for result in results), sum(len(result.tokens) for result in results)
