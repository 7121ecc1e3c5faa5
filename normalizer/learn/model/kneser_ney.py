"""Modified Kneser-Ney smoothing, interpolated (Chen and Goodman 1998), for trigrams.

Lower orders count in how many contexts an n-gram occurs instead of how often. What the discounts take away goes to the
next lower order. Pruned n-grams leave their probability to the lower order as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from normalizer.learn.model.counts import BEGIN, BITS, Counts, numpy, split


class Pruning(NamedTuple):
    """N-grams that occur at most so often are left out: none, once, twice are those of the shipped model."""

    bigrams: int = 0
    trigrams: int = 0


@dataclass(frozen=True)
class Level:
    """The n-grams of one order, sorted by their key, with log10 probabilities and back-off weights.

    ``extends``: whether a longer n-gram begins with this one.
    """

    keys: Any
    log_probability: Any
    log_backoff: Any
    extends: Any


@dataclass(frozen=True)
class Estimated:
    """A model: its vocabulary, and unigrams, bigrams and trigrams."""

    words: tuple[str, ...]
    levels: tuple[Level, Level, Level]
    tokens: int
    sentences: int


def estimate(counts: Counts, pruning: Pruning = Pruning()) -> Estimated:  # noqa: B008 - immutable
    """Estimate a model from counts."""
    np = numpy()
    shift, mask = np.uint64(BITS), np.uint64((1 << BITS) - 1)
    size = len(counts.words)

    # Adjusted counts: distinct words to the left, but real counts where nothing can stand to the left.
    suffixes, lefts = np.unique(counts.trigrams & np.uint64((1 << 2 * BITS) - 1), return_counts=True)
    adjusted = counts.bigram_counts.astype(np.float64)
    inner = (counts.bigrams >> shift) != BEGIN
    adjusted[inner] = lefts[np.searchsorted(suffixes, counts.bigrams[inner])]
    unigrams = np.bincount((counts.bigrams & mask).astype(np.int64), minlength=size).astype(np.float64)
    unigrams[BEGIN] = 0.0

    # Unigrams, interpolated with the uniform distribution over all words but the begin of a sentence.
    discounted = unigrams - _discount(unigrams)
    total = max(unigrams.sum(), 1.0)
    left = 1.0 - discounted.sum() / total
    p1 = discounted / total + left / (size - 1)
    p1[BEGIN] = 1.0

    kept2 = counts.bigram_counts > pruning.bigrams
    context2 = (counts.bigrams >> shift).astype(np.int64)
    words2 = (counts.bigrams & mask).astype(np.int64)
    own2, gamma1 = _interpolation(adjusted, context2, kept2, size)
    p2 = own2 + gamma1[context2] * p1[words2]

    kept3 = counts.trigram_counts > pruning.trigrams
    context3 = np.searchsorted(counts.bigrams, counts.trigrams >> shift)
    suffix3 = np.searchsorted(counts.bigrams, counts.trigrams & np.uint64((1 << 2 * BITS) - 1))
    own3, gamma2 = _interpolation(counts.trigram_counts.astype(np.float64), context3, kept3, len(counts.bigrams))
    kept2 = _closed(kept2, kept3, context3, suffix3)
    p3 = own3 + gamma2[context3] * p2[suffix3]

    extends1 = np.bincount(context2[kept2], minlength=size) > 0
    extends2 = np.bincount(context3[kept3], minlength=len(counts.bigrams)) > 0
    none = np.zeros(int(kept3.sum()))
    levels = (
        Level(np.arange(size, dtype=np.uint64), _log(p1), _log(np.where(extends1, gamma1, 1.0)), extends1),
        Level(
            counts.bigrams[kept2],
            _log(p2[kept2]),
            _log(np.where(extends2, gamma2, 1.0))[kept2],
            extends2[kept2],
        ),
        Level(counts.trigrams[kept3], _log(p3[kept3]), none, none > 0),
    )
    return Estimated(counts.words, levels, counts.tokens, counts.sentences)


def _interpolation(counts: Any, context: Any, kept: Any, contexts: int) -> tuple[Any, Any]:
    """The discounted probability of every n-gram, and what every context leaves to the lower order."""
    np = numpy()
    totals = np.bincount(context, weights=counts, minlength=contexts)
    own = (counts - _discount(counts)) / totals[context]
    own[~kept] = 0.0
    left = 1.0 - np.bincount(context, weights=own, minlength=contexts)
    left[totals == 0] = 1.0
    return own, np.clip(left, 1e-7, 1.0)


def _discount(counts: Any) -> Any:
    """What to subtract from each count: three discounts, for one, two, and more, from the counts of counts."""
    np = numpy()
    n = [0.0] + [float((counts == k).sum()) for k in range(1, 5)]
    discounts = [0.5, 1.0, 1.5]  # for tables too small to estimate them from
    if min(n[1:4]) > 0:
        y = n[1] / (n[1] + 2 * n[2])
        estimated = [k - (k + 1) * y * n[k + 1] / n[k] for k in (1, 2, 3)]
        if all(0.0 < d < k for k, d in enumerate(estimated, 1)):
            discounts = estimated
    return np.where(counts <= 0, 0.0, np.choose(np.clip(counts, 1, 3).astype(int) - 1, discounts))


def _closed(kept2: Any, kept3: Any, context3: Any, suffix3: Any) -> Any:
    """The bigrams to keep: those that were, and both ends of every trigram that is kept."""
    closed = kept2.copy()
    closed[context3[kept3]] = True
    closed[suffix3[kept3]] = True
    return closed


def _log(p: Any) -> Any:
    np = numpy()
    return np.log10(np.maximum(p, 1e-99))


def ngrams(level: Level, order: int) -> list[Any]:
    """The words of a level's n-grams as numbers, one array for each place."""
    return split(level.keys, order)
