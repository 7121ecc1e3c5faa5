from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer import LexiconError
from normalizer.calibration import Calibration, fit, read_calibrations
from normalizer.resources import lexicon_path


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 3), st.floats(-3, 3))
def test_order_is_kept(a: float, b: float, slope: float, shift: float) -> None:
    calibration = Calibration(slope, shift)
    low, high = sorted((a, b))
    assert 0.0 <= calibration(low) <= calibration(high) <= 1.0


def test_fit_recovers_overconfidence() -> None:
    sample = [(0.99, n % 10 < 8) for n in range(500)] + [(0.6, n % 10 < 5) for n in range(500)]
    fitted = fit(sample)
    assert fitted(0.99) == pytest.approx(0.8, abs=0.05)
    assert fitted(0.6) == pytest.approx(0.5, abs=0.06)


def test_fit_without_data_is_the_identity() -> None:
    assert fit([]) == Calibration(1.0, 0.0)


def test_shipped_calibrations() -> None:
    engines = read_calibrations(lexicon_path("en/calibration.json"))
    assert {"replaces-all", "keeps-some", "thesaurus"} <= set(engines)


@pytest.mark.parametrize("content", ["[]", "{", '{"engines": {"x": {"slope": "steep"}}}'])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"calibration\.json: not a calibration file"):
        read_calibrations(path)
