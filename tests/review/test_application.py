"""Exactly the accepted edits are made, on exactly the reviewed bytes, and can be undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reviewed import by_hand, reviewed_documents

from normalizer.edits import Edit
from normalizer.errors import EditError
from normalizer.files import read_text, write_text
from normalizer.review.application import apply_decisions, revert_decisions
from normalizer.review.decisions import ReviewedDocument, ReviewedEdit
from normalizer.review.document import digest

TEXT = "A modest doc and one more doc."


def reviewed(*edits: Edit, text: str = TEXT) -> ReviewedDocument:
    accepted = tuple(replace(ReviewedEdit.of(edit, text), decision="accepted") for edit in edits)
    return ReviewedDocument("a.txt", digest(text.encode()), accepted)


def word(start: int, original: str, replacement: str) -> Edit:
    return Edit(start, start + len(original), original, replacement, "word", 0.9)


@given(reviewed_documents())
def test_applying_gives_what_editing_by_hand_gives(case: tuple[ReviewedDocument, str]) -> None:
    document, text = case
    assert apply_decisions(document, text).text.encode() == by_hand(text, document)


@given(reviewed_documents(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(case: tuple[ReviewedDocument, str], random: Random) -> None:
    document, text = case
    edits = list(document.edits)
    random.shuffle(edits)
    assert apply_decisions(replace(document, edits=tuple(edits)), text).text.encode() == by_hand(text, document)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=reviewed_documents())
def test_reverting_restores_the_file_byte_for_byte(case: tuple[ReviewedDocument, str], tmp_path: Path) -> None:
    document, text = case
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    write_text(path, apply_decisions(document, read_text(path).text).text)
    applied = path.read_bytes()
    write_text(path, revert_decisions(document, read_text(path).text).text)
    assert path.read_bytes() == text.encode()
    write_text(path, apply_decisions(document, read_text(path).text).text)
    assert path.read_bytes() == applied


@given(reviewed_documents())
def test_applying_twice_is_applying_once(case: tuple[ReviewedDocument, str]) -> None:
    document, text = case
    once = apply_decisions(document, text).text
    again = apply_decisions(document, once)
    assert again.text == once
    assert once == text or again.state == "idle"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252", "utf-8"])
def test_every_encoding_comes_back(encoding: str) -> None:
    text = "\ufeffcafé doc\r\n" if encoding.startswith("utf") else "café doc\r\n"
    start = text.index("doc")
    edit = word(start, "doc", "document")
    document = ReviewedDocument(
        "a.txt", digest(text.encode(encoding)), (ReviewedEdit(edit, "accepted"),), encoding=encoding
    )
    applied = apply_decisions(document, text).text
    assert applied.endswith("café document\r\n")
    assert revert_decisions(document, applied).text == text


def test_a_changed_text_is_refused() -> None:
    document = reviewed(word(9, "doc", "document"))
    with pytest.raises(EditError, match=r"a\.txt: has changed since it was reviewed; --rebase"):
        apply_decisions(document, "More. " + TEXT)
    with pytest.raises(EditError, match="is not what these decisions gave"):
        revert_decisions(document, "More. " + TEXT)


def test_edits_that_claim_one_place_are_refused() -> None:
    document = reviewed(word(2, "modest doc", "report"), word(9, "doc", "document"))
    with pytest.raises(EditError, match="two accepted edits claim the same place"):
        apply_decisions(document, TEXT)


def test_adjacent_edits_and_insertions_at_their_seam() -> None:
    text = "abcd"
    document = reviewed(word(0, "ab", ""), word(2, "", "X"), word(2, "cd", "Y"), text=text)
    applied = apply_decisions(document, text)
    assert applied.text == "XY"
    assert revert_decisions(document, applied.text).text == text


def test_rebasing_applies_to_a_changed_text_and_reports_what_is_gone() -> None:
    document = reviewed(word(9, "doc", "document"), word(26, "doc", "record"))
    outcome = apply_decisions(document, "News first! A modest doc and nothing else.", rebase=True)
    assert outcome.text == "News first! A modest document and nothing else."
    assert [lost.edit.replacement for lost in outcome.lost] == ["record"]


def test_what_was_rebased_can_be_reverted_exactly() -> None:
    changed = "News first! " + TEXT
    outcome = apply_decisions(reviewed(word(9, "doc", "document")), changed, rebase=True)
    assert revert_decisions(outcome.document, outcome.text).text == changed


def test_reverting_in_a_text_that_was_edited_afterwards() -> None:
    document = reviewed(word(9, "doc", "document"), word(26, "doc", "record"))
    applied = apply_decisions(document, TEXT).text
    outcome = revert_decisions(document, "A preface.\n" + applied, rebase=True)
    assert outcome.text == "A preface.\n" + TEXT
    assert outcome.lost == ()
