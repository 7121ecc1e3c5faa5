"""What an analysis returns: the edits, the document's state, and views of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from typing import Any, Literal

from normalizer.edits import Edit, apply_edits

Engine = Literal["none", "replaces-all", "keeps-some", "thesaurus", "tortured"]
"""The kind of spinner: one that replaces every word it knows, one that keeps some, a plain thesaurus, one that only
left tortured terms ("counterfeit consciousness") in an otherwise clean text, or none."""

Verdict = Literal["spun", "clean", "too-short"]
"""``too-short``: fewer than 40 words, or evidence that does not decide; nobody should act on it."""

FEWEST_WORDS = 40
"""A text with fewer words is too short to tell."""

UNDECIDED = (0.1, 0.9)
"""Probabilities between these do not decide."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of evidence.

    ``text`` is the surface, ``reason`` a sentence, ``weight`` its weight of evidence for spun text (natural log, all
    occurrences together), ``places`` the first occurrences (start and end in code points of the text that was judged).
    """

    text: str
    reason: str
    weight: float
    places: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        places = [{"start": start, "end": end} for start, end in self.places]
        return {"text": self.text, "reason": self.reason, "weight": round(self.weight, 2), "places": places}


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences (code points, end exclusive) that are all likely or all unlikely to be spun."""

    start: int
    end: int
    spun_probability: float

    def to_dict(self) -> dict[str, Any]:
        """The passage as plain data."""
        return {"start": self.start, "end": self.end, "spun_probability": round(self.spun_probability, 4)}


@dataclass(frozen=True)
class Detection:
    """How likely a document is spun (probability), by what kind of engine, and on what evidence.

    ``findings`` is the strongest evidence, ``passages`` cut the text into spun and clean parts, ``garbled`` is the
    estimated share of the words that a spinner wrote (0 unless spun), ``words`` the number of words, ``log_odds`` the
    natural log-odds of being spun, for ranking where probabilities are all 0 or 1.
    """

    spun_probability: float
    engine: Engine
    findings: tuple[Finding, ...] = ()
    passages: tuple[Passage, ...] = ()
    garbled: float = 0.0
    words: int = 0
    log_odds: float = -inf

    @property
    def evidence(self) -> tuple[str, ...]:
        """The strongest evidence, as sentences."""
        return tuple(finding.reason for finding in self.findings)

    @property
    def verdict(self) -> Verdict:
        """What to make of the probability.

        >>> Detection(0.97, "replaces-all", words=300).verdict, Detection(0.97, "replaces-all", words=20).verdict
        ('spun', 'too-short')
        """
        low, high = UNDECIDED
        if self.words < FEWEST_WORDS or low < self.spun_probability < high:
            return "too-short"
        return "spun" if self.spun_probability >= high else "clean"

    def moved(self, start: Callable[[int], int], end: Callable[[int], int]) -> Detection:
        """The detection with all places mapped by two functions, for starts and for ends."""
        return replace(
            self,
            findings=tuple(replace(f, places=tuple((start(a), end(b)) for a, b in f.places)) for f in self.findings),
            passages=tuple(replace(p, start=start(p.start), end=end(p.end)) for p in self.passages),
        )

    def to_dict(self) -> dict[str, Any]:
        """The detection as plain data."""
        return {
            "spun_probability": round(self.spun_probability, 4),
            "verdict": self.verdict,
            "engine": self.engine,
            "garbled": round(self.garbled, 4),
            "words": self.words,
            "evidence": list(self.evidence),
            "findings": [finding.to_dict() for finding in self.findings],
            "passages": [passage.to_dict() for passage in self.passages],
        }


def joined(parts: Sequence[Detection]) -> Detection:
    """One detection for a text that was judged in parts: as likely spun as its likeliest part.

    >>> parts = Detection(0.0, "none", words=90), Detection(1.0, "replaces-all", garbled=0.3, words=30)
    >>> whole = joined(parts)
    >>> whole.engine, whole.words, round(whole.garbled, 3)
    ('replaces-all', 120, 0.075)
    """
    likeliest = max(parts, key=lambda part: (part.log_odds, part.spun_probability))
    words = sum(part.words for part in parts)
    return replace(
        likeliest,
        passages=tuple(passage for part in parts for passage in part.passages),
        garbled=sum(part.garbled * part.words for part in parts) / max(1, words),
        words=words,
    )


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
