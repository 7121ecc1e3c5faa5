"""Real disks that are full or read-only: small file systems in memory, where this process may mount them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import normalizer

Remount = Callable[[str], None]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Remount]]:
    """A file system of its own, and a way to change its options (``size=300k``, ``ro``)."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount command here")
    if done.returncode:
        pytest.skip("mounting a file system is not allowed here")

    def remount(options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)

    yield place, remount
    subprocess.run(["umount", str(place)], check=True)


def corpus(*arguments: object) -> subprocess.CompletedProcess[str]:
    package = str(Path(normalizer.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-m", "normalizer", "corpus", "-q", "--only", "encoding", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": package},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    lines = [{"id": n, "text": f"Document {n}. BrontÃ«. {'Words follow. ' * 10}"} for n in range(1500)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert 250_000 < path.stat().st_size < 350_000
    return path


@pytest.mark.parametrize(("size", "jobs"), [("0k", 1), ("8k", 1), ("100k", 1), ("300k", 2), ("400k", 1), ("560k", 1)])
def test_a_full_disk_loses_nothing(disk: tuple[Path, Remount], source: Path, size: str, jobs: int) -> None:
    """It fills up while parts are written, or while they are joined: with room again, --resume does the rest."""
    place, remount = disk
    assert corpus(source, source.with_name("whole.jsonl"), "--id-field", "id").returncode == 0
    (place / "other").touch()
    remount(f"size={'4k' if size == '0k' else size}")
    if size == "0k":
        (place / "other").write_bytes(b"x" * 4096)
    options = [source, place / "out.jsonl", "--id-field", "id", "--part-size", "20000", "--jobs", jobs]
    done = corpus(*options)
    assert done.returncode == 3
    assert "no space left on device. What is finished stays; make room or give access, then --resume" in done.stderr
    assert "Traceback" not in done.stderr
    left = {path.name for path in place.rglob("*") if path.is_file()}
    assert "out.jsonl" not in left
    assert not [name for name in left if name.endswith(".tmp")]
    remount("size=10m")
    (place / "other").unlink()
    done = corpus(*options, "--resume")
    assert (done.returncode, done.stderr) == (0, "")
    assert (place / "out.jsonl").read_bytes() == source.with_name("whole.jsonl").read_bytes()
    assert {path.name for path in place.iterdir()} == {"out.jsonl", "out.jsonl.report.json", "out.jsonl.report.txt"}


def test_a_read_only_disk_is_named(disk: tuple[Path, Remount], source: Path) -> None:
    place, remount = disk
    remount("ro")
    done = corpus(source, place / "out.jsonl")
    assert done.returncode == 3
    assert done.stderr.startswith(f"error: {place / 'out.jsonl'}")
    assert "could not be written: read-only file system. What is finished stays" in done.stderr
    (source.parent / "tree").mkdir()
    (source.parent / "tree" / "a.txt").write_text("BrontÃ«")
    done = corpus(source.parent / "tree", place)
    assert done.returncode == 3
    assert "read-only file system" in done.stderr
    remount("rw")
    assert corpus(source.parent / "tree", place).returncode == 0
    assert (place / "a.txt").read_text(encoding="utf-8") == "Brontë"
