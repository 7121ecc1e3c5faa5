"""Calibration: from what is known of a change to the probability that it is right.

Posteriors of a model that is only nearly right are too extreme at one end and too timid at the other, and they do not
know where the channel is weak. A logistic regression on the numbers of ``features.py`` maps them to a probability; with
the posterior alone it would be Platt scaling (Platt 1999, "Probabilistic outputs for support vector machines"). Kinds
of engine have weights of their own, because the channel describes some of them less well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import exp, log1p, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from normalizer.errors import LexiconError
from normalizer.features import FEATURES

PENALTY = 10.0
"""The ridge on standardised weights, in units of one edit's information; 3 to 30 make no difference on held-out
goldens.
"""

SAFE_PRECISION = 0.97
"""The precision that the safe tier promises."""

_VERSION = 2
_IDENTITY = tuple(float(name == "posterior") for name in FEATURES)

Sample = Sequence[tuple[Sequence[float], bool]]
"""Features of changes, and whether each is right."""


class Calibration(NamedTuple):
    """The probability of being right: sigmoid(weights . features + intercept).

    ``safe`` is the least probability of the safe tier, ``typical`` the mean features of the edits that it was fitted
    on. Without arguments the probability is the posterior.

    >>> features = dict.fromkeys(FEATURES, 0.0) | {"posterior": 1.386}
    >>> round(Calibration()(tuple(features.values())), 3)
    0.8
    """

    weights: tuple[float, ...] = _IDENTITY
    intercept: float = 0.0
    safe: float = 0.97
    typical: tuple[float, ...] = (0.0,) * len(FEATURES)

    def __call__(self, features: Sequence[float]) -> float:
        """The probability that a change with these features is right."""
        return _sigmoid(sum(w * x for w, x in zip(self.weights, features, strict=True)) + self.intercept)

    def deciding(self, features: Sequence[float], most: int = 2) -> list[tuple[str, float]]:
        """The features that move the log-odds most, compared with a typical edit: name and shift.

        >>> calibration = Calibration(typical=(1.0,) + (0.0,) * (len(FEATURES) - 1))
        >>> calibration.deciding((3.0,) + (0.0,) * (len(FEATURES) - 1))
        [('posterior', 2.0)]
        """
        shifts = [
            (name, weight * (value - mean))
            for name, weight, value, mean in zip(FEATURES, self.weights, features, self.typical, strict=True)
        ]
        ranked = sorted(shifts, key=lambda pair: -abs(pair[1]))
        return [(name, shift) for name, shift in ranked[:most] if abs(shift) >= _LEAST_SHIFT]

    def to_dict(self) -> dict[str, Any]:
        """The calibration as it stands in a calibration file."""
        return {
            "intercept": round(self.intercept, 4),
            "safe": round(self.safe, 4),
            "weights": {name: round(weight, 4) for name, weight in zip(FEATURES, self.weights, strict=True)},
            "typical": {name: round(mean, 4) for name, mean in zip(FEATURES, self.typical, strict=True)},
        }


_LEAST_SHIFT = 0.1


def fit(sample: Sample, *, penalty: float = PENALTY, rounds: int = 50) -> Calibration:
    """The calibration of greatest penalised likelihood, by Newton's method with step halving.

    The features are standardised first and the penalty shrinks their weights to zero. Without data the result is the
    identity.

    >>> features = [tuple(x if name == "posterior" else 0.0 for name in FEATURES) for x in (2.2, -1.4)]
    >>> sample = [(features[0], n % 10 < 7) for n in range(500)] + [(features[1], n % 10 < 3) for n in range(500)]
    >>> [round(fit(sample)(values), 1) for values in features]
    [0.7, 0.3]
    """
    if not sample:
        return Calibration()
    columns = list(zip(*(features for features, _ in sample), strict=True))
    means = [sum(column) / len(column) for column in columns]
    scales = [
        max(_LEAST_SCALE, (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5)
        for column, mean in zip(columns, means, strict=True)
    ]
    rows = [
        (*((x - mean) / scale for x, mean, scale in zip(features, means, scales, strict=True)), 1.0)
        for features, _ in sample
    ]
    signs = [1.0 if right else -1.0 for _, right in sample]
    ridge = [*([penalty] * len(means)), _LEAST_RIDGE]
    weights = [0.0] * len(ridge)
    loss = _loss(rows, signs, weights, ridge)
    for _ in range(rounds):
        step = _solve(*_newton(rows, signs, weights, ridge))
        size, before = 1.0, loss
        while size > 1e-6:
            moved = [w - size * s for w, s in zip(weights, step, strict=True)]
            loss = _loss(rows, signs, moved, ridge)
            if loss <= before:
                weights = moved
                break
            size /= 2.0  # where the curve is flat, a full step overshoots
        if before - loss < 1e-7:
            break
    raw = [w / scale for w, scale in zip(weights, scales, strict=False)]
    shift = weights[-1] - sum(w * mean for w, mean in zip(raw, means, strict=True))
    return Calibration(tuple(raw), shift, typical=tuple(means))


_LEAST_SCALE = 0.1
_LEAST_RIDGE = 0.01


def safe_threshold(judged: Iterable[tuple[float, bool]], precision: float = SAFE_PRECISION) -> float:
    """The least probability from which on the edits have this precision, with 85 % certainty; to two places.

    Use probabilities from calibrations that did not see the edits. The certainty is that of Wilson's lower bound for a
    share (Wilson 1927, "Probable inference"). The result is at least 0.8 and at most 0.97.

    >>> safe_threshold([(0.99, True)] * 600 + [(0.9, True)] * 39 + [(0.9, False)] * 3 + [(0.85, False)] * 30)
    0.86
    """
    pairs = sorted(judged, reverse=True)
    best = 0.97
    for hundredths in range(97, 79, -1):
        tier = [right for probability, right in pairs if probability >= hundredths / 100]
        if tier and _lower_bound(sum(tier), len(tier)) >= precision:
            best = hundredths / 100
    return best


def _lower_bound(right: int, count: int, z: float = 1.036) -> float:
    share = right / count
    spread = z * sqrt(share * (1.0 - share) / count + z * z / (4.0 * count * count))
    return (share + z * z / (2.0 * count) - spread) / (1.0 + z * z / count)


def _loss(
    rows: Sequence[Sequence[float]], signs: Sequence[float], weights: Sequence[float], ridge: Sequence[float]
) -> float:
    total = 0.5 * sum(r * w * w for r, w in zip(ridge, weights, strict=True))
    for row, sign in zip(rows, signs, strict=True):
        margin = sign * sum(w * x for w, x in zip(weights, row, strict=True))
        total += log1p(exp(-margin)) if margin > 0 else log1p(exp(margin)) - margin
    return total


def _newton(
    rows: Sequence[Sequence[float]], signs: Sequence[float], weights: Sequence[float], ridge: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """The Hessian and the gradient of the loss."""
    size = len(weights)
    hessian = [[ridge[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
    gradient = [r * w for r, w in zip(ridge, weights, strict=True)]
    for row, sign in zip(rows, signs, strict=True):
        p = _sigmoid(sum(w * x for w, x in zip(weights, row, strict=True)))
        error, curve = p - (sign > 0), p * (1.0 - p)
        for i, x in enumerate(row):
            gradient[i] += error * x
            line, factor = hessian[i], curve * x
            for j in range(i + 1):
                line[j] += factor * row[j]
    for i in range(size):
        for j in range(i):
            hessian[j][i] = hessian[i][j]
    return hessian, gradient


def _solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Solve a small symmetric positive system by Cholesky's method."""
    size = len(vector)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = rest**0.5 if i == j else rest / lower[j][j]
    half: list[float] = []
    for i in range(size):
        half.append((vector[i] - sum(lower[i][k] * half[k] for k in range(i))) / lower[i][i])
    solution = [0.0] * size
    for i in reversed(range(size)):
        solution[i] = (half[i] - sum(lower[k][i] * solution[k] for k in range(i + 1, size))) / lower[i][i]
    return solution


def read_calibrations(path: Path | str) -> Mapping[str, Calibration]:
    """Read the calibrations of a lexicon folder: engine -> calibration. A missing file means the identity for all.

    Raises ``LexiconError`` when the file is malformed or was made for other features.
    """
    import json

    path = Path(path)
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {engine: _parse(values) for engine, values in data["engines"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LexiconError(f"{path}: not a calibration file ({error!r}); refit or reinstall it") from error


def write_calibrations(engines: Mapping[str, Calibration]) -> str:
    """The content of a calibration file."""
    data = {"version": _VERSION, "engines": {name: engines[name].to_dict() for name in sorted(engines)}}
    return json.dumps(data, indent=2) + "\n"


def _parse(values: Mapping[str, Any]) -> Calibration:
    weights, typical = values["weights"], values["typical"]
    if set(weights) != set(FEATURES):
        raise ValueError(f"features {sorted(set(weights) ^ set(FEATURES))} do not fit this version")
    return Calibration(
        tuple(float(weights[name]) for name in FEATURES),
        float(values["intercept"]),
        float(values["safe"]),
        tuple(float(typical[name]) for name in FEATURES),
    )


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, x))))
