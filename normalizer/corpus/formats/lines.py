"""Cutting a byte stream into batches of records that end with a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from normalizer.corpus.records import LIMITS, Batch, Codec, Position, Record
from normalizer.corpus.storage import opened
from normalizer.errors import InputError

ReadRecord = Callable[[IO[bytes], int], tuple[bytes, int, int, str | None]]
"""Reads one record of at most so many bytes: the record, its size in bytes and lines, and what is wrong with it."""


def read_line(stream: IO[bytes], max_size: int) -> tuple[bytes, int, int, str | None]:
    """One line with its end. A longer one than ``max_size`` is skipped; what comes back is its beginning."""
    line = stream.readline(max_size + 1)
    if len(line) <= max_size or line.endswith(b"\n"):
        return line, len(line), 1, None
    size = len(line)
    while piece := stream.readline(1 << 20):
        size += len(piece)
        if piece.endswith(b"\n"):
            break
    return line[:1000], size, 1, too_large(size, max_size)


def too_large(size: int, max_size: int) -> str:
    """The reason for leaving out a document."""
    return f"the document has {size:,} bytes; the limit is {max_size:,} (--max-document-size)"


def read_batches(codec: Codec, name: str, max_size: int, start: Position, read: ReadRecord) -> Iterator[Batch]:
    """Batches of records from ``start`` on; blank lines between records are left out, but counted."""
    offset, number = start
    records: list[Record] = []
    size = 0
    failure: InputError | None = None
    try:
        with opened(name) as source:
            source.skip(offset)
            while True:
                raw, length, lines, problem = read(source.stream, max_size)
                if not raw:
                    break
                if problem or raw.strip():
                    records.append(Record(number + 1, raw, problem))
                size += length
                number += lines
                if size >= LIMITS.size or len(records) >= LIMITS.records:
                    offset += size
                    yield Batch(codec, records, Position(offset, number), size, source.consumed)
                    records, size = [], 0
            consumed = source.consumed
    except InputError as error:
        failure, consumed = error, 0
    if records or size:
        yield Batch(codec, records, Position(offset + size, number), size, consumed)
    if failure is not None:
        raise failure
