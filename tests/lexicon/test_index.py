"""The index gives what the channel file itself gives, and a stale one counts for nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from normalizer.channel import Channel, longest_by_start, read_lines
from normalizer.lexicon.index import index_path, read_index, write_index
from normalizer.resources import lexicon_path

LINES = (
    "a\t0.5\t0\t1",
    "on the edge of\t0\t3\t0.1\tat the edge of {fingerprint}\t0.5\t0.9",
    "café\t0\t1\t0.5\tcoffee house\t0.2\t0.5",
    "on the edge of town\t0\t3\t0.1\toutside\t0.5\t0.9",
)


@pytest.fixture
def channel(tmp_path: Path) -> Path:
    path = tmp_path / "channel.tsv"
    path.write_text("\n".join(["# normalizer channel 2", *LINES, ""]), encoding="utf-8")
    return path


def test_the_same_entries_with_and_without(channel: Path) -> None:
    plain = Channel([channel])
    write_index(channel, longest_by_start(plain.surfaces()))
    assert read_index(channel) is not None
    indexed = Channel([channel])
    assert list(indexed.surfaces()) == list(plain.surfaces())
    assert [indexed.get(surface) for surface in plain.surfaces()] == [plain.get(s) for s in plain.surfaces()]
    assert indexed.fingerprints == plain.fingerprints == {"on the edge of"}
    assert indexed.line("café") == plain.line("café") == LINES[2]
    extended = indexed.extended({"on the edge of": "on the edge of\t0\t1\t1"})
    assert not extended.fingerprints


def test_a_stale_index_counts_for_nothing(channel: Path) -> None:
    write_index(channel, {})
    channel.write_text(channel.read_text(encoding="utf-8").replace("0.9", "0.8"), encoding="utf-8")
    assert read_index(channel) is None
    entry = Channel([channel]).get("on the edge of")
    assert entry is not None
    assert entry.candidates[0].share == 0.8


@pytest.mark.parametrize(
    "broken", [b"", b"nonsense", b'{"version": 1}\n', b'{"version": 9, "of": [], "lengths": []}\n']
)
def test_a_broken_index_counts_for_nothing(channel: Path, broken: bytes) -> None:
    index_path(channel).write_bytes(broken)
    assert read_index(channel) is None
    assert len(Channel([channel])) == len(LINES)


@pytest.mark.parametrize("name", ["channel.tsv", "thesaurus.tsv"])
def test_the_shipped_indexes_belong_to_their_files(name: str, tmp_path: Path) -> None:
    path = lexicon_path("en") / name
    index = read_index(path)
    assert index is not None, f"run: python -m normalizer.lexicon.compile {path.parent}"
    assert list(index.offsets) == list(read_lines(path))
    copy = Path(shutil.copy(path, tmp_path))
    assert read_index(copy) is None
    assert index.longest == longest_by_start(read_lines(copy))
