"""A confidence is a probability: it is learned from judged changes, and read back from a file as it was written."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer import LexiconError, Normalizer
from normalizer.calibration import Calibration, fit, read_calibrations, safe_threshold, write_calibrations
from normalizer.evaluation.gold import parse_gold
from normalizer.evaluation.refit import judged_changes, refit
from normalizer.features import FEATURES, logit
from normalizer.resources import lexicon_path

COUNT = len(FEATURES)
VALUES = st.lists(st.floats(-9, 9), min_size=COUNT, max_size=COUNT).map(tuple)


def features(posterior: float) -> tuple[float, ...]:
    return (logit(posterior), *[0.0] * (COUNT - 1))


@given(VALUES, VALUES, st.floats(-9, 9))
def test_a_confidence_is_a_probability(weights: tuple[float, ...], values: tuple[float, ...], shift: float) -> None:
    calibration = Calibration(weights, shift)
    assert 0.0 <= calibration(values) <= 1.0
    assert all(name in FEATURES for name, _ in calibration.deciding(values))


@given(st.floats(0.001, 0.999))
def test_without_a_fit_the_confidence_is_the_posterior(posterior: float) -> None:
    assert Calibration()(features(posterior)) == pytest.approx(posterior)


def test_fit_recovers_overconfidence() -> None:
    sample = [(features(0.99), n % 10 < 8) for n in range(500)] + [(features(0.6), n % 10 < 5) for n in range(500)]
    fitted = fit(sample)
    assert fitted(features(0.99)) == pytest.approx(0.8, abs=0.05)
    assert fitted(features(0.6)) == pytest.approx(0.5, abs=0.06)


def test_fit_finds_the_weights_that_made_the_labels() -> None:
    draw = random.Random(1)
    true = Calibration(tuple(draw.uniform(-1, 1) for _ in FEATURES), 0.3)
    rows = [tuple(draw.gauss(0, 1) for _ in FEATURES) for _ in range(6000)]
    fitted = fit([(row, draw.random() < true(row)) for row in rows], penalty=1.0)
    assert max(abs(a - b) for a, b in zip(fitted.weights, true.weights, strict=True)) < 0.15


def test_one_sided_labels_do_not_run_away() -> None:
    fitted = fit([(features(0.9), True)] * 50)
    assert 0.9 < fitted(features(0.9)) < 1.0


def test_fit_without_data_is_the_identity() -> None:
    assert fit([]) == Calibration()


def test_the_safe_threshold_asks_for_enough_edits() -> None:
    assert safe_threshold([(0.9, True)] * 20) == 0.97
    assert safe_threshold([(0.9, True)] * 200) < 0.9


def test_shipped_calibrations() -> None:
    engines = read_calibrations(lexicon_path("en/calibration.json"))
    assert {"replaces-all", "keeps-some", "thesaurus"} <= set(engines)


def test_a_file_reads_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    engines = {"thesaurus": Calibration(tuple(n / 8 for n in range(COUNT)), -0.5, 0.91, (0.25,) * COUNT)}
    path.write_text(write_calibrations(engines), encoding="utf-8")
    assert read_calibrations(path) == engines


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"engines": {"x": {"slope": 1}}}', '{"engines": {"x": {"weights": {}, "typical": {}}}}']
)
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"calibration\.json: not a calibration file"):
        read_calibrations(path)


def test_a_refit_reports_on_documents_that_it_did_not_see(normalizer: Normalizer, shared: Path) -> None:
    paths = sorted((shared / "goldens" / "spun").glob("0[1-4]-*.gold.txt"))
    golds = [parse_gold(path.read_text(encoding="utf-8")) for path in paths]
    documents = [(path.name, *judged_changes(normalizer, gold)) for path, gold in zip(paths, golds, strict=True)]
    (fitted,) = refit(documents)
    assert fitted.engine == "replaces-all"
    assert len(fitted.held_out) == sum(len(judged) for _, _, judged in documents) > 300
    assert 0.8 <= fitted.calibration.safe <= 0.97
