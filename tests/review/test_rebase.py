"""Places are found again in changed texts, or reported; a decision never moves to another word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from reviewed import documents

from normalizer.edits import Edit, apply_edits
from normalizer.review.decisions import ReviewedDocument, ReviewedEdit
from normalizer.review.document import Document
from normalizer.review.rebase import rebase_edits

PARAGRAPHS = [
    "The settlement commits each side to upgrading greater than 1,900km of railway.",
    "Officers had warned on Wednesday night that the summit may break up.",
    "The chief of the group described the result as a modest doc with critical penalties.",
    "A joint physique will observe river ranges throughout the area, the settlement says.",
]
WORDS = ["settlement", "greater", "Officers", "summit", "doc", "critical", "physique", "area"]
OLD = "\n\n".join(PARAGRAPHS)


def edits_of(text: str) -> list[ReviewedEdit]:
    found = []
    for word in WORDS:
        start = text.find(word)
        while start >= 0:
            found.append(ReviewedEdit.of(Edit(start, start + len(word), word, word.upper(), "word", 0.9), text))
            start = text.find(word, start + 1)
    return found


def applied(text: str, edits: list[ReviewedEdit]) -> str:
    return apply_edits(text, [reviewed.edit for reviewed in rebase_edits(edits, text).placed])


@given(documents())
def test_an_unchanged_text_keeps_every_place_that_is_clear(document: Document) -> None:
    edits = ReviewedDocument.of(document).edits
    found = rebase_edits(edits, document.text)
    assert {r.edit for r in found.placed} <= {r.edit for r in edits}
    assert len(found.placed) + len(found.lost) == len(edits)


@given(st.permutations(PARAGRAPHS), st.sampled_from(["", "A preface.\r\n", "\ufeff", "x" * 500 + "\n"]))
def test_moved_paragraphs_are_found(paragraphs: list[str], preface: str) -> None:
    text = preface + "\n\n".join(paragraphs)
    assert applied(text, edits_of(OLD)) == apply_edits(text, [r.edit for r in edits_of(text)])


def test_changed_surroundings_are_tolerated() -> None:
    text = OLD.replace("Wednesday night", "Thursday morning").replace("1,900km", "1,900 kilometres")
    assert rebase_edits(edits_of(OLD), text).lost == ()


def test_a_word_that_is_gone_is_lost_though_it_stands_elsewhere() -> None:
    text = OLD.replace("A joint physique will observe river ranges throughout the area, the settlement says.", "")
    found = rebase_edits(edits_of(OLD), text)
    assert sorted(lost.edit.original for lost in found.lost) == ["area", "physique", "settlement"]


def test_a_word_is_not_found_inside_of_another() -> None:
    old = "the doc says"
    edit = ReviewedEdit.of(Edit(4, 7, "doc", "document", "word", 0.9), old)
    assert rebase_edits([edit], "the document says").placed == ()


def test_repeated_lines_keep_their_edits_in_order() -> None:
    old = "the same doc again\n" * 50
    edits = edits_of(old)
    found = rebase_edits(edits, "A heading\n" + old)
    assert found.lost == ()
    assert [r.edit.start for r in found.placed] == [r.edit.start + 10 for r in edits]


def test_one_of_several_alike_is_not_guessed() -> None:
    old = "aaa " * 40 + "the doc. " + "aaa " * 40
    [edit] = edits_of(old)
    new = old + old
    assert rebase_edits([edit], new).placed == ()


def test_ten_thousand_edits_in_a_line() -> None:
    old = " ".join(f"doc{number % 7}" for number in range(10_000))
    edits = []
    start = 0
    for word in old.split(" "):
        edits.append(ReviewedEdit.of(Edit(start, start + 4, word, "document", "word", 0.9), old))
        start += 5
    assert rebase_edits(edits, "Start. " + old).lost == ()


def test_without_surroundings_there_is_no_place() -> None:
    edit = ReviewedEdit(Edit(2, 5, "doc", "document", "word", 0.9))
    assert rebase_edits([edit], "my new doc").lost == (edit,)
