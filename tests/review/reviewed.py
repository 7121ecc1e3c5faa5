"""Texts with edits, adjacent and touching ones among them, for the tests of reviewing."""

from __future__ import annotations

from hypothesis import strategies as st

from normalizer.edits import Edit
from normalizer.restoration import Restoration
from normalizer.review.decisions import Decision, ReviewedDocument, ReviewedEdit
from normalizer.review.document import Document

PIECES = st.text("ab é\r\n\u2028\x85\x0c\t𝒳\ufeff", max_size=5)
NEW = st.text("xyZ ö\r\n\u2029𝒴", max_size=4)


@st.composite
def documents(draw: st.DrawFn, path: str = "a.txt") -> Document:
    """An analysed text: stretches that stay and stretches that are edited, either may be empty."""
    text = draw(st.sampled_from(["", "\ufeff"]))
    edits: list[Edit] = []
    for kept, old, new in draw(st.lists(st.tuples(PIECES, PIECES, NEW), max_size=8)):
        text += kept
        start = len(text)
        text += old
        if old != new and (old or not edits or edits[-1].end < start):
            edits.append(Edit(start, len(text), old, new, "word", 0.5))
    text += draw(PIECES)
    return Document.of(path, text.encode(), text, Restoration(text, tuple(edits)))


def verdicts() -> st.SearchStrategy[tuple[Decision, str | None]]:
    """A decision, and the text that goes with it."""
    plain: list[Decision] = ["undecided", "accepted", "rejected"]
    return st.one_of(
        st.tuples(st.sampled_from(plain), st.none()),
        st.tuples(st.just("corrected"), NEW),
    )


@st.composite
def reviewed_documents(draw: st.DrawFn) -> tuple[ReviewedDocument, str]:
    """A document about whose edits something was decided, and its text."""
    document = draw(documents())
    nothing = ReviewedDocument.of(document)
    edits = tuple(ReviewedEdit(r.edit, *draw(verdicts()), before=r.before, after=r.after) for r in nothing.edits)
    return ReviewedDocument(nothing.path, nothing.sha256, edits), document.text


def by_hand(text: str, document: ReviewedDocument) -> bytes:
    """What somebody gets who makes the chosen edits in an editor, from the last one to the first."""
    for reviewed in reversed(document.edits):
        edit = reviewed.edit
        if reviewed.decision == "accepted":
            text = text[: edit.start] + edit.replacement + text[edit.end :]
        elif reviewed.decision == "corrected":
            text = text[: edit.start] + (reviewed.text or "") + text[edit.end :]
    return text.encode()
