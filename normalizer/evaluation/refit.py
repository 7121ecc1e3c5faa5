"""Refitting the confidence of edits: what to fit on, how to check it, what to ship.

A calibration holds for one channel: after the channel has changed it has to be fitted anew, on spun texts whose
originals are known. Everything reported is held out: each document's edits are judged by a calibration that was fitted
on the other documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

from normalizer.calibration import Calibration, fit, safe_threshold
from normalizer.evaluation.calibration import Judged, judge_each
from normalizer.evaluation.gold import Gold
from normalizer.features import FEATURES, logit
from normalizer.pipeline import Normalizer
from normalizer.restoration import Engine

LEAST_POSTERIOR = 0.25
"""Changes that the lattice thinks less likely than this are hardly ever made, so they do not count in the fit."""

FEWEST_EDITS = 100
"""An engine with fewer judged edits gets no calibration."""

_POSTERIOR = list(FEATURES).index("posterior")

Judgement = tuple[tuple[float, ...], bool]
"""The features of a change, and whether it is right."""


@dataclass(frozen=True)
class Refit:
    """The calibration of one kind of engine, and its edits with held-out probabilities."""

    engine: Engine
    calibration: Calibration
    held_out: tuple[Judged, ...]


def judged_changes(normalizer: Normalizer, gold: Gold) -> tuple[Engine, list[Judgement]]:
    """The likeliest engine of a gold file's source, and its likelier changes, judged."""
    engine, proposals = normalizer.proposals(gold.source)
    likely = [p for p in proposals if p.features and p.features[_POSTERIOR] >= logit(LEAST_POSTERIOR)]
    posteriors = [replace(p.edit, confidence=_probability(p.features[_POSTERIOR])) for p in likely]
    right = judge_each(gold, posteriors)
    return engine, [(p.features, right[p.edit.start]) for p in likely if p.edit.start in right]


def refit(documents: Iterable[tuple[str, Engine, Sequence[Judgement]]], folds: int = 5) -> list[Refit]:
    """Fit one calibration for each kind of engine.

    ``documents`` are (article, engine, judged changes); versions of one article have to share its name, or nothing
    would be held out. The safe threshold is chosen on the held-out probabilities.
    """
    by_engine: dict[Engine, dict[str, list[Judgement]]] = defaultdict(lambda: defaultdict(list))
    for article, engine, judgements in documents:
        by_engine[engine][article] += judgements
    return [
        _refit(engine, found, folds)
        for engine, found in sorted(by_engine.items())
        if sum(map(len, found.values())) >= FEWEST_EDITS and len(found) > 1
    ]


def _refit(engine: Engine, documents: Mapping[str, Sequence[Judgement]], folds: int) -> Refit:
    names = sorted(documents)
    folds = min(folds, len(names))
    held_out: list[Judged] = []
    for fold in range(folds):
        rest = fit(_joined(documents[name] for index, name in enumerate(names) if index % folds != fold))
        seen = _joined(documents[name] for name in names[fold::folds])
        held_out += [Judged(rest(features), right) for features, right in seen]
    safe = safe_threshold((judged.confidence, judged.right) for judged in held_out)
    return Refit(engine, fit(_joined(documents.values()))._replace(safe=safe), tuple(held_out))


def _joined(samples: Iterable[Sequence[Judgement]]) -> list[Judgement]:
    return [judgement for sample in samples for judgement in sample]


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(-log_odds))
