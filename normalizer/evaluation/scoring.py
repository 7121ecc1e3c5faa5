"""Precision, recall and F0.5 of a restored text against its gold annotation.

The figures are those of the reference scorer that the goldens come with: an edit outside of every slot is wrong, a run
of changed tokens is one edit, comparison ignores letter case except for a slot's first letter, and quote style.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from normalizer.errors import InputError
from normalizer.evaluation.alignment import align, fold
from normalizer.evaluation.gold import Gold, Slot, Tokens, tokenize, units


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of edits (right, wrong inside a slot, stray outside) and of slots that had to be repaired.

    ``notes`` tells every miss and every edit that is not right, one sentence each. Scores add up.
    """

    right: int = 0
    wrong: int = 0
    stray: int = 0
    required: int = 0
    repaired: int = 0
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def edits(self) -> int:
        """All edits that were made."""
        return self.right + self.wrong + self.stray

    @property
    def precision(self) -> float:
        """The share of edits that are right; 1 when none was made."""
        return self.right / self.edits if self.edits else 1.0

    @property
    def recall(self) -> float:
        """The share of required slots that were repaired; 1 when there is none."""
        return self.repaired / self.required if self.required else 1.0

    @property
    def f_half(self) -> float:
        """F0.5: the weighted harmonic mean that counts precision twice as much as recall."""
        p, r = self.precision, self.recall
        return 1.25 * p * r / (0.25 * p + r) if p + r else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right,
            self.wrong + other.wrong,
            self.stray + other.stray,
            self.required + other.required,
            self.repaired + other.repaired,
            self.notes + other.notes,
        )

    def to_dict(self) -> dict[str, Any]:
        """Counts and figures as plain data."""
        return {
            "slots": self.required,
            "repaired": self.repaired,
            "edits": self.edits,
            "right": self.right,
            "wrong": self.wrong,
            "stray": self.stray,
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f0.5": round(self.f_half, 4),
        }


def score_text(gold: Gold, restored: str, name: str = "gold") -> Score:
    """Score a whole restored text, paragraph by paragraph.

    Raises ``InputError`` when it has not as many lines as the gold file.

    >>> from normalizer.evaluation.gold import parse_gold
    >>> score = score_text(parse_gold("The [[safety->security]] [[pact->deal]]"), "The security pact")
    >>> score.precision, score.recall
    (1.0, 0.5)
    """
    lines, restored_lines = gold.text.splitlines(), restored.splitlines()
    if len(lines) != len(restored_lines):
        raise InputError(f"{name}: the restored text has {len(restored_lines)} lines, the gold {len(lines)}")
    return total(score_line(line, new) for line, new in zip(lines, restored_lines, strict=True))


def score_line(line: str, restored: str) -> Score:
    """Score one paragraph: ``line`` is gold text, with marks."""
    right = wrong = stray = required = repaired = 0
    notes: list[str] = []
    in_stray_run = False
    for unit, tokens in align(list(units(line)), tokenize(restored)):
        if not isinstance(unit, Slot):
            changed = unit is None or fold((unit,)) != fold(tokens)
            if changed:
                notes.append(f"stray: {_shown((unit,) if unit else ())} became {_shown(tokens)}")
            stray += changed and not in_stray_run
            in_stray_run = changed
            continue
        in_stray_run = False
        required += unit.required
        if fold(tokens) == fold(unit.source):
            if unit.required:
                notes.append(f"missed: {_shown(unit.source)}")
        elif _is_right(unit, tokens):
            right += 1
            repaired += unit.required
        else:
            wrong += 1
            notes.append(f"wrong: {_shown(unit.source)} became {_shown(tokens)}, not {_shown(unit.right[0])}")
    return Score(right, wrong, stray, required, repaired, tuple(notes))


def total(scores: Iterable[Score]) -> Score:
    """The sum of scores."""
    return sum(scores, Score())


def _is_right(slot: Slot, tokens: Tokens) -> bool:
    cased = not tokens or not slot.source or tokens[0][0].isupper() == slot.source[0][0].isupper()
    return cased and fold(tokens) in map(fold, slot.right)


def _shown(tokens: Tokens) -> str:
    return repr(" ".join(tokens))
