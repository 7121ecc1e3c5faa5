"""Applying and reverting the decisions about one document: just the accepted edits, on the bytes that were reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from normalizer.edits import Edit, apply_edits, revert_edits
from normalizer.errors import EditError, NormalizerError
from normalizer.files import encode_text
from normalizer.review.decisions import CONTEXT, ReviewedDocument, ReviewedEdit
from normalizer.review.document import digest
from normalizer.review.rebase import rebase_edits


@dataclass(frozen=True, slots=True)
class Outcome:
    """A text after applying or reverting.

    ``edits`` are those that were made, with offsets in the text that was given. ``state`` is ``done``, or ``idle`` when
    the text was as wanted already. ``lost`` are edits whose place was not found in a changed text; ``document`` holds
    the decisions with their places in the text that was given, bound to its digest.
    """

    text: str
    edits: tuple[Edit, ...]
    state: Literal["done", "idle"]
    document: ReviewedDocument
    lost: tuple[ReviewedEdit, ...] = ()


def apply_decisions(document: ReviewedDocument, text: str, *, rebase: bool = False) -> Outcome:
    """Apply the accepted and corrected edits of ``document`` to ``text``.

    A text that they were applied to before is left as it is. A text that has changed otherwise is refused, unless
    ``rebase`` lets the places be found again.

    Raises ``EditError`` when the text has changed, or accepted edits claim the same place.

    >>> doc = ReviewedEdit(Edit(9, 12, "doc", "document", "word", 0.9), "accepted")
    >>> reviewed = ReviewedDocument("a.txt", digest(b"a modest doc"), (doc,))
    >>> apply_decisions(reviewed, "a modest doc").text
    'a modest document'
    """
    chosen = document.chosen()
    if is_reviewed_text(document, text):
        return Outcome(apply_edits(text, chosen), tuple(chosen), "done", document)
    if is_applied_text(document, text):
        return Outcome(text, (), "idle", document)
    if not rebase:
        raise EditError(
            f"{document.path}: has changed since it was reviewed; --rebase looks for the places of the edits again"
        )
    found = rebase_edits(document.edits, text)
    rebased = replace(document, sha256=_digest(document, text), edits=found.placed)
    chosen = rebased.chosen()
    lost = tuple(reviewed for reviewed in found.lost if reviewed.chosen is not None)
    return Outcome(apply_edits(text, chosen), tuple(chosen), "done", rebased, lost)


def revert_decisions(document: ReviewedDocument, text: str, *, rebase: bool = False) -> Outcome:
    """Undo the accepted and corrected edits of ``document`` in ``text``.

    Without ``rebase`` the result is the reviewed input, byte for byte: its digest is compared. With it, edits are also
    undone in a text that has changed since.

    Raises ``EditError`` when the text is not what applying gave.

    >>> doc = ReviewedEdit(Edit(9, 12, "doc", "document", "word", 0.9), "accepted")
    >>> reviewed = ReviewedDocument("a.txt", digest(b"a modest doc"), (doc,))
    >>> revert_decisions(reviewed, "a modest document").text
    'a modest doc'
    """
    if is_reviewed_text(document, text):
        return Outcome(text, (), "idle", document)
    reverted = _reverted(document, text)
    if reverted is not None:
        return Outcome(reverted, revert_edits(document.chosen()), "done", document)
    if not rebase:
        raise EditError(
            f"{document.path}: is not what these decisions gave when they were applied; --rebase looks for the places "
            "of the edits and undoes them one by one"
        )
    found = rebase_edits(_undoing(document), text)
    undone = tuple(reviewed.edit for reviewed in found.placed)
    return Outcome(apply_edits(text, undone), undone, "done", document, found.lost)


def is_reviewed_text(document: ReviewedDocument, text: str) -> bool:
    """Whether ``text`` is, byte for byte, what was reviewed."""
    return _digest(document, text) == document.sha256


def is_applied_text(document: ReviewedDocument, text: str) -> bool:
    """Whether ``text`` is what applying the decisions to the reviewed text gives."""
    return _reverted(document, text) is not None


def _reverted(document: ReviewedDocument, text: str) -> str | None:
    """The reviewed text, if ``text`` is what applying the decisions to it gives."""
    try:
        text = apply_edits(text, revert_edits(document.chosen()))
    except EditError:
        return None
    return text if is_reviewed_text(document, text) else None


def _digest(document: ReviewedDocument, text: str) -> str:
    try:
        return digest(encode_text(text, document.path, document.encoding))
    except NormalizerError:
        return ""


def _undoing(document: ReviewedDocument) -> list[ReviewedEdit]:
    """The edits that undo the chosen ones, each with the surroundings that it has when all are applied."""
    chosen = document.chosen()
    contexts = {(r.edit.start, r.edit.end): r for r in document.edits if r.chosen is not None}
    undoing = []
    for index, (edit, undo) in enumerate(zip(chosen, revert_edits(chosen), strict=True)):
        reviewed = contexts[edit.start, edit.end]
        before = _applied_within(reviewed.before, edit.start - len(reviewed.before), chosen[:index][::-1])
        after = _applied_within(reviewed.after, edit.end, chosen[index + 1 :])
        undoing.append(ReviewedEdit(undo, "accepted", before=before[-CONTEXT:], after=after[:CONTEXT]))
    return undoing


def _applied_within(window: str, start: int, edits: Sequence[Edit]) -> str:
    """The part ``window`` of a text, which starts at ``start``, with those edits applied that lie within."""
    inside = []
    for edit in edits:
        if edit.start < start or edit.end > start + len(window):
            break
        inside.append(replace(edit, start=edit.start - start, end=edit.end - start))
    try:
        return apply_edits(window, inside)
    except EditError:  # the context in the file is not that of the input
        return window
