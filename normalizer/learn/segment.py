"""Cutting runs of changed tokens into the substitutions that they are made of.

"foreign secretary" that became "international minister" is two substitutions, "nobody" that became "no person" is one.
Which it is shows in the other places: a cut is likely when its parts are often seen. Every way to cut a run is weighed
by a unigram model over pairs of phrases, which is estimated by expectation maximisation with a Dirichlet process prior
that likes short pairs (DeNero and Klein 2008 describe the model; here no pair is reordered).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from math import exp, log
from typing import NamedTuple

Phrase = tuple[str, ...]
Pair = tuple[Phrase, Phrase]

LONGEST = 6
"""Most tokens on either side of a substitution."""


class Settings(NamedTuple):
    """``known``: how many occurrences it is worth that a lexicon has a pair; ``strength``: how many pairs the prior is.
    ``token``, ``skew``: what each token of a pair, and each token of difference in length, costs it (nats); ``token``
    comes on top of half the logarithm of the number of runs, so that one other occurrence of a part suffices to cut it
    off. ``rounds`` of estimation.
    """

    known: float = 0.5
    strength: float = 1.0
    token: float = 1.0
    skew: float = 1.0
    rounds: int = 6


class Segmenter:
    """Cuts runs; learnt from a count of runs. Runs longer than twice ``LONGEST`` are left out.

    ``known`` tells which pairs a lexicon has. What a run itself contributed to the estimate does not count when it is
    cut, or nothing would ever be cut.
    """

    def __init__(
        self,
        runs: Mapping[Pair, int],
        settings: Settings = Settings(),  # noqa: B008 - immutable
        known: Callable[[Pair], bool] = lambda pair: False,
    ) -> None:
        self.settings, self._known = settings, known
        usable = {run: count for run, count in runs.items() if max(map(len, run)) <= 2 * LONGEST}
        self._total = float(sum(usable.values()))
        self._token = settings.token + log(max(self._total, 1.0)) / 2
        self._own: dict[Pair, dict[Pair, float]] = {}
        for run in usable:
            cells = [pair for _, _, pair in _cells(run)]
            self._own[run] = {pair: count / len(cells) for pair, count in Counter(cells).items()}
        self._counts = _total(self._own, usable)
        for _ in range(settings.rounds):
            self._own = {run: self._expected(run) for run in usable}
            self._counts = _total(self._own, usable)

    def cut(self, run: Pair) -> list[Pair]:
        """The likeliest way to cut a run.

        >>> one = (("agency",), ("company",))
        >>> segmenter = Segmenter({one: 3, (("the", "agency"), ("a", "company")): 1, (("nobody",), ("no", "one")): 2})
        >>> segmenter.cut((("nobody", "agency"), ("no", "one", "company")))
        [(('nobody',), ('no', 'one')), (('agency',), ('company',))]
        """
        a, b = run
        own = self._own.get(run, {})
        best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (1.0, (0, 0))}
        for start, end, pair in _cells(run):
            if start in best:
                score = best[start][0] * self._probability(pair, own)
                if score > best.get(end, (0.0, start))[0]:
                    best[end] = (score, start)
        place = (len(a), len(b))
        if place not in best:
            return [run]
        pairs: list[Pair] = []
        while place != (0, 0):
            before = best[place][1]
            pairs.append((a[before[0] : place[0]], b[before[1] : place[1]]))
            place = before
        return pairs[::-1]

    def _probability(self, pair: Pair, own: Mapping[Pair, float]) -> float:
        a, b = len(pair[0]), len(pair[1])
        settings = self.settings
        base = exp(-self._token * (a + b) - settings.skew * abs(a - b))
        elsewhere = max(0.0, self._counts.get(pair, 0.0) - own.get(pair, 0.0))
        if self._known(pair):
            elsewhere += settings.known
        return (elsewhere + settings.strength * base) / (self._total + settings.strength)

    def _expected(self, run: Pair) -> dict[Pair, float]:
        """Forward-backward over the ways to cut a run."""
        end = (len(run[0]), len(run[1]))
        own = self._own[run]
        cells = [(start, stop, pair, self._probability(pair, own)) for start, stop, pair in _cells(run)]
        forward: dict[tuple[int, int], float] = defaultdict(float)
        backward: dict[tuple[int, int], float] = defaultdict(float)
        forward[0, 0] = backward[end] = 1.0
        for start, stop, _, probability in cells:
            forward[stop] += forward[start] * probability
        for start, stop, _, probability in reversed(cells):
            backward[start] += backward[stop] * probability
        total = forward[end]
        if not total:
            return {}
        expected: dict[Pair, float] = defaultdict(float)
        for start, stop, pair, probability in cells:
            expected[pair] += forward[start] * probability * backward[stop] / total
        return expected


def _total(own: Mapping[Pair, Mapping[Pair, float]], runs: Mapping[Pair, int]) -> dict[Pair, float]:
    counts: dict[Pair, float] = defaultdict(float)
    for run, parts in own.items():
        for pair, expected in parts.items():
            counts[pair] += runs[run] * expected
    return counts


def _cells(run: Pair) -> Iterator[tuple[tuple[int, int], tuple[int, int], Pair]]:
    """All parts of a run that may be substitutions, with their corners; starts in order."""
    a, b = run
    for i in range(len(a)):
        for j in range(len(b)):
            for k in range(i + 1, min(i + LONGEST, len(a)) + 1):
                for m in range(j + 1, min(j + LONGEST, len(b)) + 1):
                    yield (i, j), (k, m), (a[i:k], b[j:m])
