"""Ids that occur more than once, found in bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

IDS_IN_MEMORY = 50_000
BUCKETS = 128
EXAMPLES = 10


@dataclass(slots=True)
class Duplicates:
    """How many documents have an id that an earlier one has, and where the first few of those ids occur."""

    documents: int = 0
    examples: dict[str, list[str]] = field(default_factory=dict)


def find_duplicates(paths: Iterable[Path], documents: int, folder: Path, in_memory: int = IDS_IN_MEMORY) -> Duplicates:
    """Search lines ``{"id": …, "at": place}`` for repeated ids; ``folder`` takes temporary files.

    At most about ``in_memory`` ids are held at a time (150 bytes each), or 1/128 of them if that is more.
    """
    files = list(paths)
    if not files:
        return Duplicates()
    count = documents // in_memory + 1
    if count > 1:
        files = _scatter(files, min(count, BUCKETS), folder)
    repeated = 0
    shown: set[str] = set()
    seen: set[bytes] = set()
    for path in files:
        if count > 1:
            seen.clear()
        with path.open("rb") as file:
            for line in file:
                identifier = json.loads(line)["id"]
                key = _digest(identifier)
                if key in seen:
                    repeated += 1
                    if len(shown) < EXAMPLES:
                        shown.add(identifier)
                seen.add(key)
    return Duplicates(repeated, _places(files, shown) if shown else {})


def _places(files: Iterable[Path], identifiers: set[str]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {identifier: [] for identifier in sorted(identifiers)}
    for path in files:
        with path.open("rb") as file:
            for line in file:
                entry = json.loads(line)
                if entry["id"] in identifiers and len(places[entry["id"]]) < EXAMPLES:
                    places[entry["id"]].append(entry["at"])
    return places


def _scatter(files: Iterable[Path], count: int, folder: Path) -> list[Path]:
    """Sort lines into ``count`` files, so that equal ids are in the same one."""
    paths = [folder / f"bucket-{number:03d}" for number in range(count)]
    with ExitStack() as stack:
        buckets = [stack.enter_context(path.open("wb")) for path in paths]
        for path in files:
            with path.open("rb") as file:
                for line in file:
                    buckets[int.from_bytes(_digest(json.loads(line)["id"]), "big") % count].write(line)
    return paths


def _digest(identifier: str) -> bytes:
    return blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=12).digest()
