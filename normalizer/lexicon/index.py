"""The index of a compiled channel: where the line of every surface stands, so that none is read before it is needed.

``channel.index`` lies beside ``channel.tsv`` and belongs to just that file: it holds its size and checksum and counts
for nothing when they differ. Layout: one line of JSON, the surfaces (UTF-8, one a line), their offsets in bytes
(unsigned, 32 bits, little-endian), the first two words of the longer surfaces, the most words of each (one byte), and
the fingerprints.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

VERSION = 1

MARK = "{fingerprint"
"""What the line of a surface with a fingerprint holds."""


class Index(NamedTuple):
    """``offsets``: surface -> where its line begins in ``data`` (bytes); ``longest``: the first two words of surfaces
    of three or more, and the most words of those that begin with them; ``fingerprints``: the surfaces that have one.
    """

    offsets: dict[str, str | int]
    longest: dict[str, int]
    fingerprints: frozenset[str]
    data: bytes


def index_path(channel: Path) -> Path:
    """Where the index of a channel file is."""
    return channel.with_suffix(".index")


def read_index(channel: Path) -> Index | None:
    """The index of a channel file; ``None`` when there is none that belongs to it (then the file itself is read)."""
    try:
        data, packed = channel.read_bytes(), index_path(channel).read_bytes()
        head, _, body = packed.partition(b"\n")
        about = json.loads(head)
        if about["version"] != VERSION or about["of"] != _checksum(data):
            return None
        surfaces, offsets, starts, sizes, marked = _parts(body, about["lengths"])
        return Index(
            dict(zip(surfaces.decode("utf-8").split("\n"), _numbers(offsets), strict=True)),
            dict(zip(starts.decode("utf-8").split("\n"), sizes, strict=True)) if starts else {},
            frozenset(marked.decode("utf-8").split("\n")) if marked else frozenset(),
            data,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_index(channel: Path, longest: Mapping[str, int]) -> None:
    """Write the index of a channel file; ``longest`` as in ``Channel``."""
    from normalizer.files import write_bytes

    data = channel.read_bytes()
    offsets: dict[str, int] = {}
    marked: list[str] = []
    begin = 0
    for line in data.split(b"\n"):
        if line and not line.startswith(b"#"):
            surface = line.partition(b"\t")[0].decode("utf-8")
            offsets[surface] = begin
            if MARK.encode() in line:
                marked.append(surface)
        begin += len(line) + 1
    numbers = array("I", offsets.values())
    if sys.byteorder == "big":
        numbers.byteswap()
    parts = (
        "\n".join(offsets).encode("utf-8"),
        numbers.tobytes(),
        "\n".join(longest).encode("utf-8"),
        bytes(longest.values()),
        "\n".join(marked).encode("utf-8"),
    )
    head = json.dumps({"version": VERSION, "of": _checksum(data), "lengths": [len(part) for part in parts]})
    write_bytes(index_path(channel), b"\n".join([head.encode("ascii"), b"".join(parts)]))


def _checksum(data: bytes) -> list[int]:
    return [len(data), crc32(data)]


def _parts(body: bytes, lengths: list[int]) -> list[bytes]:
    parts, begin = [], 0
    for length in lengths:
        parts.append(body[begin : begin + length])
        begin += length
    return parts


def _numbers(data: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
