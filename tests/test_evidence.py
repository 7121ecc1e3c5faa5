from __future__ import annotations

from conftest import CLEAN, SPUN
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import Normalizer


def test_spun_and_clean_are_told_apart(normalizer: Normalizer) -> None:
    assert normalizer.detect(SPUN).spun_probability > 0.99
    assert normalizer.detect(CLEAN).spun_probability < 0.01


def test_the_engine_is_named_with_evidence(normalizer: Normalizer) -> None:
    found = normalizer.detect(SPUN)
    assert found.engine == "replaces-all"
    assert any("physique" in line for line in found.evidence)
    assert normalizer.detect(CLEAN).engine == "none"


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_has_a_probability(normalizer: Normalizer, text: str) -> None:
    assert 0.0 <= normalizer.detect(text).spun_probability <= 1.0


def test_detect_and_analyze_agree(normalizer: Normalizer) -> None:
    for text in (SPUN, CLEAN):
        assert normalizer.detect(text).spun_probability == normalizer.analyze(text).spun_probability
