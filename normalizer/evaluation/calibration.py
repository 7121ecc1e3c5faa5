"""Whether the probabilities mean what they say: each edit judged by the gold, and the calibration error over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from normalizer.edits import Edit, apply_edits
from normalizer.evaluation.gold import Gold
from normalizer.evaluation.scoring import score_line

_POSSESSIVE = re.compile(r"(?<=\w)['’]\w+\Z")


@dataclass(frozen=True, slots=True)
class Judged:
    """An edit's probability, and whether the gold agrees with the edit."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Edits of similar probability: how many, their mean probability, and the share of them that is right."""

    count: int
    confidence: float
    accuracy: float


def judge_edits(gold: Gold, edits: Iterable[Edit]) -> list[Judged]:
    """Compare each edit on ``gold.source`` with the gold.

    Edits that share a slot stand or fall together. Edits that change nothing which scoring sees (quote
    style, letter case) are left out.

    >>> from normalizer.evaluation.gold import parse_gold
    >>> gold = parse_gold("The [[safety->security]] pact")
    >>> judge_edits(gold, [Edit(4, 10, "safety", "security", "word", 0.9), Edit(11, 15, "pact", "deal", "word", 0.4)])
    [Judged(confidence=0.9, right=True), Judged(confidence=0.4, right=False)]
    """
    judged = []
    for start, end, group in _by_slot(gold, [_without_possessive(edit) for edit in edits]):
        moved = [replace(edit, start=edit.start - start, end=edit.end - start) for edit in group]
        score = score_line(gold.between(start, end), apply_edits(gold.source[start:end], moved))
        if score.edits:
            judged += [Judged(edit.confidence, score.edits == score.right) for edit in group]
    return judged


def judge_each(gold: Gold, edits: Iterable[Edit]) -> dict[int, bool]:
    """Compare each edit with the gold, made together with only those of its slot that are more likely than not.

    The result has the start of each edit that scoring sees. Unlike ``judge_edits`` it judges a likely edit apart from
    an unlikely one beside it, which is what a calibration is fitted on.
    """
    found: dict[int, bool] = {}
    for start, end, group in _by_slot(gold, [_without_possessive(edit) for edit in edits]):
        for edit in group:
            made = [other for other in group if other is edit or other.confidence >= 0.5]
            moved = [replace(other, start=other.start - start, end=other.end - start) for other in made]
            score = score_line(gold.between(start, end), apply_edits(gold.source[start:end], moved))
            if score.edits:
                found[edit.start] = score.edits == score.right
    return found


def reliability(judged: Iterable[Judged], bins: int = 10) -> list[Bin]:
    """The reliability diagram: edits in order of probability, in ``bins`` parts of equal size.

    >>> reliability([Judged(0.9, True), Judged(0.8, False), Judged(0.3, False), Judged(0.5, True)], bins=2)
    [Bin(count=2, confidence=0.4, accuracy=0.5), Bin(count=2, confidence=0.85, accuracy=0.5)]
    """
    ordered = sorted(judged, key=lambda j: j.confidence)
    cuts = [len(ordered) * i // bins for i in range(bins + 1)]
    return [_bin(ordered[a:b]) for a, b in pairwise(cuts) if a < b]


def expected_calibration_error(judged: Iterable[Judged], bins: int = 10) -> float:
    """ECE: the mean distance between probability and accuracy over bins of equal mass; 0 without edits.

    >>> round(expected_calibration_error([Judged(0.9, True), Judged(0.9, True)]), 3)
    0.1
    """
    diagram = reliability(judged, bins)
    count = sum(b.count for b in diagram)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in diagram) / count if count else 0.0


def _bin(judged: Sequence[Judged]) -> Bin:
    count = len(judged)
    confidence = sum(j.confidence for j in judged) / count
    return Bin(count, round(confidence, 6), sum(j.right for j in judged) / count)


def _by_slot(gold: Gold, edits: Iterable[Edit]) -> list[tuple[int, int, list[Edit]]]:
    """Group edits that overlap the same slots: the stretch of a group, slots included, and its edits."""
    spans: list[tuple[int, int, Edit | None]] = [(slot.start, slot.end, None) for slot in gold.slots]
    spans += [(edit.start, edit.end, edit) for edit in edits]
    groups: list[tuple[int, int, list[Edit]]] = []
    for start, end, edit in sorted(spans, key=lambda span: span[:2]):
        if groups and (start < groups[-1][1] or (start, end) == groups[-1][:2]):
            first, last, group = groups[-1]
            groups[-1] = (first, max(last, end), group)
        else:
            groups.append((start, end, []))
        if edit:
            groups[-1][2].append(edit)
    return [group for group in groups if group[2]]


def _without_possessive(edit: Edit) -> Edit:
    """The edit without an unchanged ``'s`` at its end, which gold files leave outside of their slots."""
    ending = _POSSESSIVE.search(edit.original)
    if not ending or not edit.replacement.endswith(ending.group()):
        return edit
    length = len(ending.group())
    return replace(
        edit, end=edit.end - length, original=edit.original[:-length], replacement=edit.replacement[:-length]
    )
