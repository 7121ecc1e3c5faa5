"""The same garbled name is repaired the same way everywhere in a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from normalizer.edits import Alternative
from normalizer.selection import Proposal


def consistent(proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals of a document with one repair for each garbled name: the likeliest over all of its places.

    A place takes that repair when it is among its alternatives, and every place gets the greatest confidence of all, so
    that a threshold leaves all or none of them.

    >>> from normalizer.edits import Edit
    >>> first = Edit(0, 8, "Overseas", "Foreign", "entity", 0.9)
    >>> second = Edit(20, 28, "Overseas", "Abroad", "entity", 0.5, (Alternative("Foreign", 0.4),))
    >>> [(p.edit.replacement, p.edit.confidence) for p in consistent([Proposal(first), Proposal(second)])]
    [('Foreign', 0.9), ('Foreign', 0.9)]
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for index, proposal in enumerate(proposals):
        if proposal.edit.kind == "entity":
            groups[proposal.edit.original].append(index)
    result = list(proposals)
    for indices in groups.values():
        if len(indices) > 1:
            _unite(result, indices)
    return result


def _unite(proposals: list[Proposal], indices: Sequence[int]) -> None:
    votes: dict[str, float] = defaultdict(float)
    for index in indices:
        for text, confidence in _readings(proposals[index]).items():
            votes[text] += confidence
    winner = max(votes, key=lambda text: (votes[text], text))
    places = [index for index in indices if winner in _readings(proposals[index])]
    greatest = max(_readings(proposals[index])[winner] for index in places)
    safe = any(p.edit.safe and p.edit.replacement == winner for p in (proposals[index] for index in places))
    for index in places:
        edit = proposals[index].edit
        others = tuple(Alternative(t, c) for t, c in _readings(proposals[index]).items() if t != winner)
        evidence = edit.evidence
        if edit.replacement != winner:
            evidence = (*evidence, f"consistency: {winner!r} elsewhere in the document")
        united = replace(
            edit, replacement=winner, confidence=greatest, alternatives=others, evidence=evidence, safe=safe
        )
        proposals[index] = Proposal(united, proposals[index].features)


def _readings(proposal: Proposal) -> dict[str, float]:
    edit = proposal.edit
    return {edit.replacement: edit.confidence, **{a.text: a.confidence for a in edit.alternatives}}
