"""What an analysis returns: the edits, the document's state, and views of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from normalizer.edits import Edit, apply_edits

Engine = Literal["none", "replaces-all", "keeps-some", "thesaurus"]
"""The kind of spinner: one that replaces every word it knows, one that keeps some, a plain thesaurus, or none."""


@dataclass(frozen=True)
class Detection:
    """How likely a document is spun (probability), by what kind of engine, and on what evidence (sentences)."""

    spun_probability: float
    engine: Engine
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The detection as plain data."""
        return {
            "spun_probability": round(self.spun_probability, 4),
            "engine": self.engine,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True)
class Restoration:
    """A text, the edits that restore it, and those that were held back as too uncertain.

    ``edits`` and ``suggestions`` are in order and never overlap one another; all offsets are code points of
    ``original``.
    """

    original: str
    edits: tuple[Edit, ...]
    suggestions: tuple[Edit, ...] = ()
    detection: Detection = field(default_factory=lambda: Detection(0.0, "none"))

    @cached_property
    def restored(self) -> str:
        """The text with all ``edits`` applied."""
        return apply_edits(self.original, self.edits)

    @property
    def spun_probability(self) -> float:
        """The probability that the document is spun."""
        return self.detection.spun_probability

    @property
    def engine(self) -> Engine:
        """The kind of spinner that the document's state points to."""
        return self.detection.engine

    def apply(self, edits: Iterable[Edit]) -> str:
        """The text with only the given edits applied."""
        return apply_edits(self.original, edits)

    def diff(self, name: str = "text") -> str:
        """A unified diff from the original to the restored text; empty when nothing changes."""
        from normalizer.review.diff import unified_diff

        return unified_diff(self.original, self.restored, name)

    def to_dict(self) -> dict[str, Any]:
        """The restoration as plain data, as ``check --format json`` prints it."""
        return {
            "spun_probability": round(self.spun_probability, 4),
            "engine": self.engine,
            "edits": [edit.to_dict() for edit in self.edits],
            "suggestions": [edit.to_dict() for edit in self.suggestions],
        }
