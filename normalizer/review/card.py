"""The card that the terminal shows for one edit: before and after in context, confidence, evidence, alternatives.

Everything is told in plain characters, and colour only repeats it. Text from documents is untrusted: what is not
printable comes as an escape, and nothing is longer than the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from normalizer.edits import Edit, apply_edits
from normalizer.errors import EditError
from normalizer.review.columns import Line, fitting, flowing, shortened, width_of, wrap
from normalizer.review.decisions import ReviewedEdit
from normalizer.review.listing import printable
from normalizer.review.session import Place, Session
from normalizer.text.lines import LineIndex


def render_card(session: Session, width: int, height: int) -> list[Line]:
    """The lines for the edit that is shown, ``width`` columns wide, as far as possible in ``height`` lines."""
    place = session.place
    if place is None:
        return end_of_review(session, width)[:height]
    reviewed, document = session.at(place), session.document(place)
    edit = reviewed.edit
    rows = max(1, (height - 10) // 2)
    lines = [title(session, place, width), rule(width)]
    room = rows * (width - 2) * 4 // 5  # the rest is lost where words are not broken
    lines += wrap([("", "- "), *_before(session.text(place), edit, room)], width, rows)
    lines.append([])
    lines += wrap([("", "+ "), *_after(session.text(place), reviewed, document.edits, room)], width, rows)
    lines.append([])
    tier = ", safe" if edit.safe else ""
    lines += wrap(
        [("", f"{edit.kind}, confidence {edit.confidence:.2f}{tier}: "), ("class:state", _state(reviewed))], width, 2
    )
    for number, alternative in enumerate(edit.alternatives[:9], 1):
        if len(lines) >= height - 1:
            break
        lines += wrap([("", f"{number}  {alternative.confidence:.2f}  {shortened(alternative.text)}")], width, 1)
    for reason in edit.evidence:
        if len(lines) >= height:
            break
        lines += wrap([("class:evidence", f"because {printable(reason)}")], width, 1)
    return lines[:height]


def title(session: Session, place: Place, width: int, shown: str = "") -> Line:
    """Where the edit stands, and how far the review is; ``shown`` is what is shown instead of the edit's number."""
    line, column = LineIndex(session.text(place)).position(session.at(place).edit.start)
    count = session.count()
    decided = len(session.places) - count["undecided"]
    right = f"{shown or f'edit {session.cursor + 1}'} of {len(session.places)}, {decided} decided"
    where = f":{line}:{column}"
    name = printable(session.document(place).path)
    room = max(8, width - width_of(right) - len(where) - 2)
    while width_of(name) > room:
        name = "..." + name.removeprefix("...")[1:]
    gap = width - width_of(name) - len(where) - len(right)
    title = f"{name}{where}{' ' * gap}{right}" if gap > 0 else f"{name}{where}"
    return wrap([("class:title", title)], width, 1)[0]


def rule(width: int) -> Line:
    """A line across."""
    return [("class:rule", "-" * width)]


def end_of_review(session: Session, width: int) -> list[Line]:
    """What is shown behind the last edit."""
    count = session.count()
    told = ", ".join(f"{count[decision]} {decision}" for decision in ("accepted", "corrected", "rejected"))
    lines: list[Line] = [[("class:title", "End of the review")], [], [("", told)]]
    if count["undecided"]:
        lines.append([("", f"{count['undecided']} skipped: s goes through them again")])
    lines.append([("", "q quits, b goes back, u takes back the last decision")])
    return [line for fragments in lines for line in wrap(fragments, width, 2) or [[]]]


def _state(reviewed: ReviewedEdit) -> str:
    if reviewed.decision == "corrected":
        return f"corrected to {shortened(reviewed.text or '')}"
    by = f" by {printable(reviewed.reviewer)}" if reviewed.reviewer and reviewed.decision != "undecided" else ""
    return reviewed.decision + by


def _before(text: str, edit: Edit, room: int) -> Line:
    middle = f"[-{shortened(edit.original, room)}-]"
    left, right = _sides(room, middle)
    before, after = text[max(0, edit.start - left - 1) : edit.start], text[edit.end : edit.end + right + 1]
    return [("", _tail(before, left)), ("class:gone", middle), ("", _head(after, right))]


def _after(text: str, reviewed: ReviewedEdit, edits: Iterable[ReviewedEdit], room: int) -> Line:
    edit = reviewed.edit
    middle = f"{{+{shortened(reviewed.text if reviewed.text is not None else edit.replacement, room)}+}}"
    left, right = _sides(room, middle)
    chosen = [other.chosen for other in edits if other is not reviewed]
    before = _applied(text, max(0, edit.start - left - 1), edit.start, chosen)
    after = _applied(text, edit.end, min(len(text), edit.end + right + 1), chosen)
    return [("", _tail(before, left)), ("class:new", middle), ("", _head(after, right))]


def _applied(text: str, start: int, end: int, edits: Iterable[Edit | None]) -> str:
    inside = [
        replace(edit, start=edit.start - start, end=edit.end - start)
        for edit in edits
        if edit is not None and start <= edit.start and edit.end <= end
    ]
    try:
        return apply_edits(text[start:end], inside)
    except EditError:  # accepted edits that claim the same place; applying will say so
        return text[start:end]


def _sides(room: int, middle: str) -> tuple[int, int]:
    """Columns for the context on the left and on the right."""
    rest = max(10, room - width_of(middle) - 6)
    return rest * 3 // 5, rest * 2 // 5


def _tail(text: str, columns: int) -> str:
    """The end of ``text``, from the start of a word on."""
    shown = flowing(text)
    if len(text) <= columns and width_of(shown) <= columns:
        return shown
    start = len(shown) - fitting([("", char) for char in reversed(shown)], 0, columns)
    space = shown.find(" ", start)
    return "..." + shown[space if 0 <= space < (start + len(shown)) // 2 else start :]


def _head(text: str, columns: int) -> str:
    """The start of ``text``, to the end of a word."""
    shown = flowing(text)
    if len(text) <= columns and width_of(shown) <= columns:
        return shown
    end = fitting([("", char) for char in shown], 0, columns)
    space = shown.rfind(" ", 0, end)
    return shown[: space + 1 if space > end // 2 else end] + "..."
