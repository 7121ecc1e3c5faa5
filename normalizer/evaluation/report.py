"""The result of an evaluation, as a table or as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from normalizer.evaluation.calibration import Judged, expected_calibration_error, reliability
from normalizer.evaluation.damage import Damage
from normalizer.evaluation.scoring import Score, total

_COLUMNS = ("slots", "repaired", "edits", "right", "wrong", "stray", "precision", "recall", "f0.5")


@dataclass(frozen=True)
class Evaluation:
    """Scores by gold file, the judged edits of all, and the damage when clean text was given too."""

    scores: Mapping[str, Score]
    judged: tuple[Judged, ...]
    damage: Damage | None = None

    @property
    def score(self) -> Score:
        """All files together."""
        return total(self.scores.values())

    @property
    def figures(self) -> dict[str, float]:
        """The figures that can be pinned, by name."""
        figures: dict[str, float] = {}
        if self.scores:
            score = self.score
            figures |= {"precision": score.precision, "recall": score.recall, "f0.5": score.f_half}
            figures["ece"] = expected_calibration_error(self.judged)
        if self.damage is not None:
            figures["damage"] = self.damage.per_10_000_words
        return figures

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain data."""
        document: dict[str, Any] = {
            "version": 1,
            "figures": {name: round(value, 4) for name, value in self.figures.items()},
            "total": self.score.to_dict(),
            "files": [{"path": path, **score.to_dict()} for path, score in self.scores.items()],
            "reliability": [asdict(b) for b in reliability(self.judged)],
        }
        if self.damage is not None:
            document["clean"] = asdict(self.damage)
        return document

    def to_table(self) -> str:
        """The evaluation for people: a row for each file, the totals, calibration, damage."""
        rows: list[tuple[str, ...]] = [("gold", *_COLUMNS)]
        named = [*self.scores.items(), *([("total", self.score)] if len(self.scores) > 1 else [])]
        for name, score in named:
            values = score.to_dict()
            rows.append((name, *(f"{v:.4f}" if isinstance(v, float) else str(v) for v in map(values.get, _COLUMNS))))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
            if self.scores
        ]
        if self.scores:
            lines.append(f"expected calibration error {self.figures['ece']:.4f} over {len(self.judged)} edits")
        if self.damage is not None:
            d = self.damage
            lines.append(f"damage {d.per_10_000_words:.2f} lexical edits in 10,000 words ({d.edits} in {d.words})")
        return "\n".join(lines) + "\n"


def reliability_diagram(judged: Iterable[Judged], bins: int = 10, width: int = 40) -> str:
    """The reliability diagram as text: for each bin of equal size the mean confidence, the share of right edits, their
    number, and both shares as a bar: ``#`` up to the share that is right, ``|`` where the confidence is.

    >>> print(reliability_diagram([Judged(0.9, True), Judged(0.8, False)] * 5, bins=1, width=10), end="")
    confidence   right   edits  0        1
        0.8500  0.5000      10  #####   |
    """
    lines = [f"{'confidence':>10}  {'right':>6}  {'edits':>6}  0{' ' * (width - 2)}1"]
    for found in reliability(judged, bins):
        bar = ["#" if n < round(found.accuracy * width) else " " for n in range(width)]
        bar[min(width - 1, int(found.confidence * width))] = "|"
        lines.append(f"{found.confidence:10.4f}  {found.accuracy:6.4f}  {found.count:6}  {''.join(bar).rstrip()}")
    return "\n".join(lines) + "\n"
