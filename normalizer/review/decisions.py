"""Decisions: what reviewers said about each suggested edit, and the file that keeps it.

The file is JSON (``schemas/decisions.schema.json``), bound to the input's bytes by their SHA-256, one edit to a line
so that it reads well under version control. The terminal session and the HTML page write it, ``normalizer apply``
reads it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from normalizer.edits import Alternative, Edit
from normalizer.errors import EditError, InputError
from normalizer.ignoring import IgnoreRule
from normalizer.review.document import Document

VERSION = 1
"""Raised when a field changes its meaning or goes away; new fields may come without."""

CONTEXT = 60
"""Code points of context on each side that are kept with an edit, to find its place again in a changed input."""

Decision = Literal["undecided", "accepted", "rejected", "corrected"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ReviewedEdit:
    """A suggested edit and what was decided about it.

    ``text`` is what a reviewer wrote instead, when ``decision`` is ``corrected``, and None otherwise. ``decided`` is
    the time as in RFC 3339. ``before`` and ``after`` are up to ``CONTEXT`` code points of the input around the edit.

    >>> doc = Edit(9, 12, "doc", "document", "word", 0.9)
    >>> ReviewedEdit(doc, "corrected", "paper").chosen.replacement
    'paper'
    >>> ReviewedEdit(doc, "rejected").chosen is None
    True
    """

    edit: Edit
    decision: Decision = "undecided"
    text: str | None = None
    reviewer: str = ""
    decided: str = ""
    before: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        if (self.text is not None) != (self.decision == "corrected"):
            raise EditError(
                f"edit at {self.edit.start}-{self.edit.end}: a text goes with the decision 'corrected', and only with "
                f"that; the decision is {self.decision!r}"
            )

    @classmethod
    def of(cls, edit: Edit, text: str) -> ReviewedEdit:
        """An undecided edit of ``text``, with its context."""
        before, after = text[max(0, edit.start - CONTEXT) : edit.start], text[edit.end : edit.end + CONTEXT]
        return cls(edit, before=before, after=after)

    @property
    def chosen(self) -> Edit | None:
        """The edit to make: as suggested, or with the reviewer's text; None unless accepted or corrected."""
        if self.decision == "accepted":
            return self.edit
        if self.decision == "corrected" and self.text is not None:
            return replace(self.edit, replacement=self.text)
        return None

    def to_dict(self) -> dict[str, Any]:
        """The edit as plain data, as it stands in the file."""
        record = {**self.edit.to_dict(), "decision": self.decision}
        for name in ("text", "reviewer", "decided", "before", "after"):
            value = getattr(self, name)
            if value or (name == "text" and value is not None):
                record[name] = value
        return record

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> ReviewedEdit:
        """The edit in ``record``, which follows the schema. Raises ``EditError`` if it contradicts itself."""
        edit = Edit(
            record["start"],
            record["end"],
            record["original"],
            record["replacement"],
            record.get("kind", "word"),
            record.get("confidence", 1.0),
            tuple(Alternative(a["text"], a["confidence"]) for a in record.get("alternatives", ())),
            tuple(record.get("evidence", ())),
            record.get("safe", False),
        )
        optional = {name: record[name] for name in ("text", "reviewer", "decided", "before", "after") if name in record}
        return cls(edit, record["decision"], **optional)


@dataclass(frozen=True, slots=True)
class ReviewedDocument:
    """The decisions about one input. ``path``, ``sha256`` and ``encoding`` as in ``Document``; edits in order."""

    path: str
    sha256: str
    edits: tuple[ReviewedEdit, ...]
    encoding: str = "utf-8"

    @classmethod
    def of(cls, document: Document, *, suggestions: bool = False) -> ReviewedDocument:
        """Nothing decided yet about the edits of ``document``, and its ``suggestions`` if they are wanted."""
        edits = tuple(
            ReviewedEdit.of(e, document.text) for e, applied in document.proposals() if applied or suggestions
        )
        return cls(document.path, document.sha256, edits, document.encoding)

    def extended(self, found: ReviewedDocument) -> ReviewedDocument:
        """The document with those edits of ``found`` that do not collide with its own; decisions stay."""
        own = [reviewed.edit for reviewed in self.edits]
        starts = [edit.start for edit in own]
        edits = list(self.edits)
        for reviewed in found.edits:
            nearest = bisect_right(starts, reviewed.edit.start)
            if not any(collide(reviewed.edit, edit) for edit in own[max(0, nearest - 2) : nearest + 1]):
                edits.append(reviewed)
        return self if len(edits) == len(own) else replace(self, edits=tuple(sorted(edits, key=_place)))

    def chosen(self) -> list[Edit]:
        """The edits to make, in order. Raises ``EditError`` when two of them claim the same place."""
        edits = [edit for edit in (reviewed.chosen for reviewed in self.edits) if edit is not None]
        edits.sort(key=lambda e: (e.start, e.end))
        for first, second in pairwise(edits):
            if collide(first, second):
                raise EditError(
                    f"{self.path}: two accepted edits claim the same place: {describe(first)} and {describe(second)}; "
                    "reject one of them"
                )
        return edits


@dataclass(frozen=True, slots=True)
class NeverAgain:
    """A change that a reviewer never wants to see proposed again; ``normalizer apply`` makes it an ignore rule.

    Without ``replacement`` no change of ``original`` is wanted. ``path`` is the document in which that was said, which
    tells the configuration that the rule belongs to; empty for the one of the working folder. ``reviewer`` and
    ``decided`` as in ``ReviewedEdit``.

    >>> NeverAgain("doc", "document").rule.matches(Edit(0, 3, "Doc", "Document", "word", 0.9))
    True
    """

    original: str
    replacement: str | None = None
    path: str = ""
    reviewer: str = ""
    decided: str = ""

    @property
    def rule(self) -> IgnoreRule:
        """The rule that drops the change."""
        return IgnoreRule(self.original, self.replacement)

    def __str__(self) -> str:
        """The change in a message."""
        return _short(self.original) + (f" → {_short(self.replacement)}" if self.replacement is not None else "")

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain data, as it stands in the file."""
        record = {"original": self.original, "replacement": self.replacement}
        record |= {name: getattr(self, name) or None for name in ("path", "reviewer", "decided")}
        return {name: value for name, value in record.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Decisions:
    """The content of a decisions file: decisions about documents, and changes that are not wanted ever again."""

    documents: tuple[ReviewedDocument, ...] = ()
    never_again: tuple[NeverAgain, ...] = ()

    def count(self) -> Counter[Decision]:
        """How many edits have each decision."""
        return Counter(reviewed.decision for document in self.documents for reviewed in document.edits)


def _place(reviewed: ReviewedEdit) -> tuple[int, int]:
    return reviewed.edit.start, reviewed.edit.end


def collide(first: Edit, second: Edit) -> bool:
    """Whether two edits cannot both be made: they overlap, or insert at one place in no known order.

    >>> collide(Edit(0, 1, "a", "b", "word", 1.0), Edit(1, 2, "b", "c", "word", 1.0))
    False
    """
    first, second = sorted((first, second), key=lambda e: (e.start, e.end))
    return second.start < first.end or (first.start == first.end == second.start == second.end)


def describe(edit: Edit) -> str:
    """The edit in a message.

    >>> describe(Edit(9, 12, "doc", "document", "word", 0.9))
    "'doc' → 'document' at 9-12"
    """
    return f"{_short(edit.original)} → {_short(edit.replacement)} at {edit.start}-{edit.end}"


def parse_decisions(content: str, name: str) -> Decisions:
    """The decisions in the JSON text ``content``; ``name`` is the file's, for messages.

    Raises ``InputError`` that tells what is wrong and where.

    >>> parse_decisions('{"version": 1, "documents": [{"path": "a.txt"}]}', "d.json")
    Traceback (most recent call last):
    ...
    normalizer.errors.InputError: d.json: documents[0] lacks sha256, edits
    """
    try:
        data = json.loads(content)
    except json.JSONDecodeError as error:
        raise InputError(f"{name}:{error.lineno}: not JSON: {error.msg.lower()} at column {error.colno}") from error
    except RecursionError as error:
        raise InputError(f"{name}: not a decisions file: nested too deeply") from error
    if isinstance(data, dict) and isinstance(version := data.get("version"), int) and version > VERSION:
        raise InputError(f"{name}: version {version} of decisions is newer than this normalizer; update it")
    _validate(data, name)
    documents: list[ReviewedDocument] = []
    seen: set[str] = set()
    for number, record in enumerate(data["documents"]):
        if record["path"] in seen:
            raise InputError(f"{name}: documents[{number}]: {record['path']!r} appears twice; keep one of them")
        seen.add(record["path"])
        edits = []
        for index, item in enumerate(record["edits"]):
            try:
                edits.append(ReviewedEdit.from_dict(item))
            except EditError as error:
                raise InputError(f"{name}: documents[{number}].edits[{index}]: {error}") from error
        edits.sort(key=_place)
        documents.append(
            ReviewedDocument(record["path"], record["sha256"], tuple(edits), record.get("encoding", "utf-8"))
        )
    return Decisions(tuple(documents), _never_again(data.get("never_again", ())))


def read_decisions(path: Path) -> Decisions:
    """Read a decisions file. Raises ``InputError`` when it is missing or malformed."""
    from normalizer.files import read_text

    return parse_decisions(read_text(path).text.removeprefix("\ufeff"), str(path))


def dump_decisions(decisions: Decisions) -> str:
    """The decisions as the JSON text of a file.

    >>> print(dump_decisions(Decisions()), end="")
    {"version": 1, "documents": [
    ]}
    """
    documents = (_document(document, (_json(r.to_dict()) for r in document.edits)) for document in decisions.documents)
    return "".join(_file(documents, decisions.never_again))


def write_decisions(path: Path, decisions: Decisions) -> None:
    """Write a decisions file in one step. Raises ``InputError`` when it cannot be written."""
    DecisionsWriter(path).write(decisions)


class DecisionsWriter:
    """Writes one decisions file again and again, each time in one step.

    Only edits that changed are turned into JSON again, so that saving after every decision stays quick. A file
    that something else has changed since the writer was made is not overwritten: make it before reading the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._cache: dict[str, tuple[ReviewedDocument, str, list[str]]] = {}
        self._stamp = _stamp(path)

    def write(self, decisions: Decisions) -> None:
        """Save. Raises ``InputError`` when the file cannot be written, or was changed since the last time."""
        from normalizer.files import write_text

        if self._stamp is not None and self._stamp != _stamp(self.path):
            raise InputError(
                f"{self.path}: changed by something else since it was last saved; is a second review open?"
            )
        write_text(self.path, "".join(_file(map(self._dump, decisions.documents), decisions.never_again)))
        self._stamp = _stamp(self.path)

    def _dump(self, document: ReviewedDocument) -> str:
        known, content, lines = self._cache.get(document.path, (None, "", []))
        if known is not document:
            before = known.edits if known is not None else ()
            if len(before) == len(document.edits):
                lines = [
                    line if old is new else _json(new.to_dict())
                    for old, new, line in zip(before, document.edits, lines, strict=True)
                ]
            else:
                lines = [_json(reviewed.to_dict()) for reviewed in document.edits]
            content = _document(document, lines)
            self._cache[document.path] = document, content, lines
        return content


def _file(documents: Iterable[str], never_again: Sequence[NeverAgain]) -> Iterator[str]:
    yield f'{{"version": {VERSION}, "documents": [\n'
    yield from (f"{part}\n" for part in _separated(documents))
    if never_again:
        yield '], "never_again": [\n'
        yield from (f"{part}\n" for part in _separated(_json(rule.to_dict()) for rule in never_again))
    yield "]}\n"


def _document(document: ReviewedDocument, edits: Iterable[str]) -> str:
    head = {"path": document.path, "sha256": document.sha256, "encoding": document.encoding}
    body = ",\n".join(edits)
    return f'{_json(head)[:-1]}, "edits": [\n{body}\n]}}'


def _separated(parts: Iterable[str]) -> Iterator[str]:
    last: str | None = None
    for part in parts:
        if last is not None:
            yield f"{last},"
        last = part
    if last is not None:
        yield last


def _never_again(records: Iterable[dict[str, Any]]) -> tuple[NeverAgain, ...]:
    names = ("original", "replacement", "path", "reviewer", "decided")
    rules = (NeverAgain(**{name: record[name] for name in names if name in record}) for record in records)
    return tuple(dict.fromkeys(rules))


def _validate(data: object, name: str) -> None:
    import fastjsonschema

    schema = json.loads((Path(__file__).parent / "schemas" / "decisions.schema.json").read_text(encoding="utf-8"))
    try:
        fastjsonschema.compile(schema, use_default=False)(data)
    except fastjsonschema.JsonSchemaValueException as error:
        at = error.name or "data"
        place, problem = at.removeprefix("data").removeprefix("."), error.message.removeprefix(at).strip()
        if error.rule == "required":
            problem = f"lacks {', '.join(key for key in error.rule_definition if key not in error.value)}"
        elif error.rule == "not":
            problem = "has a text, which goes with the decision 'corrected' only"
        raise InputError(f"{name}: {place or 'the file'} {problem}") from error


def _json(value: object) -> str:
    # A lone surrogate (a file name that is not UTF-8) has no place in UTF-8, but JSON can escape it.
    return _SURROGATE.sub(lambda m: f"\\u{ord(m.group()):04x}", json.dumps(value, ensure_ascii=False))


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file is written; empty when there is none."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino


def _short(text: str, limit: int = 40) -> str:
    return repr(text if len(text) <= limit else text[: limit - 1] + "…")
