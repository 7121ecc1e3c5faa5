from __future__ import annotations

from conftest import CLEAN, SPUN
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import Normalizer
from normalizer.evidence import chain


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


def test_a_plain_thesaurus_spinner_is_recognised(normalizer: Normalizer) -> None:
    text = (
        "The commission converged to confab the budget, but its constituents could not concord on how much lucre "
        "ought to be apportioned to edifices. The chairperson enounced that she would summon another conclave "
        "anterior to the fruition of the calendar month, and besought a speedy response."
    )
    assert normalizer.detect(text).engine == "thesaurus"


def test_a_chain_finds_the_spun_stretch() -> None:
    result = chain([-10.0] * 5 + [6.0] * 4 + [-10.0] * 5, 0.02)
    assert all(p > 0.95 for p in result.spun[5:9])
    assert all(p < 0.05 for p in (*result.spun[:5], *result.spun[9:]))
    assert chain([-10.0] * 5, 0.02).log_odds < -5.0
    assert chain([], 0.02).spun == []
