"""Decisions of several reviewers: agreement is kept, contradiction is reported and left open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed import documents, verdicts

from normalizer.edits import Edit
from normalizer.errors import InputError
from normalizer.review.decisions import Decision, Decisions, NeverAgain, ReviewedDocument, ReviewedEdit
from normalizer.review.merging import merge_decisions

DOC = Edit(9, 12, "doc", "document", "word", 0.9)
WIDE = Edit(2, 12, "modest doc", "report", "phrase", 0.9)


def said(edit: Edit, decision: Decision, text: str | None = None, by: str = "") -> ReviewedEdit:
    return ReviewedEdit(edit, decision, text, by)


def file(*edits: ReviewedEdit, path: str = "a.txt", sha256: str = "0" * 64) -> Decisions:
    return Decisions((ReviewedDocument(path, sha256, edits),))


def merged(*files: Decisions) -> tuple[list[tuple[Decision, str | None]], int]:
    decisions, conflicts = merge_decisions(files)
    return [(r.decision, r.text) for document in decisions.documents for r in document.edits], len(conflicts)


@pytest.mark.parametrize(
    ("votes", "outcome", "conflicts"),
    [
        ([said(DOC, "accepted"), said(DOC, "undecided")], ("accepted", None), 0),
        ([said(DOC, "undecided"), said(DOC, "rejected")], ("rejected", None), 0),
        ([said(DOC, "accepted"), said(DOC, "accepted")], ("accepted", None), 0),
        ([said(DOC, "accepted"), said(DOC, "rejected")], ("undecided", None), 1),
        ([said(DOC, "accepted"), said(DOC, "corrected", "paper")], ("undecided", None), 1),
        ([said(DOC, "corrected", "paper"), said(DOC, "corrected", "paper")], ("corrected", "paper"), 0),
        ([said(DOC, "corrected", "paper"), said(DOC, "corrected", "file")], ("undecided", None), 1),
        ([said(DOC, "corrected", "document"), said(DOC, "accepted")], ("corrected", "document"), 0),
        ([said(DOC, "corrected", "doc"), said(DOC, "rejected")], ("corrected", "doc"), 0),
        ([said(DOC, "accepted"), said(DOC, "rejected"), said(DOC, "accepted")], ("undecided", None), 1),
    ],
)
def test_votes(votes: list[ReviewedEdit], outcome: tuple[str, str | None], conflicts: int) -> None:
    assert merged(*map(file, votes)) == ([outcome], conflicts)


def test_accepted_edits_that_overlap_conflict() -> None:
    decisions, conflict = merged(file(said(WIDE, "accepted")), file(said(DOC, "accepted")))
    assert (decisions, conflict) == ([("undecided", None)] * 2, 1)


def test_an_overlap_with_a_rejected_edit_is_none() -> None:
    assert merged(file(said(WIDE, "rejected")), file(said(DOC, "accepted")))[1] == 0


def test_two_ways_to_the_same_outcome_are_one() -> None:
    other = replace(DOC, replacement="paper")
    assert merged(file(said(other, "corrected", "document")), file(said(DOC, "accepted")))[1] == 0
    decisions, _ = merge_decisions([file(said(other, "corrected", "document")), file(said(DOC, "accepted"))])
    assert len(decisions.documents[0].chosen()) == 1


def test_documents_of_all_files_are_there() -> None:
    decisions, _ = merge_decisions([file(path="a.txt"), file(path="b.txt")])
    assert [document.path for document in decisions.documents] == ["a.txt", "b.txt"]


def test_different_versions_do_not_merge() -> None:
    with pytest.raises(InputError, match="reviewed in two versions"):
        merge_decisions([file(), file(sha256="1" * 64)])


def test_a_conflict_names_the_reviewers() -> None:
    _, [conflict] = merge_decisions([file(said(DOC, "accepted", by="Ann")), file(said(DOC, "rejected", by="Ben"))])
    assert "accepted by Ann" in str(conflict)
    assert "rejected by Ben" in str(conflict)


def test_rules_of_all_files_are_kept_once() -> None:
    ann, ben = NeverAgain("doc", "document", reviewer="Ann"), NeverAgain("doc", "document", reviewer="Ben")
    more = NeverAgain("Doc")
    files = [replace(file(said(DOC, "rejected")), never_again=rules) for rules in [(ann,), (ben, more)]]
    assert merge_decisions(files)[0].never_again == (ann, more)


@pytest.mark.parametrize("vote", [said(DOC, "accepted", None, "Ben"), said(DOC, "corrected", "Document", "Ben")])
def test_a_rule_against_what_another_reviewer_accepted_is_a_conflict(vote: ReviewedEdit) -> None:
    ann = replace(file(path="b.txt"), never_again=(NeverAgain("DOC", "document", reviewer="Ann"),))
    decisions, [conflict] = merge_decisions([ann, file(vote)])
    assert decisions.never_again == ()
    assert str(conflict).startswith("a.txt: reviewers disagree: 'DOC' → 'document' never again by Ann; 'doc' → ")
    assert merge_decisions([ann, file(said(DOC, "corrected", "paper"))])[0].never_again == ann.never_again


@given(documents(), st.data())
def test_reviewers_who_share_the_work_never_conflict(document: object, data: st.DataObject) -> None:
    nothing = ReviewedDocument.of(document)  # type: ignore[arg-type]
    whole = [replace(r, decision=d, text=t) for r in nothing.edits for d, t in [data.draw(verdicts())]]
    shares = data.draw(st.lists(st.integers(0, 2), min_size=len(whole), max_size=len(whole)))
    files = [
        Decisions(
            (
                replace(
                    nothing,
                    edits=tuple(
                        mine if share == reviewer else nobody
                        for mine, nobody, share in zip(whole, nothing.edits, shares, strict=True)
                    ),
                ),
            )
        )
        for reviewer in range(3)
    ]
    decisions, conflicts = merge_decisions(files)
    assert conflicts == ()
    assert list(decisions.documents[0].edits) == whole
