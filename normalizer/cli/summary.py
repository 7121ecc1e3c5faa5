"""What a run tells at its end, on standard error."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from normalizer.cli.options import EngineOptions
from normalizer.restoration import Restoration


@dataclass(slots=True)
class Summary:
    """Counts what a run did, restoration by restoration."""

    engine: EngineOptions
    files: int = 0
    changed: int = 0
    edits: int = 0
    held_back: int = 0
    least: float = 1.0

    def add(self, restoration: Restoration) -> None:
        """Count one restoration."""
        suggestions = [edit.confidence for edit in restoration.suggestions if edit.kind in self.engine.kinds]
        self.files += 1
        self.changed += bool(restoration.edits)
        self.edits += len(restoration.edits)
        self.held_back += len(suggestions)
        self.least = min([self.least, *suggestions])

    def hint(self) -> str:
        """How many suggestions were not applied, and the option that would apply them; empty when there are none."""
        if not self.held_back:
            return ""
        if self.engine.safe:
            return f"{number(self.held_back, 'edit')} held back by --safe; --no-safe includes the likely ones"
        least = floor(self.least * 100) / 100
        return f"{number(self.held_back, 'edit')} held back as too uncertain; --min-confidence {least:g} includes them"


def number(count: int, noun: str) -> str:
    """A count with its noun.

    >>> number(1, "edit"), number(2, "edit")
    ('1 edit', '2 edits')
    """
    return f"{count} {noun}" + ("" if count == 1 else "s")
