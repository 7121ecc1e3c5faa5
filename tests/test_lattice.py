"""The search and its posteriors agree with counting every path by hand."""

from __future__ import annotations

from itertools import product
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.language_model import LanguageModel
from normalizer.lattice import Edge, KeptKey, log_add, posterior, search
from normalizer.resources import lexicon_path

WORDS = ("the", "agency", "company", "said", "stated", "of", "state")
MODEL = LanguageModel(lexicon_path("en/news-3gram.klm"))


def kept(tokens: list[str], scores: list[float]) -> list[Edge]:
    return [Edge(i, i, i + 1, (w,), s, True) for i, (w, s) in enumerate(zip(tokens, scores, strict=True))]


def by_hand(length: int, edges: list[Edge], keys: list[KeptKey]) -> tuple[dict[int, float], float]:
    """Posteriors by listing all paths."""
    paths: list[list[Edge]] = []

    def walk(path: list[Edge], position: int) -> None:
        if position == length:
            paths.append(path)
        for edge in edges:
            if edge.start == position:
                walk([*path, edge], edge.end)

    walk([], 0)
    weights = []
    for path in paths:
        score = MODEL.log_probability([w for e in path for w in e.words]) + sum(e.log_channel for e in path)
        alone = {e.start for e in path if e.kept}
        score += sum(k.log_kept for k in keys if alone.issuperset(range(k.start, k.end)))
        weights.append(score)
    total = log(sum(exp(w - max(weights)) for w in weights)) + max(weights)
    shares: dict[int, float] = {}
    for path, weight in zip(paths, weights, strict=True):
        for edge in path:
            shares[edge.number] = shares.get(edge.number, 0.0) + exp(weight - total)
    return shares, total


@st.composite
def lattices(draw: st.DrawFn) -> tuple[int, list[Edge], list[KeptKey]]:
    length = draw(st.integers(1, 5))
    score = st.floats(-4, 0)
    tokens = draw(st.lists(st.sampled_from(WORDS), min_size=length, max_size=length))
    edges = kept(tokens, draw(st.lists(score, min_size=length, max_size=length)))
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, length - 1))
        end = draw(st.integers(start + 1, min(length, start + 3)))
        words = tuple(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
        edges.append(Edge(len(edges), start, end, words, draw(score), False))
    keys = [KeptKey(start, start + 2, draw(score)) for start in range(length - 1) if draw(st.booleans())]
    return length, edges, keys


@settings(max_examples=60, deadline=None)
@given(lattices())
def test_posteriors_are_those_of_all_paths(lattice: tuple[int, list[Edge], list[KeptKey]]) -> None:
    length, edges, keys = lattice
    expected, total = by_hand(length, edges, keys)
    graph = search(length, edges, keys, MODEL, beam=1000, threshold=1000.0)
    result = posterior(graph)
    assert result.log_likelihood == pytest.approx(total, abs=1e-4)
    for number, share in expected.items():
        assert result.edges.get(number, 0.0) == pytest.approx(share, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(lattices(), st.floats(-2, 2))
def test_shifting_an_edge_is_scoring_it_anew(lattice: tuple[int, list[Edge], list[KeptKey]], shift: float) -> None:
    length, edges, keys = lattice
    last = edges[-1]
    moved = [*edges[:-1], last._replace(log_channel=last.log_channel + shift)]
    old = posterior(search(length, edges, keys, MODEL, beam=1000, threshold=1000.0), {last.number: shift})
    new = posterior(search(length, moved, keys, MODEL, beam=1000, threshold=1000.0))
    assert old.log_likelihood == pytest.approx(new.log_likelihood, abs=1e-4)
    assert old.edges.get(last.number, 0.0) == pytest.approx(new.edges.get(last.number, 0.0), abs=1e-4)


def test_a_kept_key_costs_only_when_all_of_it_is_kept() -> None:
    edges = [*kept(["of", "the", "state"], [0.0, 0.0, 0.0]), Edge(3, 1, 2, ("the",), 0.0, False)]
    free = posterior(search(3, edges, [], MODEL, beam=50, threshold=50.0))
    dear = posterior(search(3, edges, [KeptKey(0, 2, -5.0)], MODEL, beam=50, threshold=50.0))
    assert free.edges[1] == pytest.approx(0.5)
    assert dear.edges[1] < 0.01
    assert dear.kept_keys[0] == pytest.approx(dear.edges[1])


@given(st.floats(-700, 0), st.floats(-700, 0))
def test_log_add_adds(a: float, b: float) -> None:
    assert exp(log_add(a, b)) == pytest.approx(exp(a) + exp(b))


def test_pruning_keeps_the_best_path() -> None:
    tokens = ["the", "agency", "said", "of", "the", "state"]
    edges = kept(tokens, [0.0] * 6)
    for (start, token), word in product(enumerate(tokens), WORDS):
        if word != token:
            edges.append(Edge(len(edges), start, start + 1, (word,), -1.0, False))
    wide = posterior(search(6, edges, [], MODEL, beam=500, threshold=50.0))
    narrow = posterior(search(6, edges, [], MODEL, beam=8, threshold=6.0))
    for start in range(6):
        here = [edge.number for edge in edges if edge.start == start]
        best = max(here, key=lambda number: wide.edges.get(number, 0.0))
        assert narrow.edges[best] == max(narrow.edges.get(number, 0.0) for number in here)
