"""What the library promises of every text."""

from __future__ import annotations

import itertools
import pickle
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import CLEAN, SPUN
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import ConfigError, Normalizer, apply_edits, restore, revert_edits

PIECES = st.sampled_from(
    [*SPUN.split(" "), "{photograph}", "{big|large}", "a", "an", "\n", "\r\n", "\u2028", "cafÃ©", "&amp;", "https://a.org/said",
     "\u200b", "“International", "received't", "x" * 50, "@said", "日本語", "\x00", "1,900km"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(PIECES, max_size=60))
def test_edits_are_exact(spun_normalizer: Normalizer, pieces: list[str]) -> None:
    text = " ".join(pieces)
    result = spun_normalizer.analyze(text)
    everything = sorted((*result.edits, *result.suggestions), key=lambda e: e.start)
    assert all(text[e.start : e.end] == e.original for e in everything)
    assert all(a.end <= b.start for a, b in itertools.pairwise(everything))
    assert all(0.0 <= e.confidence <= 1.0 for e in everything)
    assert apply_edits(text, ()) == text
    assert apply_edits(result.restored, revert_edits(result.edits)) == text


def test_restores_a_spun_passage(normalizer: Normalizer) -> None:
    restored = normalizer.analyze(SPUN).restored
    for phrase in ("Foreign Minister", "meeting", "agreement", "joint body", "without a joint statement"):
        assert phrase in restored


def test_leaves_clean_text_alone(normalizer: Normalizer) -> None:
    result = normalizer.analyze(CLEAN)
    assert result.edits == ()
    assert result.restored == CLEAN


def test_restored_text_is_left_alone(normalizer: Normalizer) -> None:
    restored = normalizer.analyze(SPUN).restored
    assert normalizer.analyze(restored).edits == ()


def test_assume_clean_changes_no_word() -> None:
    assert Normalizer(assume="clean").analyze(SPUN).edits == ()


def test_residue_in_braces(spun_normalizer: Normalizer) -> None:
    result = spun_normalizer.analyze("{Photograph}: Getty Photographs. He {said|mentioned} that it was over.")
    assert result.restored.startswith("Photograph: Getty Images. He said that it was over.")
    assert result.edits[0].kind == "spintax"


def test_articles_follow(spun_normalizer: Normalizer) -> None:
    text = SPUN + " The story is an entire fabrication."
    assert re.search("a (complete|whole|full) fabrication", spun_normalizer.analyze(text).restored)


def test_protected_places_stay(spun_normalizer: Normalizer) -> None:
    text = (
        SPUN
        + " See https://example.org/International/Minister or mail settlement@physique.org, `doc` @assembly #ranges."
    )
    restored = spun_normalizer.analyze(text).restored
    for kept in (
        "https://example.org/International/Minister",
        "settlement@physique.org",
        "`doc`",
        "@assembly",
        "#ranges",
    ):
        assert kept in restored


def test_encoding_repairs_survive_beside_uncertain_readings(normalizer: Normalizer) -> None:
    assert normalizer.analyze("cafÃ©\ncafÃ©").restored == "café\ncafé"


def test_settings_hold_edits_back() -> None:
    strict = Normalizer(min_confidence=0.99).analyze(SPUN)
    loose = Normalizer(min_confidence=0.3).analyze(SPUN)
    assert 0 < len(strict.edits) < len(loose.edits)
    assert all(e.confidence >= 0.99 for e in strict.edits)
    assert all(e.safe for e in Normalizer(safe=True).analyze(SPUN).edits)
    assert all(e.kind == "entity" for e in Normalizer(only=("entity",)).analyze(SPUN).edits)


@pytest.mark.parametrize(
    "wrong", [{"min_confidence": 1.5}, {"assume": "maybe"}, {"only": ("words",)}, {"skip": ("everything",)}]
)
def test_senseless_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        Normalizer(**wrong)  # type: ignore[arg-type]


def test_pickle_threads_and_processes_agree(normalizer: Normalizer) -> None:
    texts = [SPUN, CLEAN, "", SPUN]
    expected = [normalizer.analyze(text).restored for text in texts]
    copy = pickle.loads(pickle.dumps(normalizer))
    assert [copy.analyze(text).restored for text in texts] == expected
    with ThreadPoolExecutor(4) as pool:
        assert [r.restored for r in pool.map(normalizer.analyze, texts)] == expected
    assert [r.restored for r in normalizer.pipe(texts, jobs=2)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "a\r\nb\rc\n",
        "\ufeffBOM",
        "El ministro de Asuntos Exteriores dijo que el acuerdo es importante para la región y sus habitantes.",
        "Der Außenminister sagte am Mittwoch, die Vereinbarung sei für die Region wichtig.",
        "外務大臣は水曜日、合意は地域にとって重要だと述べた。",
        "Le ministre a déclaré que l’accord était important pour la région et ses habitants.",
    ],
)
def test_other_texts_stay_as_they_are(normalizer: Normalizer, text: str) -> None:
    assert normalizer.analyze(text).restored == text


def test_a_long_line_is_taken_in_blocks(normalizer: Normalizer) -> None:
    text = (CLEAN + " ") * 1500
    assert normalizer.analyze(text).restored == text


def test_restore_is_the_short_form() -> None:
    assert restore(CLEAN) == CLEAN


def test_probabilities_of_one_place_add_up_to_at_most_one(spun_normalizer: Normalizer) -> None:
    result = spun_normalizer.analyze(SPUN)
    for edit in (*result.edits, *result.suggestions):
        assert edit.confidence + sum(other.confidence for other in edit.alternatives) <= 1.0 + 1e-9
