from __future__ import annotations

from conftest import CLEAN, SPUN
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import Normalizer
from normalizer.channel import Channel
from normalizer.evidence import Judge, chain
from normalizer.resources import lexicon_path
from normalizer.text.sentences import sentences


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
    result = chain([-10.0] * 5 + [6.0] * 4 + [-10.0] * 5, [0.02] * 13)
    assert all(p > 0.95 for p in result.spun[5:9])
    assert all(p < 0.05 for p in (*result.spun[:5], *result.spun[9:]))
    assert chain([-10.0] * 5, [0.02] * 4).log_odds < -5.0
    assert chain([], []).spun == []


def test_a_short_text_is_too_short_to_tell(normalizer: Normalizer) -> None:
    found = normalizer.detect("Austrian International Minister Matthias Lindauer described the modest doc.")
    assert found.verdict == "too-short"
    assert normalizer.detect(SPUN).verdict == "spun"
    assert normalizer.detect(CLEAN).verdict == "clean"
    assert normalizer.detect("").verdict == "too-short"


def test_findings_stand_where_they_say(normalizer: Normalizer) -> None:
    for text in (SPUN, CLEAN, CLEAN + "\n\n" + SPUN):
        findings = normalizer.detect(text).findings
        assert findings
        for finding in findings:
            assert finding.places
            assert all(text[start:end].lower() == finding.text for start, end in finding.places)


def test_a_spun_passage_in_a_clean_page_is_a_segment(normalizer: Normalizer) -> None:
    text = f"{CLEAN}\n\n{SPUN}\n\n{CLEAN}"
    found = normalizer.detect(text)
    assert [p.spun_probability > 0.5 for p in found.passages] == [False, True, False]
    assert text[found.passages[1].start : found.passages[1].end] == SPUN
    assert all(start > len(CLEAN) for finding in found.findings for start, _ in finding.places)
    assert 0.05 < found.garbled < normalizer.detect(SPUN).garbled < 0.6
    assert normalizer.detect(CLEAN).garbled == 0.0


def test_places_count_in_the_original(normalizer: Normalizer) -> None:
    text = "caf\u00c3\u00a9 and {bar}.\n\n" + SPUN
    result = normalizer.analyze(text)
    assert result.detection.findings
    for finding in result.detection.findings:
        assert all(text[start:end].lower() == finding.text for start, end in finding.places)


def test_long_texts_are_judged_in_parts(normalizer: Normalizer) -> None:
    text = (CLEAN + "\n") * 400 + SPUN
    found = normalizer.detect(text)
    assert found.words > 20_000
    assert found.passages[-1].end == len(text)
    assert found.verdict == "spun"


TERMS = {
    "counterfeit consciousness": "artificial intelligence",
    "profound learning": "deep learning",
    "bosom peril": "breast cancer",
}
TORTURED = Channel(
    [lexicon_path("en/channel.tsv")],
    {surface: f"{surface}\t0\t0\t0\t{term} {{fingerprint}}\t0.5\t1.0" for surface, term in TERMS.items()},
)


def test_a_clean_text_with_tortured_terms_is_told_apart() -> None:
    judge = Judge(TORTURED)
    terms = "Counterfeit consciousness and profound learning now help to find bosom peril early. "
    found = judge(sentences(CLEAN * 3 + terms)).detection
    assert found.engine == "tortured"
    assert found.spun_probability > 0.9
    assert {finding.text for finding in found.findings} == TERMS.keys()
    assert 0.0 < found.garbled < 0.1
    assert judge(sentences(CLEAN * 3 + "Profound learning helps. ")).detection.engine == "none"
    assert judge(sentences(SPUN + " " + terms)).detection.engine == "replaces-all"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-20, 20), max_size=12), st.floats(0.001, 0.4))
def test_a_chain_gives_probabilities(weights: list[float], switch: float) -> None:
    assert all(0.0 <= p <= 1.0 for p in chain(weights, [switch] * (len(weights) - 1)).spun)
