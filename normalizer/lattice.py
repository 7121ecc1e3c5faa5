"""The search lattice: every way to read a sentence, scored, and the posterior of each reading.

A lattice has the tokens of a sentence as its positions. An edge covers one or more tokens and says which words stood
there originally; a kept token is an edge too. The search walks from left to right, merges hypotheses whose language
model contexts are equal, and drops the hopeless ones. What is left is a small graph over which the forward-backward
algorithm (Baum 1972) gives exact posteriors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, inf, log, log1p
from typing import NamedTuple

from normalizer.language_model import LanguageModel


class Edge(NamedTuple):
    """One reading of ``tokens[start:end]``: the original ``words`` and the channel's log-probability for them.

    ``number`` numbers the edges of a lattice. ``kept`` marks the edges that leave a token as it is.
    """

    number: int
    start: int
    end: int
    words: tuple[str, ...]
    log_channel: float
    kept: bool


class KeptKey(NamedTuple):
    """A multi-word key that stands in the text: what it costs, in log-probability, to leave all of it alone."""

    start: int
    end: int
    log_kept: float


class Searched(NamedTuple):
    """The pruned search graph of a sentence.

    An arc is (source state, target state, edge number, number of the kept key it completes or -1, weight); sources
    come before their targets. Weights are normalised so that those of all arcs into a state add up to one: with the
    scores of the search, the forward probability of every state is one, and no logarithms are needed afterwards.
    ``final`` holds the weight of each state behind the last token, ``log_likelihood`` the total.
    """

    arcs: list[tuple[int, int, int, int, float]]
    states: int
    final: list[tuple[int, float]]
    log_likelihood: float


class Posterior(NamedTuple):
    """What the whole lattice says: per edge (and per kept key) its probability, and the total log-likelihood."""

    edges: dict[int, float]
    kept_keys: dict[int, float]
    log_likelihood: float


def log_add(a: float, b: float) -> float:
    """The logarithm of ``exp(a) + exp(b)``, without overflow.

    >>> round(log_add(-1000.0, -1000.0), 3)
    -999.307
    """
    if a < b:
        a, b = b, a
    return a if b == -inf else a + log1p(exp(b - a))


def search(
    length: int,
    edges: Sequence[Edge],
    kept_keys: Sequence[KeptKey],
    model: LanguageModel,
    *,
    language_weight: float = 1.0,
    beam: int = 24,
    threshold: float = 9.0,
) -> Searched:
    """Explore the lattice of a sentence of ``length`` tokens.

    ``beam`` is the most states to follow from one position; states whose log-probability is ``threshold`` below the
    best one of their position are dropped. Edges must cover every position by at least one kept edge.
    """
    outgoing: list[list[Edge]] = [[] for _ in range(length)]
    for edge in edges:
        outgoing[edge.start].append(edge)
    ending: list[list[tuple[int, int, float]]] = [[] for _ in range(length + 1)]
    memory = [0] * (length + 1)
    for mark, multi in enumerate(kept_keys):
        ending[multi.end].append((mark, multi.end - multi.start, multi.log_kept))
        for position in range(multi.start + 1, multi.end):
            memory[position] = max(memory[position], position - multi.start)

    raw: list[tuple[int, int, int, int, float]] = []
    numbers: list[dict[tuple[object, int], int]] = [{} for _ in range(length + 1)]
    alpha: list[float] = [0.0]
    contexts: list[tuple[object, int]] = [(model.begin, 0)]
    numbers[0][contexts[0]] = 0
    advance = model.advance
    for position in range(length):
        here = list(numbers[position].values())
        if not here:
            continue
        here.sort(key=alpha.__getitem__, reverse=True)
        floor = alpha[here[0]] - threshold
        for source in here[:beam]:
            weight = alpha[source]
            if weight < floor:
                break
            context, run = contexts[source]
            for number, _, end, words, log_channel, kept in outgoing[position]:
                log_language, after = advance(context, words)
                total = weight + log_language * language_weight + log_channel
                mark, new_run = -1, 0
                if kept:
                    new_run = run + 1
                    for key, size, log_kept in ending[end]:
                        if size <= new_run:
                            mark = key
                            total += log_kept
                    if new_run > memory[end]:
                        new_run = memory[end]
                merged = (after, new_run)
                states = numbers[end]
                target = states.get(merged, -1)
                if target < 0:
                    target = states[merged] = len(alpha)
                    alpha.append(total)
                    contexts.append(merged)
                else:
                    alpha[target] = log_add(alpha[target], total)
                raw.append((source, target, number, mark, total))
    ends = [
        (state, alpha[state] + language_weight * advance(context, ("</s>",))[0])
        for (context, _), state in numbers[length].items()
    ]
    total = -inf
    for _, score in ends:
        total = log_add(total, score)
    arcs = [(source, target, edge, mark, exp(score - alpha[target])) for source, target, edge, mark, score in raw]
    return Searched(arcs, len(alpha), [(state, exp(score - total)) for state, score in ends], total)


def posterior(graph: Searched, shifts: Mapping[int, float] | None = None) -> Posterior:
    """Run forward-backward over a searched graph; ``shifts`` are changes to the log-score of some edges."""
    arcs = graph.arcs
    forward = [1.0] * graph.states
    if shifts:
        factors = {edge: exp(shift) for edge, shift in shifts.items()}
        factor = factors.get
        arcs = [(s, t, edge, mark, weight * factor(edge, 1.0)) for s, t, edge, mark, weight in arcs]
        forward = [0.0] * graph.states
        forward[0] = 1.0
        for source, target, _, _, weight in arcs:
            forward[target] += forward[source] * weight
    backward = [0.0] * graph.states
    total = 0.0
    for state, weight in graph.final:
        backward[state] = weight
        total += forward[state] * weight
    if total <= 0.0:
        return Posterior({}, {}, -inf)
    by_edge: dict[int, float] = {}
    by_key: dict[int, float] = {}
    for source, target, edge, mark, weight in reversed(arcs):
        outside = backward[target]
        if outside:
            outside *= weight
            backward[source] += outside
            share = forward[source] * outside / total
            by_edge[edge] = by_edge.get(edge, 0.0) + share
            if mark >= 0:
                by_key[mark] = by_key.get(mark, 0.0) + share
    return Posterior(by_edge, by_key, graph.log_likelihood + log(total))
