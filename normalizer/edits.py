"""Edits: the one record of what is changed, from which every output is made.

Applying all edits of an analysis gives the restored text, applying none gives the input, and any subset can be applied
or taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from normalizer.errors import EditError
from normalizer.lexicon.table import Tier

Kind = Literal["encoding", "spintax", "phrase", "word", "entity", "agreement", "markup"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LEXICAL_KINDS: frozenset[Kind] = frozenset({"phrase", "word", "entity", "agreement"})


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another replacement for the same span, with the probability that it is the right one."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Edit:
    """One change.

    ``start`` and ``end`` count Unicode code points of the original input, end exclusive. ``confidence`` is the
    probability (0 to 1) that the replacement is right. ``safe`` tells whether the edit belongs to the tier that
    ``--safe`` applies, ``tier`` how far the lexicon entry behind it may be trusted.

    >>> Edit(4, 9, "signal", "sign", "word", 0.98)
    Traceback (most recent call last):
    ...
    normalizer.errors.EditError: edit at 4-9 covers 5 code points, but its original 'signal' has 6
    """

    start: int
    end: int
    original: str
    replacement: str
    kind: Kind
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    evidence: tuple[str, ...] = ()
    safe: bool = False
    tier: Tier = field(default="spun", compare=False)

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.original) or self.start < 0:
            raise EditError(
                f"edit at {self.start}-{self.end} covers {self.end - self.start} code points, "
                f"but its original {self.original!r} has {len(self.original)}"
            )

    def to_dict(self) -> dict[str, Any]:
        """The edit as plain data, the same fields as in JSON output. Probabilities are rounded to 4 places.

        >>> Edit(0, 6, "signal", "sign", "word", 0.98765).to_dict()["confidence"]
        0.9877
        """
        return {
            "start": self.start,
            "end": self.end,
            "original": self.original,
            "replacement": self.replacement,
            "kind": self.kind,
            "confidence": round(self.confidence, 4),
            "alternatives": [{"text": a.text, "confidence": round(a.confidence, 4)} for a in self.alternatives],
            "evidence": list(self.evidence),
            "safe": self.safe,
        }


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits to the text they were made for.

    Raises ``EditError`` when edits overlap or the text is not the one that they describe. Edits may come in any order.

    >>> apply_edits("a modest doc", [Edit(9, 12, "doc", "document", "word", 0.9)])
    'a modest document'
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < done:
            raise EditError(f"edit at {edit.start}-{edit.end} overlaps the one before it")
        if text[edit.start : edit.end] != edit.original:
            raise EditError(f"edit at {edit.start}-{edit.end} expects {edit.original!r}; the text has changed")
        parts += text[done : edit.start], edit.replacement
        done = edit.end
    parts.append(text[done:])
    return "".join(parts)


def revert_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that undo ``edits``, with offsets that count in the edited text.

    >>> made = [Edit(9, 12, "doc", "document", "word", 0.9)]
    >>> apply_edits(apply_edits("a modest doc", made), revert_edits(made))
    'a modest doc'
    """
    undone: list[Edit] = []
    shift = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        start = edit.start + shift
        shift += len(edit.replacement) - len(edit.original)
        undone.append(
            Edit(start, start + len(edit.replacement), edit.replacement, edit.original, edit.kind, edit.confidence)
        )
    return tuple(undone)
