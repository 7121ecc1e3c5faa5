"""Counting n-grams of a stream of sentences, in memory that grows with their variety and not with the text.

Words become numbers, trigrams become one 63-bit number each, so that numpy can sort and count them. A chunk at a time
is counted and merged into what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from normalizer.errors import ConfigError, ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.uint64]

BITS = 21
"""Bits of a word's number, so that three fit into one integer: 2,097,152 words at most."""

UNKNOWN, BEGIN, END = 0, 1, 2
SPECIAL = ("<unk>", "<s>", "</s>")
CHUNK = 2_000_000
"""Tokens that are counted at a time."""


class Counts(NamedTuple):
    """Sorted n-grams and how often each occurs; an n-gram's first word has the highest bits. ``words``: the vocabulary
    by number; ``tokens`` and ``sentences`` that were read.
    """

    words: tuple[str, ...]
    bigrams: Numbers
    bigram_counts: Numbers
    trigrams: Numbers
    trigram_counts: Numbers
    unigram_counts: Numbers
    tokens: int
    sentences: int


def numpy() -> Any:
    """The package numpy. Raises ``ConfigError`` when it is not installed."""
    try:
        import numpy
    except ImportError as error:
        raise ConfigError("building a model needs numpy: python -m pip install 'normalizer[learn]'") from error
    return numpy


@dataclass
class _Merged:
    """Distinct keys, sorted, with their counts so far."""

    keys: Any
    counts: Any

    def add(self, keys: Any, counts: Any) -> None:
        np = numpy()
        keys, counts = np.concatenate([self.keys, keys]), np.concatenate([self.counts, counts])
        order = np.argsort(keys, kind="stable")
        keys, counts = keys[order], counts[order]
        first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, int)
        self.keys, self.counts = keys[first], np.add.reduceat(counts, first) if len(first) else counts


class Counter:
    """Counts the n-grams of sentences that are fed to it. Raises ``ConfigError`` when numpy is not installed."""

    def __init__(self) -> None:
        np = numpy()
        empty = np.zeros(0, np.uint64)
        self._ids: dict[str, int] = {word: number for number, word in enumerate(SPECIAL)}
        self._chunk: list[int] = []
        self._bigrams, self._trigrams = _Merged(empty, empty), _Merged(empty, empty)
        self._unigrams = np.zeros(len(SPECIAL), np.uint64)
        self.tokens = self.sentences = 0

    def add(self, sentence: Sequence[str]) -> None:
        """Count one sentence of language-model tokens. Raises ``ModelError`` when there are too many words."""
        ids = self._ids
        self._chunk.append(BEGIN)
        self._chunk += [ids.setdefault(word, len(ids)) for word in sentence]
        self._chunk.append(END)
        self.tokens += len(sentence) + 1
        self.sentences += 1
        if len(self._chunk) >= CHUNK:
            self._flush()

    def finish(self, least_count: int = 1) -> Counts:
        """The counts. Words seen less than ``least_count`` times become the unknown word."""
        self._flush()
        np = numpy()
        rare = self._unigrams < least_count
        rare[: len(SPECIAL)] = False
        kept = np.flatnonzero(~rare)
        new = np.zeros(len(rare), np.uint64)
        new[kept] = np.arange(len(kept), dtype=np.uint64)
        words = tuple(self._ids)
        unigrams = np.zeros(len(kept), np.uint64)
        np.add.at(unigrams, new.astype(np.int64), self._unigrams)
        return Counts(
            tuple(words[number] for number in kept),
            *_renumbered(self._bigrams, 2, new),
            *_renumbered(self._trigrams, 3, new),
            unigrams,
            self.tokens,
            self.sentences,
        )

    def _flush(self) -> None:
        np = numpy()
        if len(self._ids) > 1 << BITS:
            raise ModelError(f"more than {1 << BITS:,} different words; is this text? Filter it, or build from less")
        stream = np.array(self._chunk, np.uint64)
        self._chunk = []
        unigrams = np.zeros(len(self._ids), np.uint64)
        unigrams[: len(self._unigrams)] = self._unigrams
        self._unigrams = unigrams + np.bincount(stream.astype(np.int64), minlength=len(unigrams)).astype(np.uint64)
        shift = np.uint64(BITS)
        pairs = (stream[:-1] << shift) | stream[1:]
        inside = stream[1:] != BEGIN  # a sentence begins there: no n-gram reaches across
        self._bigrams.add(*_counted(pairs[inside]))
        triples = (pairs[:-1] << shift) | stream[2:]
        self._trigrams.add(*_counted(triples[inside[:-1] & inside[1:]]))


def _counted(keys: Any) -> tuple[Any, Any]:
    np = numpy()
    distinct, counts = np.unique(keys, return_counts=True)
    return distinct, counts.astype(np.uint64)


def _renumbered(merged: _Merged, order: int, new: Any) -> tuple[Any, Any]:
    np = numpy()
    keys = np.zeros(len(merged.keys), np.uint64)
    for word in split(merged.keys, order):
        keys = (keys << np.uint64(BITS)) | new[word.astype(np.int64)]
    again = _Merged(np.zeros(0, np.uint64), np.zeros(0, np.uint64))
    again.add(keys, merged.counts)
    return again.keys, again.counts


def split(keys: Any, order: int) -> list[Any]:
    """The words of n-grams, first word first."""
    np = numpy()
    mask = np.uint64((1 << BITS) - 1)
    return [(keys >> np.uint64(BITS * place)) & mask for place in range(order - 1, -1, -1)]


def count(sentences: Iterable[Sequence[str]], least_count: int = 1) -> Counts:
    """Count the n-grams of sentences.

    >>> counts = count([["a", "b"], ["a", "b"]])
    >>> counts.words, counts.tokens, len(counts.trigrams)
    (('<unk>', '<s>', '</s>', 'a', 'b'), 6, 2)
    """
    counter = Counter()
    for sentence in sentences:
        counter.add(sentence)
    return counter.finish(least_count)
