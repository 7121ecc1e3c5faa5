"""Parts: what a run has finished so far, on disk, and the manifest that says so.

A part is written under a temporary name, flushed to disk and renamed; then one line in the manifest declares it done.
Whatever the manifest does not name does not count: after a crash it is written again under the same name.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from normalizer.corpus.formats.text import Written
from normalizer.corpus.formats.warc import Page
from normalizer.corpus.records import Batch, Codec, Outcome, Position, Record
from normalizer.corpus.restore import Result
from normalizer.corpus.settings import Settings
from normalizer.corpus.sources import Source
from normalizer.corpus.statistics import Statistics
from normalizer.corpus.storage import compressor


@dataclass(slots=True)
class Part:
    """A line of the manifest: a finished stretch of a source.

    ``end``: where reading goes on; ``taken``: documents taken by the whole run up to here; ``last``: whether the source
    is finished, and ``error`` why it ended early.
    """

    source: int
    index: int
    end: Position
    taken: int
    last: bool
    error: str | None
    statistics: Statistics

    def to_dict(self) -> dict[str, Any]:
        """The part as plain data."""
        return {
            "source": self.source,
            "part": self.index,
            "end": list(self.end),
            "taken": self.taken,
            "last": self.last,
            "error": self.error,
            "statistics": self.statistics.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Part:
        """The part that ``to_dict`` wrote."""
        return cls(
            data["source"],
            data["part"],
            Position(*data["end"]),
            data["taken"],
            data["last"],
            data["error"],
            Statistics.from_dict(data["statistics"]),
        )


@dataclass
class PartWriter:
    """Collects results and writes them as one part into ``folder``."""

    folder: Path
    number: int
    """The source's place in the run."""
    source: Source
    codec: Codec | None
    settings: Settings
    index: int
    statistics: Statistics = field(default_factory=Statistics)
    payloads: list[bytes] = field(default_factory=list)
    quarantine: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)

    def add(self, batch: Batch, result: Result) -> None:
        """Add the results of a batch."""
        self.statistics.add(result.statistics)
        for record, outcome in zip(batch.records, result.outcomes, strict=True):
            if outcome.error is not None:
                self.quarantine.append(self._quarantined(record, outcome))
            if outcome.id is not None:
                self.ids.append(_line({"id": outcome.id, "at": f"{self.source.name}:{record.number}"}))
            if outcome.payload is None:
                continue
            if isinstance(outcome.payload, Written):
                write_file(Path(self.source.target) / outcome.payload.relative, [outcome.payload.content])
            else:
                self.payloads.append(outcome.payload)

    @property
    def full(self) -> bool:
        """Whether the part has reached its size."""
        return self.statistics.input_bytes >= self.settings.part_size

    def commit(self, end: Position, taken: int, *, last: bool, error: str | None = None) -> Part:
        """Write the part to disk and return what the manifest has to say about it. Raises ``OSError``."""
        stem = part_stem(self.number, self.index)
        if self.quarantine:
            write_file(self.folder / f"{stem}.quarantine", self.quarantine)
        if self.ids:
            write_file(self.folder / f"{stem}.ids", self.ids)
        if not self.source.tree:
            replace_file(self.folder / f"{stem}.data", self._write_lines)
        return Part(self.number, self.index, end, taken, last, error, self.statistics)

    def _write_lines(self, file: BinaryIO) -> None:
        header: bytes = getattr(self.codec, "header", b"") if self.index == 0 else b""
        with compressed(file, self.source.part_compression) as stream:
            stream.write(header + b"".join(self.payloads))

    def _quarantined(self, record: Record, outcome: Outcome) -> bytes:
        raw = record.raw
        if isinstance(raw, Page):
            raw = raw.content[:1000]
        elif isinstance(raw, tuple):
            raw = raw[2]
        place = {"source": self.source.name, "number": record.number, "id": outcome.id, "reason": outcome.error}
        if self.source.form == "text":
            place["source"] = record.raw.name
        if isinstance(raw, bytes):
            try:
                return _line({**place, "raw": raw.decode("utf-8")})
            except UnicodeDecodeError:
                return _line({**place, "raw_base64": base64.b64encode(raw).decode("ascii")})
        return _line({**place, "raw": raw if raw is None else str(raw)})


def part_stem(source: int, index: int) -> str:
    """The name of a part's files, without suffix.

    >>> part_stem(0, 12)
    '00000-0000012'
    """
    return f"{source:05d}-{index:07d}"


class compressed:  # noqa: N801 - reads like a function
    """A context in which what is written reaches ``file`` compressed; ``file`` stays open."""

    def __init__(self, file: BinaryIO, compression: str | None) -> None:
        self.file, self.compression = file, compression

    def __enter__(self) -> IO[bytes]:
        self.stream = compressor(self.file, self.compression)
        return self.stream

    def __exit__(self, *exception: object) -> None:
        if self.stream is not self.file:
            self.stream.close()


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file in one step, and see it on disk before returning. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, lambda file: file.writelines(pieces))


def replace_file(path: Path, write: Callable[[BinaryIO], Any]) -> None:
    """Write under a temporary name, flush to disk, rename. The name is fixed, so a crash leaves one file at most."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _line(data: dict[str, Any]) -> bytes:
    """A JSON line; lone surrogates are escaped."""
    return (json.dumps(data, ensure_ascii=True) + "\n").encode("ascii")
