"""The report of a run: JSON for programs, a summary with pictures for people."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from normalizer.corpus.duplicates import Duplicates
from normalizer.corpus.parts import write_file
from normalizer.corpus.statistics import BINS, Statistics
from normalizer.corpus.storage import is_url

BAR = 40


@dataclass(slots=True)
class Report:
    """What a finished run did. ``broken``: sources that ended early, and why; ``quarantine``: file of what failed."""

    output: str
    seconds: float
    statistics: Statistics
    broken: dict[str, str | None] = field(default_factory=dict)
    duplicates: Duplicates = field(default_factory=Duplicates)
    quarantine: str | None = None

    @property
    def exit_code(self) -> int:
        """3 when anything could not be processed or ids are not unique, otherwise 0."""
        return 3 if self.broken or self.statistics.errors or self.duplicates.documents else 0

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "output": self.output,
            "exit_code": self.exit_code,
            "seconds": self.seconds,
            **self.statistics.to_dict(),
            "broken": self.broken,
            "duplicate_ids": asdict(self.duplicates),
            "quarantine": self.quarantine,
        }

    def write(self) -> None:
        """Write the report beside the output, as JSON and as text. Raises ``OSError``."""
        path = report_path(self.output)
        write_file(path.with_suffix(".txt"), [self.summary().encode("utf-8", "backslashreplace")])
        data = json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
        write_file(path, [data.encode("utf-8", "backslashreplace")])

    @classmethod
    def read(cls, output: str) -> Report | None:
        """The report of a run that is finished, or None."""
        path = report_path(output)
        if not path.exists():
            return None
        data = json.loads(path.read_bytes())
        counts = {name: data[name] for name in Statistics().to_dict()}
        return cls(
            data["output"],
            data["seconds"],
            Statistics.from_dict(counts),
            data["broken"],
            Duplicates(**data["duplicate_ids"]),
            data["quarantine"],
        )

    def summary(self) -> str:
        """The report for people.

        >>> print(Report("out.jsonl", 2.0, Statistics(documents=4, spun=1, changed=1)).summary().splitlines()[0])
        out.jsonl: 4 documents in 2 s
        """
        counts = self.statistics
        lines = [f"{self.output}: {counted(counts.documents, 'document')} in {_time(self.seconds)}"]
        judged = sum(counts.spun_probability)
        if judged:
            lines += [
                "",
                f"spun      {_share(counts.spun, judged)}  {_bar(counts.spun, judged)}",
                f"restored  {_share(counts.changed, judged)}  {_bar(counts.changed, judged)}",
            ]
        if counts.edits:
            lines += ["", f"{counts.edits:,} edits, by the probability that they are right"]
            most = max(counts.confidence)
            for index, count in enumerate(counts.confidence):
                if count:
                    lines.append(f"  {index / BINS:.1f}–{(index + 1) / BINS:.1f}  {count:>10,}  {_bar(count, most)}")
            lines += ["", "commonest edits"]
            common = sorted(counts.pairs.items(), key=lambda item: (-item[1], item[0]))[:12]
            lines += [f"  {count:>10,}  {' '.join(pair.split())}" for pair, count in common]
        notes = []
        if counts.without_text:
            notes.append(f"{counts.without_text:,} without text")
        if counts.filtered:
            notes.append(f"{counts.filtered:,} left out by --filter")
        if notes:
            lines += ["", ", ".join(notes)]
        if counts.errors:
            place = f"; see {self.quarantine}" if self.quarantine else ""
            lines += ["", f"{counts.errors:,} could not be processed{place}"]
            reasons = sorted(counts.reasons.items(), key=lambda item: (-item[1], item[0]))[:5]
            lines += [f"  {count:>10,}  {reason}" for reason, count in reasons]
        if self.broken:
            lines += ["", f"{counted(len(self.broken), 'source')} could not be read to the end"]
            lines += [f"  {error}" for error in list(self.broken.values())[:10]]
        if self.duplicates.documents:
            lines += ["", f"{counted(self.duplicates.documents, 'document')} with an id that an earlier one has"]
            lines += [f"  {name}: {', '.join(places)}" for name, places in self.duplicates.examples.items()]
        return "\n".join(lines) + "\n"


def report_path(output: str) -> Path:
    """Where the report goes: beside an output file, into an output folder, into the working folder for a URL.

    >>> report_path("out.jsonl").name, report_path("s3://bucket/out.jsonl").name
    ('out.jsonl.report.json', 'out.jsonl.report.json')
    """
    return _beside(output, "report.json")


def quarantine_path(output: str) -> Path:
    """Where the documents go that could not be processed."""
    return _beside(output, "quarantine.jsonl")


def counted(count: int, noun: str) -> str:
    """A number and a noun.

    >>> counted(1, "document"), counted(1200, "document")
    ('1 document', '1,200 documents')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _beside(output: str, name: str) -> Path:
    if is_url(output):
        return Path(f"{output.rstrip('/').rsplit('/', 1)[-1]}.{name}")
    path = Path(output)
    if path.is_dir() or output.endswith("/"):
        return path / f"_{name}"
    return Path(f"{output}.{name}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:7.2%}"


def _bar(part: int, whole: int) -> str:
    filled = round(BAR * part / whole) if whole else 0
    return "█" * filled + "·" * (BAR - filled)


def _time(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return " ".join(f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if n) or "0 s"
