"""Offsets across edits: where a place in the edited text stood in the original, and two rounds of edits as one.

A later stage works on the output of an earlier one, but every edit that users see counts in the original input.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from normalizer.edits import Alternative, Edit, apply_edits


class OffsetMap:
    """Maps positions in an edited text back to the original.

    A position inside of a replacement has no counterpart, so it maps to the edge of what was replaced.

    >>> places = OffsetMap([Edit(4, 9, "cafÃ©", "café", "encoding", 0.99)])  # the cafÃ© bar -> the café bar
    >>> places.start(9), places.end(12)  # "bar"
    (10, 13)
    >>> places.start(5), places.end(6)  # inside "café"
    (4, 9)
    """

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.edits: tuple[Edit, ...] = tuple(sorted(edits, key=lambda e: (e.start, e.end)))
        self.spans: list[tuple[int, int]] = []
        """Where each edit's replacement stands in the edited text."""
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            self.spans.append((start, start + len(edit.replacement)))
            shift += len(edit.replacement) - len(edit.original)

    def start(self, position: int) -> int:
        """The original position of a stretch that starts at ``position``: behind whatever was deleted there."""
        return self._original(bisect_right(self.spans, (position, position)) - 1, position, inside_start=True)

    def end(self, position: int) -> int:
        """The original position of a stretch that ends at ``position``: before whatever was deleted there."""
        return self._original(bisect_left(self.spans, (position, position)) - 1, position, inside_start=False)

    def _original(self, index: int, position: int, *, inside_start: bool) -> int:
        if index < 0:
            return position
        edit, (_, end) = self.edits[index], self.spans[index]
        if position < end:
            return edit.start if inside_start else edit.end
        return edit.end + position - end


def compose(first: Iterable[Edit], text: str, second: Iterable[Edit]) -> list[Edit]:
    """One list of edits on ``text`` that does what ``first`` and then ``second`` do.

    ``second`` counts in the text that ``first`` gives. An edit of the second round that overlaps some of the first
    becomes one edit with them: it replaces their original characters, keeps the later kind, and is right when all of
    them are, so the probabilities multiply. Raises ``EditError`` when ``first`` does not fit ``text``.

    >>> first = [Edit(2, 7, "cafÃ©", "café", "encoding", 0.9)]
    >>> second = [Edit(0, 1, "A", "The", "word", 0.9), Edit(2, 6, "café", "bar", "word", 0.5)]
    >>> [(e.start, e.original, e.replacement, e.confidence) for e in compose(first, "A cafÃ©.", second)]
    [(0, 'A', 'The', 0.9), (2, 'cafÃ©', 'bar', 0.45)]
    """
    places = OffsetMap(first)
    if not places.edits:
        return sorted(second, key=lambda e: (e.start, e.end))
    between = apply_edits(text, places.edits)
    composed = []
    for group in _groups(places, second):
        if len(group) > 1:
            composed.append(_merge(group, text, between, places))
        elif group[0].first:
            composed.append(group[0].edit)
        else:
            composed.append(_moved(group[0].edit, places))
    return sorted(composed, key=lambda e: (e.start, e.end))


def carry_back(first: Iterable[Edit], second: Iterable[Edit]) -> list[Edit]:
    """The edits of ``second`` with their places in the original, without those that overlap an edit of ``first``.

    For suggestions: they stand beside the edits of the first round, which are made whether they are taken or not.

    >>> first = [Edit(2, 7, "cafÃ©", "café", "encoding", 0.9)]
    >>> second = [Edit(2, 6, "café", "bar", "word", 0.2), Edit(7, 11, "here", "there", "word", 0.3)]
    >>> [(e.start, e.original) for e in carry_back(first, second)]
    [(8, 'here')]
    """
    places = OffsetMap(first)
    return [_moved(g[0].edit, places) for g in _groups(places, second) if len(g) == 1 and not g[0].first]


class _Placed(NamedTuple):
    """An edit and its place in the text between the two rounds."""

    start: int
    end: int
    edit: Edit
    first: bool


def _groups(places: OffsetMap, second: Iterable[Edit]) -> list[list[_Placed]]:
    """The edits of both rounds in order, with those of different rounds that overlap together."""
    placed = [_Placed(*span, edit, True) for span, edit in zip(places.spans, places.edits, strict=True)]
    placed += [_Placed(edit.start, edit.end, edit, False) for edit in second]
    groups: list[list[_Placed]] = []
    latest: dict[bool, _Placed] = {}
    for item in sorted(placed, key=lambda p: (p.start, p.end, p.edit.start)):
        other = latest.get(not item.first)
        if groups and other in groups[-1] and _overlap(other, item):
            groups[-1].append(item)
        else:
            groups.append([item])
        latest[item.first] = item
    return groups


def _overlap(a: _Placed, b: _Placed) -> bool:
    first, second = (a, b) if a.first else (b, a)
    if second.start == second.end and first.edit.start == first.edit.end:
        return first.start <= second.start <= first.end  # two insertions at one place
    return first.start < second.end and second.start < first.end


def _merge(group: list[_Placed], text: str, between: str, places: OffsetMap) -> Edit:
    start, end = min(p.start for p in group), max(p.end for p in group)
    # An insertion of the second round has no original characters of its own: it goes where the first round's edit is.
    original_start = min(
        p.edit.start if p.first else places.start(p.start) for p in group if p.first or p.start < p.end
    )
    original_end = max(p.edit.end if p.first else places.end(p.end) for p in group if p.first or p.start < p.end)
    later = [p.edit for p in group if not p.first]
    earlier = [p.edit for p in group if p.first]
    shown = [replace(e, start=e.start - start, end=e.end - start) for e in later]
    stretch = between[start:end]
    confidence = 1.0
    for placed in group:
        confidence *= placed.edit.confidence
    alternatives: tuple[Alternative, ...] = ()
    if len(later) == 1:
        share = confidence / later[0].confidence if later[0].confidence else 0.0
        alternatives = tuple(
            Alternative(apply_edits(stretch, [replace(shown[0], replacement=a.text)]), a.confidence * share)
            for a in later[0].alternatives
        )
    return Edit(
        original_start,
        original_end,
        text[original_start:original_end],
        apply_edits(stretch, shown),
        later[0].kind,
        confidence,
        alternatives,
        tuple(dict.fromkeys(reason for edit in later + earlier for reason in edit.evidence)),
        all(p.edit.safe for p in group),
    )


def _moved_start(edit: Edit, places: OffsetMap) -> int:
    return places.end(edit.start) if edit.start == edit.end else places.start(edit.start)


def _moved(edit: Edit, places: OffsetMap) -> Edit:
    start = _moved_start(edit, places)
    return replace(edit, start=start, end=start + len(edit.original))
