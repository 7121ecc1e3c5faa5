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
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nsmallest
from itertools import pairwise
from math import exp, inf, log
from types import MappingProxyType
from typing import NamedTuple

from normalizer.channel import Channel, Entry
from normalizer.lattice import log_add
from normalizer.restoration import UNDECIDED, Detection, Engine, Finding, Passage
from normalizer.text.tokens import Token

_NOVELTY = (0.0, 1.0, log(2 / 1), log(3 / 2), log(4 / 3), log(5 / 4), log(6 / 5))
"""What the first, second, … occurrence of a surface is worth: together 1 + log(count), and nothing after the sixth."""


FINGERPRINT_WEIGHT = 3.5
"""What one occurrence of a surface weighs that clean prose never has: more than any other, less than the prior."""


class EngineModel(NamedTuple):
    """A kind of engine.

    ``rate`` is the share of its words that it replaces, ``switch`` P(a paragraph's state differs from the last) and
    ``prior`` the log-odds that a document has passages spun by such an engine. ``dilution`` is for thesaurus spinners
    only: what share of the rate that their word weights were made with this one has.
    """

    name: Engine
    rate: float
    switch: float
    prior: float
    dilution: float = 1.0


class GateSettings(NamedTuple):
    """The few numbers of the judgement.

    ``clip``: most that one occurrence may weigh. ``margin``: by what share the evidence for a weaker engine must
    exceed that for a stronger one; surfaces are not independent, so small differences mean little, and taking a strong
    engine for a weak one costs recall. ``engines``: those considered, thesaurus spinners last. An engine that
    replaces little is judged on whole documents only (``switch`` 0), because its passages look clean. ``within``: how
    much less likely the state changes within a paragraph than between two.

    Where the share of function words is less than ``prose`` the text is no English prose, and the log-odds fall by
    ``prose_slope`` times the difference. In 950 spun articles the share is 0.27 on average (0.20 or more in 99 % of
    them, 0.14 in passages of 60 words); in French, German, Portuguese and Spanish it is below 0.14, mostly below 0.04.

    An otherwise clean text with several different fingerprints is a tortured one: ``tortured_prior`` plus
    ``tortured_weight`` for each are its log-odds, less the logarithm of its length in units of ``tortured_words``.
    """

    clip: float = 2.5
    within: float = 0.1
    margin: float = 0.25
    engines: tuple[EngineModel, ...] = (
        EngineModel("replaces-all", 1.0, 0.02, -4.0),
        EngineModel("keeps-some", 0.65, 0.02, -4.0),
        EngineModel("thesaurus", 0.4, 0.0, -4.0),
        EngineModel("thesaurus", 0.16, 0.0, -4.0, 0.4),
    )
    prose: float = 0.15
    prose_slope: float = 150.0
    tortured_prior: float = -5.0
    tortured_weight: float = 2.5
    tortured_words: float = 1000.0


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
    if entry.fingerprint and _unconditional(entry):
        return FINGERPRINT_WEIGHT
    factor = 1.0 - rate * min(entry.replaced, 0.995) + rate * entry.gain
    return max(-clip, min(clip, log(factor)))


_SUSPICIOUS = 0.02
"""Documents with a smaller probability need no second look."""


class Judge:
    """Judges documents with one channel; it remembers the weights of surfaces it has seen.

    ``thesaurus`` holds the weights of single words for a plain thesaurus spinner, which the channel does not describe.
    ``function_words`` tell English prose from everything else: other languages, source code, tables.
    """

    def __init__(
        self,
        channel: Channel,
        thesaurus: Mapping[str, float] = MappingProxyType({}),
        function_words: Collection[str] = (),
        settings: GateSettings = GateSettings(),  # noqa: B008 - immutable
    ) -> None:
        self.channel, self.thesaurus, self.settings = channel, thesaurus, settings
        self.function_words = frozenset(function_words)
        self._weights: dict[str, tuple[float, ...]] = {}
        self._word_weights: dict[str, tuple[float, ...]] = {}
        self._diluted = tuple(engine.dilution for engine in settings.engines if engine.name == "thesaurus")

    def __call__(self, sentences: Iterable[Sequence[Token]], text: str = "") -> State:
        """Weigh the evidence of a whole document, sentence by sentence; ``text`` tells where paragraphs end."""
        engines = self.settings.engines
        document, described = list(sentences), len(engines) - len(self._diluted)
        counts: Counter[str] = Counter()
        words: Counter[str] = Counter()
        entries: dict[str, Entry] = {}
        first: dict[str, int] = {}
        sums: list[list[float]] = [[] for _ in engines]
        for tokens in document:
            totals = [0.0] * described
            for match in self.channel.longest_matches(tokens):
                entry = match.entry
                surface = entry.surface
                count = counts[surface] = counts[surface] + 1
                novelty = _NOVELTY[count] if count < len(_NOVELTY) else 0.0
                if count == 1:
                    entries[surface], first[surface] = entry, len(sums[0])
                for index, value in enumerate(self._weights.get(surface) or self._weigh(entry)):
                    totals[index] += value * novelty
            totals += self._weigh_words(tokens, words)
            for values, total in zip(sums, totals, strict=True):
                values.append(total)
        within = [_within(text, one, other) for one, other in pairwise(document)]
        chains = [
            chain(values, [engine.switch * (self.settings.within if inside else 1.0) for inside in within])
            for values, engine in zip(sums, engines, strict=True)
        ]
        odds = [engine.prior + result.log_odds for engine, result in zip(engines, chains, strict=True)]
        shares = _shares(odds)
        if self.function_words and sum(shares) >= _SUSPICIOUS:
            shift = self._no_prose(document, _mixed(shares, chains))
            odds = [value - shift for value in odds]
            shares = _shares(odds)
        spun = _mixed(shares, chains)
        likeliest = engines[_likeliest(odds, self.settings.margin)]
        betraying = [surface for surface, entry in entries.items() if entry.fingerprint and _unconditional(entry)]
        report = _Report(self, document, entries, first, counts, words, spun, betraying)
        return State(report.detection(likeliest, odds), likeliest.name, likeliest.rate, spun)

    def _no_prose(self, document: Sequence[Sequence[Token]], spun: Sequence[float]) -> float:
        """How much the likely spun sentences speak against being English prose, in log-odds; 0 where they are."""
        tokens = [token.norm for part, share in zip(document, spun, strict=True) if share >= 0.1 for token in part]
        if not tokens:
            return 0.0
        share = sum(word in self.function_words for word in tokens) / len(tokens)
        return max(0.0, (self.settings.prose - share) * self.settings.prose_slope)

    def _weigh_words(self, tokens: Iterable[Token], seen: Counter[str]) -> list[float]:
        """The weights of a sentence for thesaurus spinners, which leave names alone; ``seen`` counts along."""
        totals = [0.0] * len(self._diluted)
        known = self._word_weights
        for token in tokens:
            word = token.norm
            weights = known.get(word)
            if weights is None:
                weights = self._weigh_word(word)
            if weights and token.text[0].islower():
                count = seen[word] = seen[word] + 1
                if count < len(_NOVELTY):
                    for index, value in enumerate(weights):
                        totals[index] += value * _NOVELTY[count]
        return totals

    def _weigh_word(self, word: str) -> tuple[float, ...]:
        """The weights of a word for thesaurus spinners of every dilution; empty when they say nothing of it."""
        if word not in self.thesaurus:
            return ()  # not remembered: a stream of texts has ever new ones
        excess = exp(self.thesaurus[word]) - 1.0
        weights = self._word_weights[word] = tuple(log(1.0 + dilution * excess) for dilution in self._diluted)
        return weights

    def _weigh(self, entry: Entry) -> tuple[float, ...]:
        settings = self.settings
        weights = tuple(
            weight(entry, engine.rate, settings.clip) for engine in settings.engines if engine.name != "thesaurus"
        )
        self._weights[entry.surface] = weights
        return weights


class _Report:
    """Writes down what a judgement rests on; only for documents that have something to show does it cost time."""

    def __init__(
        self,
        judge: Judge,
        document: Sequence[Sequence[Token]],
        entries: Mapping[str, Entry],
        first: Mapping[str, int],
        counts: Mapping[str, int],
        words: Iterable[str],
        spun: Sequence[float],
        betraying: Sequence[str],
    ) -> None:
        self.judge, self.document, self.entries, self.first, self.counts = judge, document, entries, first, counts
        self.words, self.spun, self.betraying = words, spun, betraying

    def detection(self, likeliest: EngineModel, odds: Sequence[float]) -> Detection:
        settings = self.judge.settings
        count = sum(token.text[0].isalnum() for tokens in self.document for token in tokens)
        log_odds = odds[0]
        for value in odds[1:]:
            log_odds = log_add(log_odds, value)
        name: Engine = likeliest.name
        tortured = settings.tortured_prior + settings.tortured_weight * len(self.betraying)
        tortured -= log(max(1.0, count / settings.tortured_words))
        spun = self.spun
        if tortured > max(0.0, log_odds):
            name, spun = "tortured", [max(p, self._betrayed(t)) for p, t in zip(spun, self.document, strict=True)]
        log_odds = log_add(log_odds, tortured) if self.betraying else log_odds
        probability = exp(log_odds - log_add(0.0, log_odds))
        sure = probability >= 0.5
        return Detection(
            probability,
            name if sure else "none",
            self._findings(name, likeliest.rate, probability, spun),
            _passages(self.document, spun),
            self._garbled(name, likeliest.rate, spun) / max(1, count) if sure else 0.0,
            count,
            log_odds,
        )

    def _betrayed(self, tokens: Sequence[Token]) -> float:
        return float(self.judge.channel.has_fingerprint(tokens))

    def _counts(self, spun: Sequence[float]) -> Counter[str]:
        """How often surfaces stand in the spun sentences."""
        return Counter(
            match.entry.surface
            for tokens, share in zip(self.document, spun, strict=True)
            if share >= 0.5
            for match in self.judge.channel.longest_matches(tokens)
        )

    def _findings(
        self, engine: Engine, rate: float, probability: float, spun: Sequence[float], most: int = 8
    ) -> tuple[Finding, ...]:
        sure = probability >= 0.5
        if engine == "thesaurus" and sure:
            weights = self.judge.thesaurus
            ranked = nsmallest(most, self.words, key=lambda word: (-weights[word], word))
            reasons = {
                word: (f"{word!r}: a thesaurus offers it for commoner words ({weights[word]:+.1f})", weights[word])
                for word in ranked
            }
        else:
            counts = self._counts(spun) if sure else self.counts
            shown = [s for s in counts if s in self.betraying] if engine == "tortured" and sure else counts
            values = {surface: weight(self.entries[surface], rate, 9.0) for surface in shown}
            values = {surface: value * (1.0 + log(counts[surface])) for surface, value in values.items()}
            undecided = UNDECIDED[0] < probability < UNDECIDED[1]
            speaking = [surface for surface, value in values.items() if undecided or (value > 0.0) == sure] or values
            ranked = nsmallest(most, speaking, key=lambda surface: (-abs(values[surface]), surface))
            reasons = {
                surface: (_sentence(self.entries[surface], counts[surface], values[surface]), values[surface])
                for surface in ranked
            }
        if sure:
            searched = [tokens for tokens, share in zip(self.document, spun, strict=True) if share >= 0.5]
        else:  # clean text has to be cheap, so only the first places are shown
            searched = [self.document[index] for index in sorted({self.first[surface] for surface in reasons})]
        places = self._places(reasons, searched)
        return tuple(Finding(text, *reasons[text], tuple(places[text])) for text in reasons)

    def _places(
        self, surfaces: Collection[str], sentences: Iterable[Sequence[Token]], most: int = 5
    ) -> dict[str, list[tuple[int, int]]]:
        """The first places of some surfaces in some sentences, as the judge saw them."""
        places: dict[str, list[tuple[int, int]]] = {surface: [] for surface in surfaces}
        missing = {surface.partition(" ")[0] for surface in surfaces}
        for tokens in sentences:
            if any(token.norm in missing for token in tokens):
                seen = [(m.entry.surface, m.start, m.end) for m in self.judge.channel.longest_matches(tokens)]
                seen += [(token.norm, index, index + 1) for index, token in enumerate(tokens)]
                for surface, start, end in seen:
                    span = tokens[start].start, tokens[end - 1].end
                    if surface in places and len(places[surface]) < most and span not in places[surface]:
                        places[surface].append(span)
        return places

    def _garbled(self, engine: Engine, rate: float, spun: Sequence[float]) -> float:
        """The expected number of words that a spinner wrote."""
        total = 0.0
        for tokens, share in zip(self.document, spun, strict=True):
            if share < 0.1:
                continue
            if engine == "thesaurus":
                weights = self.judge.thesaurus
                odds = (exp(weights.get(token.norm, -9.0)) for token in tokens)
                total += share * sum(max(0.0, 1.0 - 1.0 / ratio) for ratio in odds if ratio > 1.0)
                continue
            for match in self.judge.channel.longest_matches(tokens):
                entry = match.entry
                length = match.end - match.start
                if engine == "tortured":
                    total += length if entry.fingerprint else 0
                else:
                    written = rate * entry.gain
                    total += share * length * written / (1.0 - rate * min(entry.replaced, 0.995) + written)
        return total


def _passages(document: Sequence[Sequence[Token]], spun: Sequence[float]) -> tuple[Passage, ...]:
    """Runs of sentences on the same side of 0.5, with their mean probability."""
    runs: list[list[tuple[Sequence[Token], float]]] = []
    for tokens, share in zip(document, spun, strict=True):
        if runs and (runs[-1][-1][1] >= 0.5) == (share >= 0.5):
            runs[-1].append((tokens, share))
        else:
            runs.append([(tokens, share)])
    return tuple(
        Passage(
            run[0][0][0].start,
            run[-1][0][-1].end,
            sum(share * len(tokens) for tokens, share in run) / sum(len(tokens) for tokens, _ in run),
        )
        for run in runs
    )


def _unconditional(entry: Entry) -> bool:
    return any(c.tier == "fingerprint" and c.condition is None for c in entry.candidates)


def _likeliest(odds: Sequence[float], margin: float) -> int:
    """The first (strongest) engine that explains the text about as well as the best one."""
    best = max(odds)
    return next(index for index, value in enumerate(odds) if value + margin * abs(value) >= best)


def _shares(odds: Sequence[float]) -> list[float]:
    """The probability of each engine; what is missing to 1 is that of none."""
    total = 0.0
    for value in odds:
        total = log_add(total, value)
    return [exp(value - total) for value in odds]


def _mixed(shares: Sequence[float], chains: Sequence[Chain]) -> tuple[float, ...]:
    """The probability of each sentence that it is spun."""
    return tuple(
        sum(share * result.spun[index] for share, result in zip(shares, chains, strict=True))
        for index in range(len(chains[0].spun))
    )


class Chain(NamedTuple):
    """A two-state chain over sentences: the log-odds of "some are spun" against "all are clean", and P(spun) of each
    sentence given that some are.
    """

    log_odds: float
    spun: list[float]


def chain(weights: Sequence[float], switches: Sequence[float]) -> Chain:
    """Forward-backward over sentences with the given weights of evidence.

    ``switches`` are the probabilities that the state differs from one sentence to the next, all 0 for whole documents.

    >>> result = chain([-9.0, 8.0, 9.0, -9.0], [0.02] * 3)
    >>> [round(p, 2) for p in result.spun]
    [0.01, 1.0, 1.0, 0.01]
    """
    if not weights:
        return Chain(0.0, [])
    if switches and not any(switches):
        return Chain(sum(weights), [1.0] * len(weights))
    steps = [(log(1.0 - switch), log(switch) if switch > 0.0 else -inf) for switch in switches]
    clean, spun = log(0.5), log(0.5) + weights[0]
    forward = [(clean, spun)]
    for value, (stay, move) in zip(weights[1:], steps, strict=True):
        clean, spun = log_add(clean + stay, spun + move), log_add(clean + move, spun + stay) + value
        forward.append((clean, spun))
    backward = [(0.0, 0.0)]
    for value, (stay, move) in zip(reversed(weights[1:]), reversed(steps), strict=True):
        clean, spun = backward[-1]
        backward.append((log_add(clean + stay, spun + move + value), log_add(clean + move, spun + stay + value)))
    backward.reverse()
    everything = log_add(*forward[-1])
    all_clean = log(0.5) + sum(stay for stay, _ in steps)
    some = _log_subtract(everything, all_clean)
    return Chain(some, [min(1.0, exp(f[1] + b[1] - some)) for f, b in zip(forward, backward, strict=True)])


def _within(text: str, sentence: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether two sentences stand in one paragraph."""
    return bool(text and sentence and following) and "\n" not in text[sentence[-1].end : following[0].start]


def _log_subtract(a: float, b: float) -> float:
    """The logarithm of ``exp(a) - exp(b)``, for a > b; never less than a thousandth of a millionth of ``a``."""
    return a + log(max(1e-9, 1.0 - exp(min(0.0, b - a))))


def _sentence(entry: Entry, count: int, value: float) -> str:
    times = f"{count}x " if count > 1 else ""
    if value < 0:
        return f"{times}{entry.surface!r}: spun text hardly ever keeps it ({value:+.1f})"
    if entry.fingerprint and _unconditional(entry):
        return f"{times}{entry.surface!r}: clean prose never has it ({value:+.1f})"
    source = entry.candidates[0].text if entry.candidates else "?"
    return f"{times}{entry.surface!r}: spinners write it for {source!r} ({value:+.1f})"
