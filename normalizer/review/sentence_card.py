"""The card that the terminal shows for one sentence: before and after as a whole, and the list of its edits."""

from __future__ import annotations

from collections.abc import Sequence

from normalizer.review.card import end_of_review, rule, title
from normalizer.review.columns import Line, elided, flowing, shortened, wrap
from normalizer.review.decisions import ReviewedEdit
from normalizer.review.session import Sentence, Session

KEEP = 16
"""Columns of context that stay on each side of an edit when a sentence does not fit the screen."""


def render_sentence(session: Session, width: int, height: int) -> list[Line]:
    """The lines for the sentence that is shown, ``width`` columns wide, as far as possible in ``height`` lines.

    Before has every original that goes marked, after every replacement that comes: what is rejected stays as it is.
    """
    place, sentence = session.place, session.sentence()
    if place is None or sentence is None:
        return end_of_review(session, width)[:height]
    text = session.text(place)
    edits = [session.at(other) for other in sentence.places]
    rows = max(1, (height - 4 - min(len(edits), 6)) // 2)
    lines = [title(session, sentence.places[0], width, _numbers(sentence)), rule(width)]
    lines += _fitted([("", "- "), *_marked(text, sentence, edits, after=False)], width, rows)
    lines.append([])
    lines += _fitted([("", "+ "), *_marked(text, sentence, edits, after=True)], width, rows)
    lines.append([])
    lines += _listed(edits, width, height - len(lines))
    return lines[:height]


def _numbers(sentence: Sentence) -> str:
    first, last = sentence.first + 1, sentence.first + len(sentence.places)
    return f"edit {first}" if first == last else f"edits {first}-{last}"


def _marked(text: str, sentence: Sentence, edits: Sequence[ReviewedEdit], *, after: bool) -> Line:
    fragments: Line = []
    kept, done = "", sentence.start
    for reviewed in edits:
        edit = reviewed.edit
        kept += text[done : edit.start]
        done = edit.end
        if reviewed.decision == "rejected":
            kept += edit.original
            continue
        new = reviewed.text if reviewed.text is not None else edit.replacement
        mark = ("class:new", f"{{+{shortened(new)}+}}") if after else ("class:gone", f"[-{shortened(edit.original)}-]")
        fragments += [("", flowing(kept)), mark]
        kept = ""
    return [*fragments, ("", flowing(kept + text[done : sentence.end]))]


def _fitted(fragments: Line, width: int, rows: int) -> list[Line]:
    """The fragments in at most ``rows`` lines: whole, or with less of what stays, or cut with dots at the end."""
    for tried in (fragments, [*fragments[:1], *elided(fragments[1:], KEEP)]):
        lines = wrap(tried, width, rows + 1)
        if len(lines) <= rows:
            return lines
    return [*lines[: max(1, rows - 1)], *([[("", "  ...")]] if rows > 1 else [])]


def _listed(edits: Sequence[ReviewedEdit], width: int, rows: int) -> list[Line]:
    lines: list[Line] = []
    for number, reviewed in enumerate(edits, 1):
        if len(lines) >= rows - 1 and number < len(edits):
            lines += wrap([("", f"   ... and {len(edits) - number + 1} more; Enter steps through them")], width, 1)
            break
        edit = reviewed.edit
        new = reviewed.text if reviewed.text is not None else edit.replacement
        about = f"{shortened(edit.original, 60)} -> {shortened(new, 60)}  [{edit.kind}] {edit.confidence:.2f}"
        lines += wrap([("", f"{number}  "), ("class:state", f"{reviewed.decision:<9}"), ("", f"  {about}")], width, 1)
    return lines
