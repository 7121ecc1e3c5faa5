"""The decoder: from the tokens of a document to scored readings of every place that may have been garbled.

    restored = argmax over x of  log P_LM(x) + log P_channel(observed | x, document)

Sentences are searched one by one; then the document is looked at as a whole, because a surface that is one word's
variant here is most likely the same word's variant there ("one sense per discourse", Gale, Church and Yarowsky 1992).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, log
from typing import NamedTuple

from normalizer.channel import Channel, Document, Entry, Match, holding, log_kept
from normalizer.language_model import LanguageModel
from normalizer.lattice import Edge, KeptKey, Searched, posterior, search
from normalizer.lexicon.table import Tier
from normalizer.text.tokens import NUMBER, Token, lm_words
from normalizer.text.typography import TYPOGRAPHIC
from normalizer.topic import TopicModel, topic_shifts


class Settings(NamedTuple):
    """The few numbers of the decoder.

    ``language_weight``: exponent of the language model, which is over-confident about long-range choices.
    ``article``: probability that an a/an stands where a spinner left it although the next word changed.
    ``typed``: probability that a writer who uses typographic apostrophes types a contraction with a straight one (339
    of 5,800 contractions in the clean corpus).
    ``beam``/``threshold``: see ``lattice.search``. ``discourse``: weight of the document's other occurrences;
    ``discourse_prior``: how many occurrences the corpus-wide shares are worth; ``topic``: weight of the document's
    topic; ``rounds``: passes over the document.
    """

    language_weight: float = 0.65
    article: float = 0.02
    typed: float = 0.06
    beam: int = 8
    threshold: float = 4.5
    discourse: float = 0.5
    discourse_prior: float = 4.0
    topic: float = 3.0
    rounds: int = 1


class Reading(NamedTuple):
    """One reading of ``tokens[start:end]`` of a sentence: the canonical text, and the channel's entry behind it.

    ``key`` and ``surface`` are empty for readings that no lexicon entry stands behind (articles). ``tier`` says how far
    the entry may be trusted.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    probability: float
    key: str = ""
    surface: str = ""
    tier: Tier = "spun"


class Decoded(NamedTuple):
    """The readings of one sentence with their posteriors, and the posterior that each token stays as it is.

    ``kept_keys`` holds the multi-word keys left alone as (surface, posterior); ``log_likelihood`` is that of the whole
    lattice.
    """

    tokens: Sequence[Token]
    readings: Sequence[tuple[Reading, float]]
    kept: Sequence[float]
    kept_keys: Sequence[tuple[str, int, int, float]]
    log_likelihood: float


class _Sentence(NamedTuple):
    tokens: Sequence[Token]
    matches: Sequence[Match]
    readings: Sequence[Reading]
    keys: Sequence[tuple[str, KeptKey]]
    graph: Searched


class Decoder:
    """Decodes documents with one channel and one language model; immutable and safe to share between threads.

    ``numbers`` gives the probability of a number's spelling among all numbers, which the language model merges. With
    ``topics``, wordings that fit the topic of the document are preferred.
    """

    def __init__(
        self,
        channel: Channel,
        model: LanguageModel,
        numbers: Mapping[str, float],
        settings: Settings = Settings(),  # noqa: B008 - immutable
        topics: TopicModel | None = None,
    ) -> None:
        self.channel, self.model, self.numbers, self.settings = channel, model, numbers, settings
        self.topics = topics

    def decode(
        self,
        sentences: Iterable[Sequence[Token]],
        *,
        rate: float = 1.0,
        frozen: Iterable[int] = (),
        context: Document | None = None,
        fingerprints_only: bool = False,
    ) -> list[Decoded]:
        """Decode the sentences of one document.

        ``rate`` is the share of its known words that the document's engine replaces. Tokens whose start offset is in
        ``frozen`` stay as they are. ``context`` is the document that conditions are about, by default the sentences
        themselves. ``fingerprints_only`` leaves out all that clean prose may have as well.
        """
        fixed, passages = frozenset(frozen), [tokens for tokens in sentences if tokens]
        around = context or Document(passages)
        document = [self._search(tokens, rate, fixed, around, fingerprints_only) for tokens in passages]
        decoded = [_decoded(sentence) for sentence in document]
        for _ in range(self.settings.rounds if self.settings.discourse else 0):
            decoded = self._discourse(document, decoded)
        return decoded

    def candidates(self, tokens: Sequence[Token]) -> list[Reading]:
        """Every reading of a sentence that the channel offers, likely or not."""
        return [*_from_matches(tokens, self.channel.match(tokens)), *_articles(tokens, frozenset(), 1.0)]

    def _search(
        self,
        tokens: Sequence[Token],
        rate: float,
        frozen: frozenset[int],
        context: Document,
        fingerprints_only: bool,
    ) -> _Sentence:
        settings = self.settings
        matches = [match for match in self.channel.match(tokens) if not _untouched(match, tokens)]
        if any(match.entry.conditional for match in matches):
            matches = list(holding(matches, tokens, context))
        if fingerprints_only:
            matches = [_as_fingerprint(match) for match in matches if match.entry.fingerprint]
        if frozen:
            held = [token.start in frozen for token in tokens]
            matches = [match for match in matches if not any(held[match.start : match.end])]
        stay = [0.0] * len(tokens)
        for match in matches:
            if match.end - match.start == 1 and not match.prefix and not match.suffix:
                stay[match.start] = _log_stays(match.entry, rate)
                if context.typographic and "'" in match.entry.surface and match.entry.candidates:
                    stay[match.start] += log(settings.typed)
                if _splits_number(match, tokens):
                    stay[match.start] += log(_NEVER)
        keys = _kept_keys(matches, stay, rate)
        edges: list[Edge] = []
        for index, token in enumerate(tokens):
            score = stay[index] + (self._spelling((token.norm,)) if token.lm == NUMBER else 0.0)
            edges.append(Edge(index, index, index + 1, (token.lm,), score, True))
        readings = [*_from_matches(tokens, matches), *_articles(tokens, frozen, settings.article)]
        for reading in readings:
            score = log(reading.probability * (rate if reading.key else 1.0))
            if NUMBER in reading.words:
                score += self._spelling(reading.text.lower().split())
            edges.append(Edge(len(edges), reading.start, reading.end, reading.words, score, False))
        graph = search(
            len(tokens),
            edges,
            [key for _, key in keys],
            self.model,
            language_weight=settings.language_weight,
            beam=settings.beam,
            threshold=settings.threshold,
        )
        return _Sentence(tokens, matches, readings, keys, graph)

    def _spelling(self, norms: Iterable[str]) -> float:
        rarest = self.numbers.get("", 1e-4)
        return self.settings.language_weight * sum(
            log(self.numbers.get(norm, rarest)) for norm in norms if norm[:1].isdigit()
        )

    def _discourse(self, document: Sequence[_Sentence], decoded: Sequence[Decoded]) -> list[Decoded]:
        """Rescore every place by what the rest of the document says: how it reads the same surface, and its topic."""
        shifts = list(self._votes(document, decoded))
        if self.topics is not None:
            pairs = [(result, sentence.readings) for sentence, result in zip(document, decoded, strict=True)]
            found = topic_shifts(self.topics, pairs, self.settings.topic)
            for of, sentence, by_topic in zip(shifts, document, found, strict=True):
                for number, shift in enumerate(by_topic, len(sentence.tokens)):
                    of[number] = of.get(number, 0.0) + shift
        return [
            _decoded(sentence, of) if of else result
            for sentence, result, of in zip(document, decoded, shifts, strict=True)
        ]

    def _votes(self, document: Sequence[_Sentence], decoded: Sequence[Decoded]) -> Iterator[dict[int, float]]:
        """For every sentence, edge numbers and how their log-scores shift by the other places of their surfaces."""
        votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        own: list[list[tuple[Match, float]]] = []
        for sentence, result in zip(document, decoded, strict=True):
            for reading, probability in result.readings:
                if reading.key:
                    votes[reading.surface][reading.key] += probability
            places = []
            for match in sentence.matches:
                if match.entry.candidates:
                    kept = min(result.kept[match.start : match.end])
                    votes[match.entry.surface][""] += kept
                    places.append((match, kept))
            own.append(places)
        for sentence, result, places in zip(document, decoded, own, strict=True):
            posteriors = {(r.start, r.end, r.surface, r.key): p for r, p in result.readings}
            by_reading: dict[tuple[int, int, str, str], float] = {}
            shifts: dict[int, float] = {}
            for match, kept in places:
                entry = match.entry
                here = {
                    c.key: posteriors.get((match.start, match.end, entry.surface, c.key), 0.0) for c in entry.candidates
                }
                counts = votes[entry.surface]
                elsewhere = sum(counts.values()) - kept - sum(here.values())
                if elsewhere < _FEWEST:
                    continue
                for candidate in entry.candidates:
                    seen = counts[candidate.key] - here[candidate.key]
                    place = (match.start, match.end, entry.surface, candidate.key)
                    by_reading[place] = self._bonus(seen, elsewhere, candidate.share)
                if match.end - match.start == 1:
                    shifts[match.start] = self._bonus(counts[""] - kept, elsewhere, entry.kept_share)
            if by_reading:
                for number, reading in enumerate(sentence.readings, len(sentence.tokens)):
                    if shift := by_reading.get((reading.start, reading.end, reading.surface, reading.key)):
                        shifts[number] = shift
            yield shifts if by_reading else {}

    def _bonus(self, seen: float, elsewhere: float, share: float) -> float:
        """How a reading's log-score shifts when it was ``seen`` in so many of the surface's places ``elsewhere``."""
        prior = self.settings.discourse_prior
        ratio = (max(0.0, seen) + prior * share) / ((elsewhere + prior) * share)
        return self.settings.discourse * log(ratio)


_FEWEST = 0.3
"""Fewer occurrences elsewhere (expected count) say nothing about a surface."""


def _decoded(sentence: _Sentence, shifts: Mapping[int, float] | None = None) -> Decoded:
    tokens = sentence.tokens
    result = posterior(sentence.graph, shifts)
    if result.log_likelihood == -inf:
        return Decoded(tokens, (), [1.0] * len(tokens), (), -inf)
    kept = [result.edges.get(index, 0.0) for index in range(len(tokens))]
    readings = [
        (reading, result.edges[number])
        for number, reading in enumerate(sentence.readings, len(tokens))
        if result.edges.get(number, 0.0) > 1e-4
    ]
    keys = [
        (surface, key.start, key.end, result.kept_keys[number])
        for number, (surface, key) in enumerate(sentence.keys)
        if number in result.kept_keys
    ]
    return Decoded(tokens, readings, kept, keys, result.log_likelihood)


_FINGERPRINT = 0.99
"""The probability that a fingerprint is not the writer's own wording, whatever the engine replaces."""


def _log_stays(entry: Entry, rate: float) -> float:
    return log_kept(max(entry.replaced * rate, _FINGERPRINT)) if entry.fingerprint else log_kept(entry.replaced, rate)


_NEVER = 1e-4
"""The probability of what clean prose never has: no "six.71%" in 1.8 million clean words, 45 in 1.4 million spun."""


def _splits_number(match: Match, tokens: Sequence[Token]) -> bool:
    """Whether a spelled number is glued to the rest of a number: "two,000" for "2,000"."""
    rest = tokens[match.end : match.end + 2]
    return (
        len(rest) == 2
        and rest[0].text in (",", ".")
        and rest[1].text[0].isdigit()
        and tokens[match.start].end == rest[0].start
        and rest[0].end == rest[1].start
        and any(candidate.text[0].isdigit() for candidate in match.entry.candidates)
    )


def _untouched(match: Match, tokens: Sequence[Token]) -> bool:
    """Whether typographic apostrophes show that no spinner has touched these words (``text/typography.py``).

    What is glued to a surface ("may’t" for "can’t") does not count.
    """
    if "'" not in match.entry.surface:
        return False
    inside = tokens[match.start : match.end - 1 if match.suffix else match.end]
    return any(TYPOGRAPHIC in token.text for token in inside)


def _as_fingerprint(match: Match) -> Match:
    candidates = tuple(candidate for candidate in match.entry.candidates if candidate.tier == "fingerprint")
    return match._replace(entry=match.entry._replace(candidates=candidates))


def _kept_keys(matches: Sequence[Match], stay: Sequence[float], rate: float) -> list[tuple[str, KeptKey]]:
    """The multi-word keys in a sentence, each with what leaving it costs beyond the costs of its parts."""
    found: list[tuple[str, KeptKey]] = []
    whole = [
        m
        for m in matches
        if m.end - m.start > 1 and (m.entry.replaced > 0 or m.entry.fingerprint) and not m.prefix and not m.suffix
    ]
    for match in sorted(whole, key=lambda m: m.end - m.start):
        start, end = match.start, match.end
        parts = sum(stay[start:end]) + sum(k.log_kept for _, k in found if k.start >= start and k.end <= end)
        found.append((match.entry.surface, KeptKey(start, end, _log_stays(match.entry, rate) - parts)))
    return found


def _from_matches(tokens: Sequence[Token], matches: Iterable[Match]) -> Iterable[Reading]:
    for match in matches:
        first = tokens[match.start]
        glued = match.start > 0 and tokens[match.start - 1].end == first.start
        for candidate in match.entry.candidates:
            text, lm = candidate.text, candidate.words
            if glued and not first.text[0].isalnum() and text[0].isalnum():
                continue  # "65%" is no "65percent"
            if match.prefix or match.suffix:
                text = match.prefix + text + match.suffix
                lm = lm_words(text)
            yield Reading(
                match.start,
                match.end,
                text,
                lm,
                candidate.probability,
                candidate.key,
                match.entry.surface,
                candidate.tier,
            )


def _articles(tokens: Sequence[Token], frozen: frozenset[int], probability: float) -> Iterable[Reading]:
    for index, token in enumerate(tokens):
        if token.norm in ("a", "an") and token.start not in frozen:
            other = "an" if token.norm == "a" else "a"
            yield Reading(index, index + 1, other, (other,), probability)
