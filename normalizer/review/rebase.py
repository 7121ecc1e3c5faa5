"""Finding the places of reviewed edits again in a text that has changed since.

An edit is known by its original and by what stood around it. A place counts when the original is there and its
surroundings are the same, or similar and clearly more so than those of any other place. What is not clear stays out:
a decision is never moved to another word.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from normalizer.review.decisions import CONTEXT, ReviewedEdit

LEAST_SIMILARITY = 0.65
"""Least similarity (0 to 1) of the surroundings for a place to count."""

CLEAR_LEAD = 0.08
"""How much more similar the best place must be than the second best."""

_NEIGHBOURS = 50
"""So many edits before and after one are asked where it should be."""

_NEAREST = 100
"""So many places nearest to the expected one are compared when the surroundings have changed."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """The edits with their new places, in order, and those whose place was not found."""

    placed: tuple[ReviewedEdit, ...]
    lost: tuple[ReviewedEdit, ...]


def rebase_edits(edits: Sequence[ReviewedEdit], text: str) -> Rebased:
    """Find the places of ``edits``, which were made for another version of it, in ``text``.

    >>> from normalizer.edits import Edit
    >>> old = "A modest doc. A long doc."
    >>> edits = [ReviewedEdit.of(Edit(21, 24, "doc", "document", "word", 0.9), old)]
    >>> [reviewed.edit.start for reviewed in rebase_edits(edits, "News! A modest doc. A long doc.").placed]
    [27]
    """
    ordered = sorted(edits, key=lambda r: (r.edit.start, r.edit.end))
    occurrences = {
        original: _occurrences(original, text) for original in {r.edit.original for r in ordered} if original
    }
    alike = _alike(ordered, occurrences, text)
    places = _as_many_as_before(ordered, alike)
    for run, lower, upper in list(_runs(ordered, places)):
        places |= _shifted_together(run, ordered, alike, lower, upper)
    compare = _Similarity(text)
    for index, reviewed in enumerate(ordered):
        if index not in places:
            starts = occurrences.get(reviewed.edit.original, ())
            found = _most_similar(reviewed, starts, _expected(index, ordered, places), compare)
            if found is not None:
                places[index] = found
    return _collect(ordered, places, text)


def _occurrences(original: str, text: str) -> Sequence[int]:
    """Where ``original``, which is not empty, stands in ``text``."""
    found = []
    start = text.find(original)
    while start >= 0:
        found.append(start)
        start = text.find(original, start + 1)
    return found


def _alike(edits: Sequence[ReviewedEdit], occurrences: dict[str, Sequence[int]], text: str) -> list[Sequence[int]]:
    """For each edit the places whose surroundings are the same as it had. Edits that look alike share one list."""
    shapes: dict[tuple[str, int, int], dict[tuple[str, str], list[int]]] = {}
    shared: dict[tuple[str, str, str], Sequence[int]] = {}
    alike = []
    for reviewed in edits:
        original, before, after = look = reviewed.edit.original, reviewed.before, reviewed.after
        if look not in shared:
            shape = original, len(before), len(after)
            if not (before or after):
                shared[look] = ()
            elif not original:  # an insertion: only its surroundings are there
                shared[look] = [start + len(before) for start in _occurrences(before + after, text)]
            else:
                if shape not in shapes:
                    shapes[shape] = _by_surroundings(original, occurrences[original], len(before), len(after), text)
                shared[look] = shapes[shape].get((before, after), ())
        alike.append(shared[look])
    return alike


def _by_surroundings(
    original: str, starts: Iterable[int], before: int, after: int, text: str
) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for start in starts:
        if start >= before:
            end = start + len(original)
            found[text[start - before : start], text[end : end + after]].append(start)
    return found


def _as_many_as_before(edits: Sequence[ReviewedEdit], alike: Sequence[Sequence[int]]) -> dict[int, int]:
    """The places of edits of which exactly as many as before look alike."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, reviewed in enumerate(edits):
        groups[reviewed.edit.original, reviewed.before, reviewed.after].append(index)
    places: dict[int, int] = {}
    for indexes in groups.values():
        if len(alike[indexes[0]]) == len(indexes):
            places |= zip(indexes, alike[indexes[0]], strict=True)
    return places


def _runs(edits: Sequence[ReviewedEdit], places: dict[int, int]) -> Iterator[tuple[range, int, int]]:
    """Runs of edits without a place, and the stretch between the places that are known on both sides."""
    start = 0
    while start < len(edits):
        if start in places:
            start += 1
            continue
        end = start
        while end < len(edits) and end not in places:
            end += 1
        lower = _end(start - 1, edits, places) if start else 0
        upper = places[end] if end < len(edits) else sys.maxsize
        yield range(start, end), *((lower, upper) if lower <= upper else (0, sys.maxsize))
        start = end


def _shifted_together(
    run: range, edits: Sequence[ReviewedEdit], alike: Sequence[Sequence[int]], lower: int, upper: int
) -> dict[int, int]:
    """The places of a run that has moved as a whole, if there is just one stretch where all of it looks as before."""
    sets = {id(starts): frozenset(starts) for starts in (alike[index] for index in run)}
    first, last = edits[run[0]].edit, edits[run[-1]].edit
    shifts = []
    for start in alike[run[0]]:
        shift = start - first.start
        if lower <= start and last.end + shift <= upper:
            backwards = reversed(run)  # where text repeats itself, it is the far end that tells
            if all(edits[index].edit.start + shift in sets[id(alike[index])] for index in backwards):
                shifts.append(shift)
    if len(shifts) != 1:
        return {}
    return {index: edits[index].edit.start + shifts[0] for index in run}


def _expected(index: int, edits: Sequence[ReviewedEdit], places: dict[int, int]) -> int:
    """Where an edit should be, going by the nearest edit before or after it that was found."""
    for distance in range(1, _NEIGHBOURS):
        for nearby in (index - distance, index + distance):
            if nearby in places:
                return edits[index].edit.start + places[nearby] - edits[nearby].edit.start
    return edits[index].edit.start


def _most_similar(reviewed: ReviewedEdit, starts: Sequence[int], expected: int, similarity: _Similarity) -> int | None:
    nearest = bisect_left(starts, expected)
    candidates = starts[max(0, nearest - _NEAREST // 2) : nearest + _NEAREST // 2]
    scores = sorted(((similarity(reviewed, start), start) for start in candidates), reverse=True)
    if not scores or scores[0][0] < LEAST_SIMILARITY:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < CLEAR_LEAD:
        return None
    return scores[0][1]


class _Similarity:
    """How alike (0 to 1) the surroundings of an edit and of a place are; remembers what it has compared."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[tuple[str, str], float] = {}

    def __call__(self, reviewed: ReviewedEdit, start: int) -> float:
        """The similarity; 0 inside of a word when the edit was not."""
        original, before, after = reviewed.edit.original, reviewed.before, reviewed.after
        if not (before or after):
            return 0.0
        end = start + len(original)
        new_before, new_after = self.text[max(0, start - CONTEXT) : start], self.text[end : end + CONTEXT]
        inside = _joins(before, original), _joins(original, after)
        if inside != (_joins(new_before, original), _joins(original, new_after)):
            return 0.0
        # The side that changed least says most: an insertion next to the place changes the whole of one side.
        sides = [self._side(before[::-1], new_before[::-1])] if before else []
        sides += [self._side(after, new_after)] if after else []
        return 0.7 * max(sides) + 0.3 * min(sides)

    def _side(self, old: str, new: str) -> float:
        from rapidfuzz.distance import Levenshtein

        key = old, new
        if key not in self._known:
            self._known[key] = Levenshtein.normalized_similarity(old, new[: len(old)])
        return self._known[key]


def _joins(left: str, right: str) -> bool:
    """Whether a word runs on from the end of ``left`` into ``right``."""
    return left[-1:].isalnum() and right[:1].isalnum()


def _collect(edits: Sequence[ReviewedEdit], places: dict[int, int], text: str) -> Rebased:
    """The edits at their new places, without those that came to lie on one another."""
    order = sorted(places, key=lambda index: (places[index], index))
    clear = set(order)
    furthest: int | None = None
    for index in order:
        if furthest is not None and places[index] < places[furthest] + len(edits[furthest].edit.original):
            clear -= {index, furthest}
        if furthest is None or _end(index, edits, places) >= _end(furthest, edits, places):
            furthest = index
    placed = tuple(_moved(edits[index], places[index], text) for index in order if index in clear)
    return Rebased(placed, tuple(reviewed for index, reviewed in enumerate(edits) if index not in clear))


def _end(index: int, edits: Sequence[ReviewedEdit], places: dict[int, int]) -> int:
    return places[index] + len(edits[index].edit.original)


def _moved(reviewed: ReviewedEdit, start: int, text: str) -> ReviewedEdit:
    end = start + len(reviewed.edit.original)
    return replace(
        reviewed,
        edit=replace(reviewed.edit, start=start, end=end),
        before=text[max(0, start - CONTEXT) : start],
        after=text[end : end + CONTEXT],
    )
