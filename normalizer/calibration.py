"""Calibration: from a lattice posterior to the probability that an edit is right.

Posteriors of a model that is only nearly right are too extreme at one end and too timid at the other. Platt scaling
(Platt 1999, "Probabilistic outputs for support vector machines") maps them with two numbers that are fitted on judged
edits; engines that keep some words, which the channel describes less well, have numbers of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import exp, log
from pathlib import Path
from typing import NamedTuple

from normalizer.errors import LexiconError

_BOUND = 9.0


class Calibration(NamedTuple):
    """The probability of being right as a function of the posterior: sigmoid(slope * logit(posterior) + shift).

    >>> round(Calibration()(0.8), 3), round(Calibration(0.5, 0.0)(0.8), 3)
    (0.8, 0.667)
    """

    slope: float = 1.0
    shift: float = 0.0

    def __call__(self, posterior: float) -> float:
        """The calibrated probability of a posterior."""
        return _sigmoid(self.slope * logit(posterior) + self.shift)


def logit(probability: float) -> float:
    """The log-odds of a probability, bounded at plus and minus 9.

    >>> logit(0.5), logit(1.0)
    (0.0, 9.0)
    """
    if probability <= 0.0 or probability >= 1.0:
        return _BOUND if probability >= 1.0 else -_BOUND
    return max(-_BOUND, min(_BOUND, log(probability / (1.0 - probability))))


def fit(judged: Iterable[tuple[float, bool]], rounds: int = 50) -> Calibration:
    """The calibration of greatest likelihood for (posterior, right) pairs, by Newton's method.

    A little regularisation towards the identity keeps small samples sane.

    >>> sample = [(0.9, n % 10 < 7) for n in range(100)] + [(0.2, n % 10 < 3) for n in range(100)]
    >>> fitted = fit(sample)
    >>> round(fitted(0.9), 1), round(fitted(0.2), 1)
    (0.7, 0.3)
    """
    sample = [(logit(posterior), right) for posterior, right in judged]
    slope, shift = 1.0, 0.0
    for _ in range(rounds):
        g0, g1, h00, h01, h11 = shift, slope - 1.0, 1.0, 0.0, 1.0
        for x, right in sample:
            p = _sigmoid(slope * x + shift)
            w = p * (1.0 - p)
            g0, g1 = g0 + p - right, g1 + (p - right) * x
            h00, h01, h11 = h00 + w, h01 + w * x, h11 + w * x * x
        determinant = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        before, size = _loss(sample, slope, shift), 1.0
        while size > 1e-4 and _loss(sample, slope - size * step1, shift - size * step0) > before:
            size /= 2.0  # where the curve is flat, a full step overshoots
        slope, shift = slope - size * step1, shift - size * step0
        if abs(step0) + abs(step1) < 1e-9:
            break
    return Calibration(slope, shift)


def _loss(sample: Iterable[tuple[float, bool]], slope: float, shift: float) -> float:
    """The negative log-likelihood of a sample, with the regularisation."""
    total = 0.5 * (shift * shift + (slope - 1.0) ** 2)
    for x, right in sample:
        p = _sigmoid(slope * x + shift)
        total -= log(p if right else 1.0 - p)
    return total


def read_calibrations(path: Path | str) -> Mapping[str, Calibration]:
    """Read the calibrations of a lexicon folder: engine -> calibration. A missing file means the identity for all.

    Raises ``LexiconError`` when the file is malformed.
    """
    path = Path(path)
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {
            engine: Calibration(float(pair["slope"]), float(pair["shift"])) for engine, pair in data["engines"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LexiconError(f"{path}: not a calibration file ({error!r}); refit or reinstall it") from error


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, x))))
