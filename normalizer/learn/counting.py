"""The E-step: expected counts of substitutions over the lattices of documents, not only over their best paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import inf, log
from typing import Any, NamedTuple, TypeVar

from normalizer.decoder import Decoded, Decoder
from normalizer.text.sentences import sentences

K = TypeVar("K")


class Counts(NamedTuple):
    """Expected counts: of (canonical key, surface) substitutions, of keys left alone, of surfaces unexplained.

    ``drawn`` are those of substitutions with repetitions within a document discounted: an engine that draws one variant
    per key and document decides once, however often the word occurs.
    ``explained`` is the expected number of tokens that stand in for something else.
    """

    replaced: dict[tuple[str, str], float]
    kept_keys: dict[str, float]
    kept_surfaces: dict[str, float]
    tokens: int = 0
    log_likelihood: float = 0.0
    drawn: dict[tuple[str, str], float] = {}  # noqa: RUF012 - never changed
    explained: float = 0.0

    @property
    def per_token(self) -> float:
        """The log-likelihood per token, in nats."""
        return self.log_likelihood / max(self.tokens, 1)

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain data."""
        fields = self._asdict()
        for name in ("replaced", "drawn"):
            fields[name] = [[*pair, count] for pair, count in fields[name].items()]
        return fields

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Counts:
        """The counts that ``to_dict`` wrote."""
        fields = dict(data)
        for name in ("replaced", "drawn"):
            fields[name] = {(key, surface): count for key, surface, count in fields[name]}
        return cls(**fields)


def no_counts() -> Counts:
    """Counts of nothing, to add to."""
    return Counts({}, {}, {}, 0, 0.0, {}, 0.0)


def expected_counts(decoder: Decoder, texts: Iterable[str]) -> Counts:
    """The expected counts of some documents."""
    return add_counts(_document_counts(decoder, text) for text in texts)


def add_counts(counts: Iterable[Counts]) -> Counts:
    """The sum of several counts; they are added one by one, so that a long stream takes no memory."""
    replaced: dict[tuple[str, str], float] = defaultdict(float)
    kept_keys: dict[str, float] = defaultdict(float)
    kept_surfaces: dict[str, float] = defaultdict(float)
    drawn: dict[tuple[str, str], float] = defaultdict(float)
    tokens, likelihood, explained = 0, 0.0, 0.0
    for part in counts:
        _add(replaced, part.replaced)
        _add(kept_keys, part.kept_keys)
        _add(kept_surfaces, part.kept_surfaces)
        _add(drawn, part.drawn)
        tokens += part.tokens
        likelihood += part.log_likelihood
        explained += part.explained
    return Counts(replaced, kept_keys, kept_surfaces, tokens, likelihood, drawn, explained)


def mixed(old: Counts, new: Counts, share: float) -> Counts:
    """The counts of two rounds over the same documents, mixed with a ``share`` for the new ones.

    >>> old, new = no_counts()._replace(kept_keys={"a": 4.0}), no_counts()._replace(kept_keys={"b": 2.0})
    >>> dict(mixed(old, new, 0.25).kept_keys)
    {'a': 3.0, 'b': 0.5}
    """
    parts = (_scaled(old, 1.0 - share), _scaled(new, share))
    return add_counts(parts)._replace(tokens=new.tokens, log_likelihood=new.log_likelihood, explained=new.explained)


def _scaled(counts: Counts, factor: float) -> Counts:
    def scaled(part: Mapping[K, float]) -> dict[K, float]:
        return {key: count * factor for key, count in part.items()}

    return counts._replace(
        replaced=scaled(counts.replaced),
        kept_keys=scaled(counts.kept_keys),
        kept_surfaces=scaled(counts.kept_surfaces),
        drawn=scaled(counts.drawn),
    )


def _add(total: dict[K, float], part: Mapping[K, float]) -> None:
    for key, count in part.items():
        total[key] = total.get(key, 0.0) + count


def once(count: float) -> float:
    """What occurrences within one document count together: the first fully, each further one less.

    >>> once(0.5), once(1.0), round(once(5.0), 2)
    (0.5, 1.0, 2.61)
    """
    return count if count <= 1.0 else 1.0 + log(count)


def _document_counts(decoder: Decoder, text: str) -> Counts:
    counts = Counts(defaultdict(float), defaultdict(float), defaultdict(float))
    tokens, likelihood, explained = 0, 0.0, 0.0
    for result in decoder.decode(sentences(text)):
        tokens += len(result.tokens)
        if result.log_likelihood > -inf:
            likelihood += result.log_likelihood
            explained += _count(result, decoder, counts)
    drawn = {pair: once(count) for pair, count in counts.replaced.items()}
    return counts._replace(tokens=tokens, log_likelihood=likelihood, drawn=drawn, explained=explained)


def _count(result: Decoded, decoder: Decoder, counts: Counts) -> float:
    """Add a sentence to ``counts``; returns the expected number of tokens that stand in for something else."""
    explained = 0.0
    for reading, probability in result.readings:
        if reading.key:
            counts.replaced[reading.key, reading.surface] += probability
            explained += probability * (reading.end - reading.start)
    alone = list(result.kept)
    for surface, start, end, probability in result.kept_keys:
        counts.kept_keys[surface] += probability
        for index in range(start, end):
            alone[index] -= probability
    for match in decoder.channel.match(result.tokens):
        if match.prefix or match.suffix:
            continue
        if match.entry.candidates:
            counts.kept_surfaces[match.entry.surface] += min(result.kept[match.start : match.end])
        if match.end - match.start == 1 and match.entry.replaced:
            counts.kept_keys[match.entry.surface] += max(0.0, alone[match.start])
    return explained
