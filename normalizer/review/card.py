"""The card that the terminal shows for one edit: before and after in context, confidence, evidence, alternatives.

Everything is told in plain characters, and colour only repeats it. Text from documents is untrusted: what is not
printable comes as an escape, and nothing is longer than the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from normalizer.edits import Edit, apply_edits
from normalizer.errors import EditError
from normalizer.review.decisions import ReviewedEdit
from normalizer.review.listing import printable
from normalizer.review.session import Place, Session
from normalizer.text.lines import LineIndex

Fragment = tuple[str, str]
"""A style class and a text."""
Line = list[Fragment]

_BREAK = re.compile(r"[ \t]*(\r\n|[\n\r\u2028\u2029\x85])[ \t]*")
_LONGEST = 200
"""Most code points of an original or replacement that are shown; a longer one is cut in the middle."""

HELP = """\
y a      accept                    A, then p  accept all of this pair
n r      reject                            k  ... of this kind
1 to 9   take that alternative             l  ... in this line
e        write your own text               f  ... in this file
s space  skip, leave undecided     R       reject all, likewise
b        back to the edit before   i       never again: reject this pair and
u        undo                              write a rule into the configuration
q        quit; what was decided is saved already and can be gone on with

Before and after are shown one above the other: [-this goes-] {+this comes+}.
The after line has the edits in it that you accepted so far."""


def render_card(session: Session, width: int, height: int) -> list[Line]:
    """The lines for the edit that is shown, ``width`` columns wide, as far as possible in ``height`` lines."""
    place = session.place
    if place is None:
        return [line for fragments in _end(session) for line in _wrap(fragments, width, 2) or [[]]][:height]
    reviewed, document = session.at(place), session.document(place)
    edit = reviewed.edit
    rows = max(1, (height - 10) // 2)
    lines = [_title(session, place, width), _rule(width)]
    room = rows * (width - 2) * 4 // 5  # the rest is lost where words are not broken
    lines += _wrap([("", "- "), *_before(session.text(place), edit, room)], width, rows)
    lines.append([])
    lines += _wrap([("", "+ "), *_after(session.text(place), reviewed, document.edits, room)], width, rows)
    lines.append([])
    tier = ", safe" if edit.safe else ""
    lines += _wrap(
        [("", f"{edit.kind}, confidence {edit.confidence:.2f}{tier}: "), ("class:state", _state(reviewed))], width, 2
    )
    for number, alternative in enumerate(edit.alternatives[:9], 1):
        if len(lines) >= height - 1:
            break
        lines += _wrap([("", f"{number}  {alternative.confidence:.2f}  {_cut(alternative.text)}")], width, 1)
    for reason in edit.evidence:
        if len(lines) >= height:
            break
        lines += _wrap([("class:evidence", f"because {printable(reason)}")], width, 1)
    return lines[:height]


def _title(session: Session, place: Place, width: int) -> Line:
    line, column = LineIndex(session.text(place)).position(session.at(place).edit.start)
    count = session.count()
    decided = len(session.places) - count["undecided"]
    right = f"edit {session.cursor + 1} of {len(session.places)}, {decided} decided"
    where = f":{line}:{column}"
    name = printable(session.document(place).path)
    room = max(8, width - _width(right) - len(where) - 2)
    while _width(name) > room:
        name = "..." + name.removeprefix("...")[1:]
    gap = width - _width(name) - len(where) - len(right)
    title = f"{name}{where}{' ' * gap}{right}" if gap > 0 else f"{name}{where}"
    return _wrap([("class:title", title)], width, 1)[0]


def _rule(width: int) -> Line:
    return [("class:rule", "-" * width)]


def _end(session: Session) -> list[Line]:
    count = session.count()
    told = ", ".join(f"{count[decision]} {decision}" for decision in ("accepted", "corrected", "rejected"))
    lines: list[Line] = [[("class:title", "End of the review")], [], [("", told)]]
    if count["undecided"]:
        lines.append([("", f"{count['undecided']} skipped: s goes through them again")])
    lines.append([("", "q quits, b goes back, u takes back the last decision")])
    return lines


def _state(reviewed: ReviewedEdit) -> str:
    if reviewed.decision == "corrected":
        return f"corrected to {_cut(reviewed.text or '')}"
    by = f" by {printable(reviewed.reviewer)}" if reviewed.reviewer and reviewed.decision != "undecided" else ""
    return reviewed.decision + by


def _before(text: str, edit: Edit, room: int) -> Line:
    middle = f"[-{_cut(edit.original, room)}-]"
    left, right = _sides(room, middle)
    before, after = text[max(0, edit.start - left - 1) : edit.start], text[edit.end : edit.end + right + 1]
    return [("", _tail(before, left)), ("class:gone", middle), ("", _head(after, right))]


def _after(text: str, reviewed: ReviewedEdit, edits: Iterable[ReviewedEdit], room: int) -> Line:
    edit = reviewed.edit
    middle = f"{{+{_cut(reviewed.text if reviewed.text is not None else edit.replacement, room)}+}}"
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
    rest = max(10, room - _width(middle) - 6)
    return rest * 3 // 5, rest * 2 // 5


def _tail(text: str, columns: int) -> str:
    """The end of ``text``, from the start of a word on."""
    flowing = _flowing(text)
    if len(text) <= columns and _width(flowing) <= columns:
        return flowing
    start = len(flowing) - _fitting([("", char) for char in reversed(flowing)], 0, columns)
    space = flowing.find(" ", start)
    return "..." + flowing[space if 0 <= space < (start + len(flowing)) // 2 else start :]


def _head(text: str, columns: int) -> str:
    """The start of ``text``, to the end of a word."""
    flowing = _flowing(text)
    if len(text) <= columns and _width(flowing) <= columns:
        return flowing
    end = _fitting([("", char) for char in flowing], 0, columns)
    space = flowing.rfind(" ", 0, end)
    return flowing[: space + 1 if space > end // 2 else end] + "..."


def _flowing(text: str) -> str:
    """Context on one line: line breaks as a pilcrow, invisible characters as escapes, a byte order mark not at all."""
    return "".join(c if c == " " else printable(c) for c in _BREAK.sub(" ¶ ", text.removeprefix("\ufeff")))


def _cut(text: str, room: int = _LONGEST) -> str:
    """``text`` on one line; when it is long only its start and its end, and how long it is."""
    limit = min(_LONGEST, max(20, room // 2))
    shown = printable(text[: limit + 1])
    if len(text) <= limit and _width(shown) <= limit:
        return shown
    half = limit // 4
    return f"{shown[:half]} ...({len(text)} characters)... {printable(text[-half:])[-half:]}"


def _wrap(fragments: Line, width: int, rows: int) -> list[Line]:
    """The fragments in at most ``rows`` lines; continued lines are indented by two columns."""
    cells = [(style, char) for style, text in fragments for char in text]
    lines: list[Line] = []
    start = 0
    while start < len(cells) and len(lines) < rows:
        indent = 2 if lines else 0
        end = _fitting(cells, start, width - indent)
        if end < len(cells) and len(lines) < rows - 1:
            space = next((i for i in range(end, start, -1) if cells[i - 1][1] == " "), start)
            end = space if space > start else end
        lines.append([("", " " * indent)] * bool(indent) + _joined(cells[start:end]))
        start = end
    return lines


def _fitting(cells: Line, start: int, width: int) -> int:
    used = 0
    for index in range(start, len(cells)):
        used += _width(cells[index][1])
        if used > width:
            return max(index, start + 1)
    return len(cells)


def _joined(cells: Line) -> Line:
    line: Line = []
    for style, char in cells:
        if line and line[-1][0] == style:
            line[-1] = (style, line[-1][1] + char)
        else:
            line.append((style, char))
    return line


def _width(text: str) -> int:
    from wcwidth import wcwidth

    return sum(max(0, wcwidth(char)) for char in text)
