"""What a run counts. Counts add up in any order, so parts can be summed after an interruption."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from normalizer.restoration import Restoration

BINS = 10
PAIRS_PER_PART = 300
"""A part remembers its commonest pairs only, so the totals of rare pairs are lower bounds."""

_PARTICULAR = re.compile(r"(?<![\w-])(?:0x[0-9a-f]+|\d[\d.,]*\d|\d)")


@dataclass(slots=True)
class Statistics:
    """Counts of documents and edits. ``documents`` includes those with errors and those left out by a filter.

    ``confidence`` and ``spun_probability`` are histograms with ten bins of equal width from 0 to 1.

    >>> total = Statistics(documents=2)
    >>> total.add(Statistics(documents=1, errors=1))
    >>> total.documents, total.errors
    (3, 1)
    """

    documents: int = 0
    changed: int = 0
    spun: int = 0
    without_text: int = 0
    filtered: int = 0
    errors: int = 0
    edits: int = 0
    characters: int = 0
    input_bytes: int = 0
    confidence: list[int] = field(default_factory=lambda: [0] * BINS)
    spun_probability: list[int] = field(default_factory=lambda: [0] * BINS)
    engines: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def count(self, restoration: Restoration) -> None:
        """Count one restoration."""
        self.changed += bool(restoration.edits)
        self.spun += restoration.spun_probability >= 0.5
        self.edits += len(restoration.edits)
        self.characters += len(restoration.original)
        self.spun_probability[_bin(restoration.spun_probability)] += 1
        self.engines[restoration.engine] += 1
        for edit in restoration.edits:
            self.confidence[_bin(edit.confidence)] += 1
            self.kinds[edit.kind] += 1
            if len(edit.original) + len(edit.replacement) <= 100:
                self.pairs[f"{edit.original} → {edit.replacement}".lower()] += 1

    def fail(self, reason: str) -> None:
        """Count one error. Reasons are counted without what is particular to a document."""
        self.errors += 1
        self.reasons[" ".join(_PARTICULAR.sub("#", reason).split()[:12])] += 1
        self.reasons = Counter(dict(self.reasons.most_common(100)))

    def add(self, other: Statistics) -> None:
        """Add the counts of another part."""
        for name in ("documents", "changed", "spun", "without_text", "filtered", "errors", "edits", "characters"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.input_bytes += other.input_bytes
        self.confidence = [a + b for a, b in zip(self.confidence, other.confidence, strict=True)]
        self.spun_probability = [a + b for a, b in zip(self.spun_probability, other.spun_probability, strict=True)]
        self.engines.update(other.engines)
        self.kinds.update(other.kinds)
        self.pairs.update(other.pairs)
        self.reasons.update(other.reasons)
        if len(self.pairs) > 200_000:
            self.pairs = Counter(dict(_ranked(self.pairs)[:100_000]))

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain data, with the commonest pairs and reasons in order."""
        return {
            **{
                name: getattr(self, name)
                for name in (
                    "documents",
                    "changed",
                    "spun",
                    "without_text",
                    "filtered",
                    "errors",
                    "edits",
                    "characters",
                    "input_bytes",
                    "confidence",
                    "spun_probability",
                )
            },
            "engines": dict(_ranked(self.engines)),
            "kinds": dict(_ranked(self.kinds)),
            "pairs": dict(_ranked(self.pairs)[:PAIRS_PER_PART]),
            "reasons": dict(_ranked(self.reasons)[:100]),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Statistics:
        """The counts that ``to_dict`` wrote."""
        counters = {name: Counter(data[name]) for name in ("engines", "kinds", "pairs", "reasons")}
        return cls(**{**data, **counters})


def _bin(probability: float) -> int:
    return min(int(probability * BINS), BINS - 1)


def _ranked(counter: Counter[str]) -> list[tuple[str, int]]:
    """Items by count, then by name: the order does not depend on which part came first."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))
