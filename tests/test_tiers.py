"""What the tiers and conditions of lexicon entries do to the edits of a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CLEAN, SPUN

from normalizer import Normalizer
from normalizer.edits import Edit

TABLE = """
artificial intelligence\tx\tcontrived mindfulness {fingerprint}
random forest\tn\tirregular woodland\ttier=fingerprint\twith=machine learning,classifier
committee\tn\tpanelship {report}
chairman\tn\tseatperson {context}
budget\tn\tpursefund\tnext=talks
school\tn\tpupilhouse\twithout=teacher
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lexicon") / "mine.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def own(table: Path) -> Normalizer:
    return Normalizer(lexicons=[table])


def edit_of(edits: tuple[Edit, ...], original: str) -> Edit | None:
    return next((edit for edit in edits if original in edit.original), None)


def test_a_fingerprint_is_repaired_in_clean_text_and_nothing_else_is(own: Normalizer) -> None:
    text = f"{CLEAN} It wants a contrived mindfulness for the seatperson."
    found = own.analyze(text)
    assert found.spun_probability < 0.5
    assert found.restored == f"{CLEAN} It wants an artificial intelligence for the seatperson."
    (edit,) = [edit for edit in found.edits if edit.kind != "agreement"]
    assert edit.tier == "fingerprint"
    assert edit.confidence > 0.9
    assert edit.evidence[0] == (
        "table: artificial intelligence→contrived mindfulness (fingerprint: clean prose never has it)"
    )


def test_repairing_fingerprints_once_is_enough(own: Normalizer) -> None:
    restored = own.analyze(f"{CLEAN} It wants a contrived mindfulness.").restored
    assert own.analyze(restored).edits == ()


def test_clean_text_stays_with_a_lexicon_of_ones_own(own: Normalizer) -> None:
    assert own.analyze(CLEAN).restored == CLEAN


def test_what_is_taken_for_clean_stays(table: Path) -> None:
    clean = Normalizer(lexicons=[table], assume="clean")
    assert not clean.analyze("It wants a contrived mindfulness.").edits


@pytest.mark.parametrize(("other", "repaired"), [("machine learning", True), ("classifier", True), ("trees", False)])
def test_a_fingerprint_may_ask_for_other_words(own: Normalizer, other: str, repaired: bool) -> None:
    found = own.analyze(f"{CLEAN} They built an irregular woodland. It is about {other}.")
    assert bool(edit_of(found.edits, "irregular woodland")) == repaired


def test_a_report_is_never_made(table: Path) -> None:
    eager = Normalizer(lexicons=[table], assume="spun", min_confidence=0.0)
    found = eager.analyze(f"{SPUN} The panelship met again.")
    assert edit_of(found.edits, "panelship") is None
    suggested = edit_of(found.suggestions, "panelship")
    assert suggested is not None
    assert suggested.replacement == "committee"
    assert "only ever a suggestion" in suggested.evidence[0]


def test_context_is_never_safe(own: Normalizer) -> None:
    found = own.analyze(f"{SPUN} The seatperson of the party said so.")
    edit = edit_of(found.edits, "seatperson")
    assert edit is not None
    assert edit.replacement == "chairman"
    assert not edit.safe
    assert any(other.safe for other in found.edits)


@pytest.mark.parametrize(
    ("text", "repaired"), [("the pursefund talks began", True), ("the pursefund was small", False)]
)
def test_the_next_word(own: Normalizer, text: str, repaired: bool) -> None:
    found = own.analyze(f"{SPUN} On Friday {text}.")
    assert bool(edit_of((*found.edits, *found.suggestions), "pursefund")) == repaired


@pytest.mark.parametrize(("text", "repaired"), [("The old teacher left.", False), ("The old man left.", True)])
def test_words_that_must_not_be_there(own: Normalizer, text: str, repaired: bool) -> None:
    found = own.analyze(f"{SPUN} He went to the pupilhouse in the morning. {text}")
    assert bool(edit_of((*found.edits, *found.suggestions), "pupilhouse")) == repaired


def test_fingerprints_are_strong_evidence(own: Normalizer, normalizer: Normalizer) -> None:
    text = f"{CLEAN} It wants a contrived mindfulness."
    assert own.detect(text).spun_probability > normalizer.detect(text).spun_probability
    found = own.detect("It wants a contrived mindfulness.")
    assert any("contrived mindfulness" in reason for reason in found.evidence)
