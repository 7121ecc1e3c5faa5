"""The document's state: was it spun, where, and by what kind of engine?

Every word of a text is evidence. A canonical wording that an engine would have replaced speaks for clean text; a
surface that is commoner in spun text than in clean text speaks against it. Both follow from the channel: an engine
that replaces the share ``rate`` of what it knows turns the frequency of a surface into

    frequency x (1 - rate x P(replaced) + rate x gain)

so the logarithm of that factor is the surface's weight of evidence (Good 1950). Words come in bursts, so repeated
surfaces count less each time, and a single one never decides.

A document may be spun only in part (a spun introduction, a quoted original), so its sentences form a hidden Markov
chain of two states, clean and spun, one chain for every kind of engine (Rabiner 1989 for the algorithm).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest
from math import exp, log
from types import MappingProxyType
from typing import NamedTuple

from normalizer.channel import Channel, Entry
from normalizer.lattice import log_add
from normalizer.restoration import Detection, Engine
from normalizer.text.tokens import Token

_NOVELTY = (0.0, 1.0, log(2 / 1), log(3 / 2), log(4 / 3), log(5 / 4), log(6 / 5))
"""What the first, second, … occurrence of a surface is worth: together 1 + log(count), and nothing after the sixth."""


FINGERPRINT_WEIGHT = 3.5
"""What one occurrence of a surface weighs that clean prose never has: more than any other, less than the prior."""


class EngineModel(NamedTuple):
    """A kind of engine.

    ``rate`` is the share of its words that it replaces, ``switch`` P(a sentence's state differs from the last) and
    ``prior`` the log-odds that a document has passages spun by such an engine.
    """

    name: Engine
    rate: float
    switch: float
    prior: float


class GateSettings(NamedTuple):
    """The few numbers of the judgement.

    ``clip``: most that one occurrence may weigh. ``margin``: by what share the evidence for a weaker engine must
    exceed that for a stronger one; surfaces are not independent, so small differences mean little, and taking a strong
    engine for a weak one costs recall. ``engines``: those considered, the thesaurus spinner last. An engine that
    replaces little is judged on whole documents only (``switch`` 0), because its passages look clean.
    """

    clip: float = 2.5
    margin: float = 0.25
    engines: tuple[EngineModel, ...] = (
        EngineModel("replaces-all", 1.0, 0.02, -4.0),
        EngineModel("keeps-some", 0.65, 0.02, -4.0),
        EngineModel("thesaurus", 0.4, 0.0, -4.0),
    )


class State(NamedTuple):
    """The state of a document.

    ``likeliest`` is the likeliest engine, should the document be spun, and ``rate`` its replacement rate; ``spun``
    holds the probability of every sentence that it is spun.
    """

    detection: Detection
    likeliest: Engine
    rate: float
    spun: tuple[float, ...]


def weight(entry: Entry, rate: float, clip: float) -> float:
    """The weight of evidence (natural log) of one occurrence of a surface for an engine with this rate."""
    if entry.fingerprint and any(c.tier == "fingerprint" and c.condition is None for c in entry.candidates):
        return FINGERPRINT_WEIGHT
    factor = 1.0 - rate * min(entry.replaced, 0.995) + rate * entry.gain
    return max(-clip, min(clip, log(factor)))


class Judge:
    """Judges documents with one channel; it remembers the weights of surfaces it has seen.

    ``thesaurus`` holds the weights of single words for a plain thesaurus spinner, which the channel does not describe.
    """

    def __init__(
        self,
        channel: Channel,
        thesaurus: Mapping[str, float] = MappingProxyType({}),
        settings: GateSettings = GateSettings(),  # noqa: B008 - immutable
    ) -> None:
        self.channel, self.thesaurus, self.settings = channel, thesaurus, settings
        self._weights: dict[str, tuple[float, ...]] = {}

    def __call__(self, sentences: Iterable[Sequence[Token]]) -> State:
        """Weigh the evidence of a whole document, sentence by sentence."""
        engines = self.settings.engines
        counts: Counter[str] = Counter()
        words: Counter[str] = Counter()
        entries: dict[str, Entry] = {}
        sums: list[list[float]] = [[] for _ in engines]
        for tokens in sentences:
            totals = [0.0] * len(engines)
            for match in self.channel.longest_matches(tokens):
                entry = match.entry
                surface = entry.surface
                count = counts[surface] = counts[surface] + 1
                novelty = _NOVELTY[count] if count < len(_NOVELTY) else 0.0
                entries[surface] = entry
                for index, value in enumerate(self._weights.get(surface) or self._weigh(entry)):
                    totals[index] += value * novelty
            totals[-1] = self._weigh_words(tokens, words)
            for values, total in zip(sums, totals, strict=True):
                values.append(total)
        chains = [chain(values, engine.switch) for values, engine in zip(sums, engines, strict=True)]
        odds = [engine.prior + result.log_odds for engine, result in zip(engines, chains, strict=True)]
        total = 0.0
        for value in odds:
            total = log_add(total, value)
        shares = [exp(value - total) for value in odds]
        spun = tuple(
            sum(share * result.spun[index] for share, result in zip(shares, chains, strict=True))
            for index in range(len(sums[0]))
        )
        probability = min(1.0, sum(shares))
        engine = engines[_likeliest(odds, self.settings.margin)]
        name: Engine = engine.name if probability >= 0.5 else "none"
        evidence = (
            _rarest(words, self.thesaurus)
            if engine.name == "thesaurus" and probability >= 0.5
            else _strongest(entries, counts, engine.rate)
        )
        return State(Detection(probability, name, evidence), engine.name, engine.rate, spun)

    def _weigh_words(self, tokens: Iterable[Token], seen: Counter[str]) -> float:
        """The weight of a sentence for a thesaurus spinner, which leaves names alone; ``seen`` counts along."""
        total = 0.0
        weigh = self.thesaurus.get
        for token in tokens:
            value = weigh(token.norm)
            if value is not None and token.text[0].islower():
                count = seen[token.norm] = seen[token.norm] + 1
                total += value * (_NOVELTY[count] if count < len(_NOVELTY) else 0.0)
        return total

    def _weigh(self, entry: Entry) -> tuple[float, ...]:
        settings = self.settings
        weights = tuple(weight(entry, engine.rate, settings.clip) for engine in settings.engines[:-1])
        self._weights[entry.surface] = weights
        return weights


def _rarest(words: Iterable[str], weights: Mapping[str, float], most: int = 8) -> tuple[str, ...]:
    """The words that speak most for a thesaurus spinner, as sentences."""
    ranked = nsmallest(most, words, key=lambda word: (-weights[word], word))
    return tuple(f"{word!r}: a thesaurus offers it for commoner words ({weights[word]:+.1f})" for word in ranked)


def _strongest(entries: Mapping[str, Entry], counts: Mapping[str, int], rate: float, most: int = 8) -> tuple[str, ...]:
    """The surfaces that weigh most, as sentences."""
    values = {surface: weight(entry, rate, 9.0) for surface, entry in entries.items()}
    strength = {surface: abs(value) * (1.0 + log(counts[surface])) for surface, value in values.items()}
    ranked = nsmallest(most, strength, key=lambda surface: (-strength[surface], surface))
    return tuple(_sentence(entries[surface], counts[surface], values[surface]) for surface in ranked)


def _likeliest(odds: Sequence[float], margin: float) -> int:
    """The first (strongest) engine that explains the text about as well as the best one."""
    best = max(odds)
    return next(index for index, value in enumerate(odds) if value + margin * abs(value) >= best)


class Chain(NamedTuple):
    """A two-state chain over sentences: the log-odds of "some are spun" against "all are clean", and P(spun) of each
    sentence given that some are.
    """

    log_odds: float
    spun: list[float]


def chain(weights: Sequence[float], switch: float) -> Chain:
    """Forward-backward over sentences with the given weights of evidence.

    >>> result = chain([-9.0, 8.0, 9.0, -9.0], 0.02)
    >>> [round(p, 2) for p in result.spun]
    [0.01, 1.0, 1.0, 0.01]
    """
    if not weights:
        return Chain(0.0, [])
    if switch <= 0.0:
        return Chain(sum(weights), [1.0] * len(weights))
    stay, move = log(1.0 - switch), log(switch)
    clean, spun = log(0.5), log(0.5) + weights[0]
    forward = [(clean, spun)]
    for value in weights[1:]:
        clean, spun = log_add(clean + stay, spun + move), log_add(clean + move, spun + stay) + value
        forward.append((clean, spun))
    backward = [(0.0, 0.0)]
    for value in reversed(weights[1:]):
        clean, spun = backward[-1]
        backward.append((log_add(clean + stay, spun + move + value), log_add(clean + move, spun + stay + value)))
    backward.reverse()
    everything = log_add(*forward[-1])
    all_clean = log(0.5) + stay * (len(weights) - 1)
    some = _log_subtract(everything, all_clean)
    return Chain(some, [min(1.0, exp(f[1] + b[1] - some)) for f, b in zip(forward, backward, strict=True)])


def _log_subtract(a: float, b: float) -> float:
    """The logarithm of ``exp(a) - exp(b)``, for a > b; never less than a thousandth of a millionth of ``a``."""
    return a + log(max(1e-9, 1.0 - exp(min(0.0, b - a))))


def _sentence(entry: Entry, count: int, value: float) -> str:
    times = f"{count}x " if count > 1 else ""
    if value < 0:
        return f"{times}{entry.surface!r}: spun text hardly ever keeps it ({value:+.1f})"
    source = entry.candidates[0].text if entry.candidates else "?"
    return f"{times}{entry.surface!r}: spinners write it for {source!r} ({value:+.1f})"
