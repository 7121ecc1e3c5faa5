"""Merging the decisions of several reviewers: where they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from normalizer.errors import InputError
from normalizer.ignoring import Rules
from normalizer.review.decisions import Decisions, NeverAgain, ReviewedDocument, ReviewedEdit, collide, describe


@dataclass(frozen=True, slots=True)
class Conflict:
    """Decisions about one place that contradict each other. After merging the place is undecided.

    ``rule`` is what one reviewer never wants again, when another one accepted just that; it is gone after merging.
    """

    path: str
    votes: tuple[ReviewedEdit, ...]
    rule: NeverAgain | None = None

    def __str__(self) -> str:
        """The conflict as a sentence."""
        said = [f"{self.rule} never again{_by(self.rule.reviewer)}"] if self.rule else []
        said += [f"{describe(vote.chosen or vote.edit)} {vote.decision}{_by(vote.reviewer)}" for vote in self.votes]
        return f"{self.path}: reviewers disagree: {'; '.join(said)}"


def merge_decisions(files: Sequence[Decisions]) -> tuple[Decisions, tuple[Conflict, ...]]:
    """One set of decisions from those of several reviewers, and the conflicts between them.

    A decision beats none; the earlier file's record stays where all agree on the outcome. Places on which
    reviewers contradict each other become undecided, and a change that one accepted is not ruled out for ever because
    another one says so. Raises ``InputError`` when they reviewed different versions of a
    document.

    >>> from normalizer.edits import Edit
    >>> doc = ReviewedEdit(Edit(9, 12, "doc", "document", "word", 0.9))
    >>> ann, ben = (
    ...     Decisions((ReviewedDocument("a.txt", "0" * 64, (replace(doc, decision=said, reviewer=name),)),))
    ...     for name, said in (("Ann", "accepted"), ("Ben", "rejected"))
    ... )
    >>> print(*merge_decisions([ann, ben])[1])
    a.txt: reviewers disagree: 'doc' → 'document' at 9-12 accepted by Ann; 'doc' → 'document' at 9-12 rejected by Ben
    """
    merged: dict[str, ReviewedDocument] = {}
    votes: dict[str, list[ReviewedEdit]] = {}
    for decisions in files:
        for document in decisions.documents:
            known = merged.setdefault(document.path, document)
            if known.sha256 != document.sha256:
                raise InputError(
                    f"{document.path}: reviewed in two versions ({known.sha256[:8]}… and {document.sha256[:8]}…), so "
                    "the decisions cannot be merged; bring one up to date with 'normalizer apply --rebase --save FILE'"
                )
            votes.setdefault(document.path, []).extend(document.edits)
    conflicts: list[Conflict] = []
    documents = []
    for path, document in merged.items():
        edits, found = _agree(path, votes[path])
        documents.append(replace(document, edits=tuple(edits)))
        conflicts += found
    rules, disputed = _agreed_rules(files)
    return Decisions(tuple(documents), tuple(rules)), (*conflicts, *disputed)


def _agreed_rules(files: Sequence[Decisions]) -> tuple[list[NeverAgain], list[Conflict]]:
    """The rules of all files, once each, without those that another file's decisions contradict."""
    rules: dict[tuple[str, str | None, str], NeverAgain] = {}
    conflicts: list[Conflict] = []
    for decisions in files:
        for rule in decisions.never_again:
            other = _accepted([file for file in files if file is not decisions], rule)
            if other is not None:
                conflicts.append(replace(other, rule=rule))
            else:
                rules.setdefault((rule.original, rule.replacement, rule.path), rule)
    return list(rules.values()), conflicts


def _accepted(files: Sequence[Decisions], rule: NeverAgain) -> Conflict | None:
    """The first edit that somebody accepted although ``rule`` forbids it."""
    rules = Rules((rule.rule,))
    for decisions in files:
        for document in decisions.documents:
            for vote in document.edits:
                if vote.chosen is not None and rules.unwanted(vote.chosen):
                    return Conflict(document.path, (vote,))
    return None


def _agree(path: str, votes: Sequence[ReviewedEdit]) -> tuple[list[ReviewedEdit], list[Conflict]]:
    by_edit: dict[tuple[int, int, str, str], list[ReviewedEdit]] = {}
    for vote in votes:
        by_edit.setdefault((vote.edit.start, vote.edit.end, vote.edit.original, vote.edit.replacement), []).append(vote)
    edits: list[ReviewedEdit] = []
    conflicts: list[Conflict] = []
    for _, group in sorted(by_edit.items()):
        decided = [vote for vote in group if vote.decision != "undecided"]
        if len({_outcome(vote) for vote in decided}) > 1:
            conflicts.append(Conflict(path, tuple(decided)))
            edits.append(_undecided(group[0]))
        else:
            edits.append((decided or group)[0])
    return _without_collisions(path, edits, conflicts), conflicts


def _without_collisions(path: str, edits: list[ReviewedEdit], conflicts: list[Conflict]) -> list[ReviewedEdit]:
    """Accepted edits that cannot all be made become undecided. Of those that do the same, the first stays."""
    settled = [vote for vote in edits if vote.chosen is None]
    for group in _colliding([vote for vote in edits if vote.chosen is not None]):
        if len({(vote.edit.start, vote.edit.end, _outcome(vote)) for vote in group}) == 1:
            settled.append(group[0])
        else:
            conflicts.append(Conflict(path, tuple(group)))
            settled += map(_undecided, group)
    return sorted(settled, key=lambda vote: (vote.edit.start, vote.edit.end))


def _colliding(votes: list[ReviewedEdit]) -> list[list[ReviewedEdit]]:
    """Groups of edits that collide, directly or by way of others. ``votes`` are in order."""
    groups: list[list[ReviewedEdit]] = []
    furthest: ReviewedEdit | None = None
    for vote in votes:
        if furthest is not None and collide(furthest.edit, vote.edit):
            groups[-1].append(vote)
            furthest = max(furthest, vote, key=lambda v: v.edit.end)
        else:
            groups.append([vote])
            furthest = vote
    return groups


def _by(reviewer: str) -> str:
    return f" by {reviewer}" if reviewer else ""


def _outcome(vote: ReviewedEdit) -> str:
    return vote.edit.original if vote.chosen is None else vote.chosen.replacement


def _undecided(vote: ReviewedEdit) -> ReviewedEdit:
    return replace(vote, decision="undecided", text=None, reviewer="", decided="")
