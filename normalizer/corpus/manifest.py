"""The manifest of a run: an append-only file that says what is finished, so that a run can be resumed."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from normalizer.corpus.parts import Part, part_stem
from normalizer.corpus.records import START, Position
from normalizer.corpus.statistics import Statistics
from normalizer.errors import ConfigError, InputError

VERSION = 2


@dataclass(slots=True)
class Progress:
    """How far a source is: its finished parts, the furthest of them, and whether (and why) it has ended."""

    done: set[int] = field(default_factory=set)
    end: Position = START
    taken: int | None = None
    last: bool = False
    error: str | None = None
    documents: int = 0


@dataclass
class Manifest:
    """The finished parts of a run, in ``folder``. ``delivered``: targets that are complete and in their place."""

    folder: Path
    total: Statistics = field(default_factory=Statistics)
    progress: defaultdict[int, Progress] = field(default_factory=lambda: defaultdict(Progress))
    delivered: set[str] = field(default_factory=set)

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / "manifest.jsonl"

    def begin(self, plan: dict[str, Any]) -> None:
        """Start a manifest for a new run. Raises ``OSError``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._append({"version": VERSION, "plan": plan})

    def resume(self, plan: dict[str, Any]) -> None:
        """Read what an interrupted run has finished.

        Raises ``ConfigError`` when that run had other inputs or settings, ``InputError`` when the file is damaged.
        """
        whole = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):  # cut off in the middle of writing it: that part is not finished
                    break
                try:
                    entry = json.loads(line)
                except ValueError as error:
                    raise InputError(f"{self.path}:{number}: damaged; start again with --overwrite") from error
                whole += len(line)
                if number == 1:
                    self._check(entry, plan)
                elif "delivered" in entry:
                    self.delivered.add(entry["delivered"])
                else:
                    self._count(Part.from_dict(entry))
        os.truncate(self.path, whole)
        if not whole:
            self.begin(plan)

    def _check(self, first: dict[str, Any], plan: dict[str, Any]) -> None:
        if first.get("version") != VERSION:
            raise ConfigError(f"{self.path} was written by another version; start again with --overwrite")
        _compare(first["plan"], json.loads(json.dumps(plan)))

    def add(self, part: Part) -> None:
        """Declare a part finished. Raises ``OSError``."""
        self._append(part.to_dict())
        self._count(part)

    def deliver(self, target: str) -> None:
        """Declare a target complete. Raises ``OSError``."""
        self._append({"delivered": target})
        self.delivered.add(target)

    @property
    def started(self) -> bool:
        """Whether any part is finished."""
        return any(one.done for one in self.progress.values())

    @property
    def has_gaps(self) -> bool:
        """Whether a part is finished before an earlier one of its source."""
        return any(one.done and max(one.done) >= len(one.done) for one in self.progress.values())

    def files(self, source: int, suffix: str) -> Iterator[Path]:
        """The files of a source's finished parts that end in ``suffix``, in order."""
        for index in sorted(self.progress[source].done):
            path = self.folder / f"{part_stem(source, index)}.{suffix}"
            if path.exists():
                yield path

    def _count(self, part: Part) -> None:
        progress = self.progress[part.source]
        progress.done.add(part.index)
        if part.end >= progress.end:
            progress.end, progress.taken = part.end, part.taken
        progress.last |= part.last
        progress.error = progress.error or part.error
        progress.documents += part.statistics.documents
        self.total.add(part.statistics)

    def _append(self, entry: dict[str, Any]) -> None:
        with self.path.open("ab") as file:
            file.write(json.dumps(entry, ensure_ascii=True).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _compare(before: dict[str, Any], now: dict[str, Any]) -> None:
    for name, value in now["settings"].items():
        if (old := before["settings"].get(name)) != value:
            raise ConfigError(
                f"the interrupted run had {name.replace('_', ' ')} {old!r}, this one has {value!r}; "
                "repeat its options, or start again with --overwrite"
            )
    if before["sources"] != now["sources"]:
        raise ConfigError("the inputs have changed since the interrupted run; start again with --overwrite")
