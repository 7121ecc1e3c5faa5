"""A review in progress: where the reviewer is, what was decided, and how to take it back. No terminal, no files."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Literal, NamedTuple

from normalizer.edits import Edit
from normalizer.review.decisions import Decision, Decisions, ReviewedDocument, ReviewedEdit
from normalizer.text.sentences import sentences

BYTE_ORDER_MARK = "\ufeff"

Scope = Literal["pair", "kind", "sentence", "line", "file"]
"""What ``decide_all`` covers: the same original and replacement (in any case, in all files), the same kind (in all
files), the same sentence, the same line, the same file."""


class Place(NamedTuple):
    """An edit, as an index into the documents and one into the document's edits."""

    document: int
    edit: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with edits: where it stands in the text, the places of its edits, the index of the first of them."""

    start: int
    end: int
    places: tuple[Place, ...]
    first: int


class _Span(NamedTuple):
    """A sentence, with the indices of its first and its last edit within the document."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Step:
    """What one action changed: the edits as they were before it, and where the reviewer was."""

    cursor: int
    before: tuple[tuple[Place, ReviewedEdit], ...]


def utc_now() -> str:
    """The time as in RFC 3339, to the second."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Session:
    """Walks through the edits of documents, edit by edit, and keeps the decisions.

    ``texts`` maps the path of a document to its text; documents that are not in it keep their decisions and are not
    shown. ``save`` gets the decisions after every change; what it raises goes to the caller, the decision stays made,
    and ``unsaved`` is true until a later change was saved. ``reviewer`` and ``now`` sign the decisions.

    >>> from normalizer.edits import Edit
    >>> doc = ReviewedEdit(Edit(9, 12, "doc", "document", "word", 0.9))
    >>> decisions = Decisions((ReviewedDocument("a.txt", "0" * 64, (doc,)),))
    >>> session = Session(decisions, {"a.txt": "a modest doc"}, save=lambda decisions: None)
    >>> session.decide("accepted")
    >>> session.current is None, session.decisions.count()["accepted"]
    (True, 1)
    """

    def __init__(
        self,
        decisions: Decisions,
        texts: Mapping[str, str],
        *,
        save: Callable[[Decisions], None],
        reviewer: str = "",
        now: Callable[[], str] = utc_now,
    ) -> None:
        self._documents = list(decisions.documents)
        self._never_again = decisions.never_again
        self._texts = texts
        self._save = save
        self._reviewer = reviewer
        self._now = now
        self._history: list[_Step] = []
        self._sentences: dict[int, list[_Span]] = {}
        self.unsaved = False
        self.places = [
            Place(number, index)
            for number, document in enumerate(self._documents)
            if document.path in texts
            for index in range(len(document.edits))
        ]
        self.cursor = 0
        """The index into ``places`` of the edit that is shown; their number at the end."""
        self.restart()

    @property
    def decisions(self) -> Decisions:
        """Everything decided so far."""
        return Decisions(tuple(self._documents), self._never_again)

    @property
    def place(self) -> Place | None:
        """The place that is shown, None at the end."""
        return self.places[self.cursor] if self.cursor < len(self.places) else None

    @property
    def current(self) -> ReviewedEdit | None:
        """The edit that is shown, None at the end."""
        return None if self.place is None else self.at(self.place)

    def at(self, place: Place) -> ReviewedEdit:
        """The edit at a place."""
        return self._documents[place.document].edits[place.edit]

    def document(self, place: Place) -> ReviewedDocument:
        """The document of a place."""
        return self._documents[place.document]

    def text(self, place: Place) -> str:
        """The text of a place's document."""
        return self._texts[self.document(place).path]

    def sentence(self) -> Sentence | None:
        """The sentence of the edit that is shown, with all its edits; None at the end."""
        return None if self.place is None else self._sentence_at(self.cursor)

    def count(self) -> Counter[Decision]:
        """How many of the edits that can be shown have each decision."""
        return Counter(self.at(place).decision for place in self.places)

    def decide(self, decision: Decision) -> None:
        """Decide about the edit that is shown and go on to the next undecided one. Nothing happens at the end."""
        if self.place is not None:
            self._change([(self.place, decision, None)])

    def correct(self, text: str) -> None:
        """Replace the original that is shown by ``text``, which may turn out to accept or reject the edit."""
        if self.place is None or self.current is None:
            return
        edit = self.current.edit
        if text == edit.replacement:
            self._change([(self.place, "accepted", None)])
        elif text == edit.original:
            self._change([(self.place, "rejected", None)])
        else:
            self._change([(self.place, "corrected", text)])

    def covered(self, scope: Scope) -> list[Place]:
        """The undecided edits that are like the one that is shown."""
        shown, sentence = self.place, self.sentence()
        if shown is None or sentence is None:
            return []
        near = sentence.places if scope == "sentence" else self.places
        return [place for place in near if self.at(place).decision == "undecided" and self._like(shown, place, scope)]

    def decide_all(self, scope: Scope, decision: Literal["accepted", "rejected"]) -> int:
        """Decide about all undecided edits in ``scope``; returns how many there were."""
        covered = self.covered(scope)
        if covered:
            self._change([(place, decision, None) for place in covered])
        return len(covered)

    def decide_sentence(self, decision: Literal["accepted", "rejected"]) -> int:
        """Decide about the edits of the sentence that are undecided, or about all when none is; returns how many."""
        sentence = self.sentence()
        if sentence is None:
            return 0
        undecided = [place for place in sentence.places if self.at(place).decision == "undecided"]
        chosen = undecided or list(sentence.places)
        self._change([(place, decision, None) for place in chosen])
        return len(chosen)

    def reject_pair(self) -> int:
        """Reject the edit that is shown, decided or not, and all undecided ones of the same pair; returns how many."""
        if self.place is None:
            return 0
        covered = sorted({self.place, *self.covered("pair")})
        self._change([(place, "rejected", None) for place in covered])
        return len(covered)

    def skip(self) -> None:
        """Go on to the next undecided edit and leave this one as it is."""
        following = range(self.cursor + 1, len(self.places))
        self.cursor = next((i for i in following if self.at(self.places[i]).decision == "undecided"), len(self.places))

    def back(self) -> None:
        """Go to the edit before, decided or not."""
        self.cursor = max(0, self.cursor - 1)

    def skip_sentence(self) -> None:
        """Go on to the next undecided edit behind this sentence."""
        sentence = self.sentence()
        if sentence is not None:
            self.cursor = sentence.first + len(sentence.places) - 1
            self.skip()

    def back_sentence(self) -> None:
        """Go to the first edit of the sentence before, decided or not."""
        sentence = self.sentence()
        first = len(self.places) if sentence is None else sentence.first
        self.cursor = 0 if first == 0 else self._sentence_at(first - 1).first

    def enter(self, number: int) -> bool:
        """Go to the edit with this number (from 1) in the sentence; returns whether there is one."""
        sentence = self.sentence()
        if sentence is None or not 1 <= number <= len(sentence.places):
            return False
        self.cursor = sentence.first + number - 1
        return True

    def restart(self) -> None:
        """Go to the first undecided edit, or to the end."""
        self.cursor = -1
        self.skip()

    def undo(self) -> int:
        """Take back the last action of this session and show its edit again; returns how many edits it was about."""
        if not self._history:
            return 0
        step = self._history.pop()
        self.cursor = step.cursor
        self._store(step.before)
        return len(step.before)

    @property
    def steps(self) -> int:
        """How many actions ``undo`` can take back."""
        return len(self._history)

    def save(self) -> None:
        """Hand the decisions to ``save`` once more."""
        self.unsaved = True
        self._save(self.decisions)
        self.unsaved = False

    def _change(self, changes: Iterable[tuple[Place, Decision, str | None]]) -> None:
        decided = self._now()
        changed = [
            (
                place,
                replace(self.at(place), decision=decision, text=text, reviewer=self._reviewer, decided=decided),
            )
            for place, decision, text in changes
        ]
        self._history.append(_Step(self.cursor, tuple((place, self.at(place)) for place, _ in changed)))
        try:
            self._store(changed)
        finally:
            self.skip()

    def _store(self, changed: Iterable[tuple[Place, ReviewedEdit]]) -> None:
        by_document: dict[int, list[ReviewedEdit]] = {}
        for place, reviewed in changed:
            edits = by_document.setdefault(place.document, list(self._documents[place.document].edits))
            edits[place.edit] = reviewed
        for number, edits in by_document.items():
            self._documents[number] = replace(self._documents[number], edits=tuple(edits))
        self.save()

    def _like(self, shown: Place, place: Place, scope: Scope) -> bool:
        edit, other = self.at(shown).edit, self.at(place).edit
        if scope == "pair":
            return _folded(edit.original, edit.replacement) == _folded(other.original, other.replacement)
        if scope == "kind":
            return edit.kind == other.kind
        if place.document != shown.document:
            return False
        if scope in ("file", "sentence"):
            return True
        first, last = sorted((edit.start, other.start))
        return "\n" not in self.text(shown)[first:last]

    def _sentence_at(self, cursor: int) -> Sentence:
        place = self.places[cursor]
        if place.document not in self._sentences:
            edits = [reviewed.edit for reviewed in self.document(place).edits]
            self._sentences[place.document] = _sentences_of(self.text(place), edits)
        spans = self._sentences[place.document]
        span = spans[bisect_right(spans, place.edit, key=lambda span: span.first) - 1]
        places = tuple(Place(place.document, index) for index in range(span.first, span.last + 1))
        return Sentence(span.start, span.end, places, cursor - (place.edit - span.first))


def _sentences_of(text: str, edits: Sequence[Edit]) -> list[_Span]:
    """The sentences that hold edits. Those that an edit reaches across count as one."""
    ends = [tokens[-1].end for tokens in sentences(text)] if edits else []
    found: list[_Span] = []
    for index, edit in enumerate(edits):
        if found and edit.start < found[-1].end:
            found[-1] = found[-1]._replace(last=index, end=max(found[-1].end, _sentence_end(ends, edit, len(text))))
            continue
        number = bisect_right(ends, edit.start)
        start = ends[number - 1] if number else 0
        while start < edit.start and (text[start].isspace() or text[start] == BYTE_ORDER_MARK):
            start += 1
        found.append(_Span(index, index, start, _sentence_end(ends, edit, len(text))))
    return found


def _sentence_end(ends: Sequence[int], edit: Edit, length: int) -> int:
    number = bisect_left(ends, max(edit.end, edit.start + 1))
    return ends[number] if number < len(ends) else max(edit.end, length)


def _folded(*texts: str) -> tuple[str, ...]:
    return tuple(text.casefold() for text in texts)
