"""Cutting a web archive into records, so that a broken record costs itself and not those behind it.

What is in a record is for warcio to read. Where the next one begins is told by its length; where that is lost, by the
next gzip member, or by the next line with the archive's version.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from normalizer.corpus.formats.lines import too_large

_VERSION = b"WARC/"
_LONGEST_LINE = 1 << 16
_LONGEST_HEAD = 1 << 20
_ROOM = 1 << 17
"""How much larger than its document a record may be: HTTP headers, transfer encoding."""


class Piece(NamedTuple):
    """A record as it stands, head and body; or a broken one, and what is wrong with it. Numbers count from 1."""

    number: int
    content: bytes
    problem: str | None = None


class CutOffError(Exception):
    """The archive ends in the middle of a record, the number of which is the argument."""


class Members(io.RawIOBase):
    """Decompresses gzip members. In front of a broken one the stream ends; ``resume`` goes on behind it.

    ``broken``: what is wrong where the stream has ended for now, None at its real end.
    """

    def __init__(self, below: IO[bytes]) -> None:
        self.below = below
        self.broken: str | None = None
        self._data = b""
        self._plain = memoryview(b"")
        self._member: zlib._Decompress | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into a buffer; 0 at the end, or in front of something broken."""
        while not self._plain:
            if self.broken is not None or not self._ready():
                return 0
            assert self._member is not None
            try:
                self._plain = memoryview(self._member.decompress(self._data, 1 << 18))
            except zlib.error as error:
                self._break(str(error))
                continue
            ended = self._member.eof
            self._data = self._member.unused_data if ended else self._member.unconsumed_tail
            self._member = None if ended else self._member
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def resume(self) -> bool:
        """Look for the next member behind something broken; False when there is none."""
        if self.broken is None:
            return False
        self._data = self._data[1:]
        while True:
            found = self._data.find(b"\x1f\x8b\x08")
            if found >= 0:
                self._data = self._data[found:]
                self.broken = None
                return True
            more = self.below.read(1 << 16)
            if not more:
                return False
            self._data = self._data[-2:] + more

    def _ready(self) -> bool:
        """Whether there is a member with something to decompress."""
        if not self._data:
            self._data = self.below.read(1 << 16)
        if self._member is None:
            self._data = self._data.lstrip(b"\0")  # padding of tapes and blocks
            if len(self._data) < 3:
                self._data += self.below.read(1 << 16)
            if self._data and not self._data.startswith(b"\x1f\x8b\x08"):
                self._break("no gzip header where one should be")
            else:
                self._member = zlib.decompressobj(31)
        elif not self._data:
            self._break("the data ends in the middle")
        return self.broken is None and bool(self._data)

    def _break(self, reason: str) -> None:
        self.broken = reason
        self._member = None


def pieces(stream: IO[bytes], members: Members | None, max_size: int) -> Iterator[Piece]:
    r"""The records of an archive. ``members``: what ``stream`` reads from, if that is gzip.

    A record of a document above ``max_size`` bytes counts as broken. Raises ``CutOffError`` where the archive ends too
    early, after what is whole.

    >>> record = b"WARC/1.0\r\nContent-Length: 2\r\n\r\nab\r\n\r\n"
    >>> archive = record + b"rubbish\r\n" + record
    >>> [(p.number, p.problem) for p in pieces(io.BytesIO(archive), None, 100)]
    [(1, None), (2, 'not a record of a web archive'), (3, None)]
    """
    number = 0
    line = _next_line(stream)
    while True:
        if not line:
            broken = members.broken if members else None
            if broken is None:
                return
            number += 1
            assert members is not None
            if not members.resume():
                raise CutOffError(number)
            yield Piece(number, b"", f"broken gzip data: {broken}")
            line = _next_line(stream)
            continue
        number += 1
        if not line.startswith(_VERSION):
            yield Piece(number, line[:1000], "not a record of a web archive")
            line = _next_version(stream)
            continue
        piece, whole = _record(stream, line, number, max_size)
        if whole:
            yield piece
            line = _next_line(stream)
        elif members is None or members.broken is None:
            if piece.problem is None:
                raise CutOffError(number)
            yield piece
            line = _next_version(stream)
        else:
            broken = members.broken
            if not members.resume():
                raise CutOffError(number)
            yield piece._replace(content=piece.content[:1000], problem=f"broken gzip data: {broken}")
            line = _next_line(stream)


def _record(stream: IO[bytes], first: bytes, number: int, max_size: int) -> tuple[Piece, bool]:
    """A record, and whether it could be read to its end."""
    head = first
    length: int | None = None
    while line := stream.readline(_LONGEST_LINE):
        head += line
        if not line.strip() or len(head) > _LONGEST_HEAD:
            break
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
    else:
        return Piece(number, head[:1000]), False
    if length is None:
        return Piece(number, head[:1000], "the record does not tell its length"), False
    body = stream.read(min(length, max_size + _ROOM))
    left = length - len(body)
    while left > 0 and (skipped := stream.read(min(left, 1 << 20))):
        left -= len(skipped)
    if left:
        return Piece(number, head[:1000]), False
    if len(body) < length:
        return Piece(number, head[:1000], too_large(length, max_size)), True
    return Piece(number, head + body), True


def _next_line(stream: IO[bytes]) -> bytes:
    """The next line that is not blank; empty at the end."""
    while line := stream.readline(_LONGEST_LINE):
        if line.strip():
            break
    return line


def _next_version(stream: IO[bytes]) -> bytes:
    """The next line that begins a record; empty at the end."""
    while line := stream.readline(_LONGEST_LINE):
        if line.startswith(_VERSION):
            break
    return line
