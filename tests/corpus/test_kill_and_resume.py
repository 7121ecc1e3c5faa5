"""A run that is killed again and again ends as one that was left alone. The long version is a benchmark."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from corpus_helpers import SPUN

import normalizer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX matter")


def start(arguments: list[str], folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(normalizer.__file__).parents[1])}
    command = [sys.executable, "-m", "normalizer", "corpus", "in.jsonl", *arguments]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finished_parts(folder: Path) -> int:
    """How many parts the manifest of the unfinished run holds."""
    manifest = folder / "out.jsonl.unfinished" / "manifest.jsonl"
    return manifest.read_bytes().count(b"\n") if manifest.exists() else 0


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_kill_and_resume(sent: signal.Signals, tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": f"Number {n}. {SPUN}"}) + "\n" for n in range(600)]
    (tmp_path / "in.jsonl").write_text("".join(lines[:300]) + "not JSON\n" + "".join(lines[300:]))
    options = ["--assume", "spun", "--part-size", "4000", "--jobs", "2", "--id-field", "id", "--edits-field", "edits"]
    assert start(["whole.jsonl", *options], tmp_path).wait(60) == 3
    chance = random.Random(7)
    kills = 0
    while True:
        process = start(["out.jsonl", *options, "--resume"], tmp_path)
        if kills < (3 if sent == signal.SIGKILL else 1):
            enough = finished_parts(tmp_path) + chance.randint(1, 8)
            while process.poll() is None and finished_parts(tmp_path) < enough:
                time.sleep(0.01)
            if process.poll() is None:
                process.send_signal(sent)
                kills += 1
        _, messages = process.communicate(timeout=60)
        assert b"Traceback" not in messages, messages.decode()
        assert process.returncode in (3, -signal.SIGKILL, 130, -signal.SIGINT)
        if process.returncode == 3:
            break
        assert not (tmp_path / "out.jsonl").exists()
    assert kills
    for suffix in ("", ".quarantine.jsonl"):
        assert (tmp_path / f"out.jsonl{suffix}").read_bytes() == (tmp_path / f"whole.jsonl{suffix}").read_bytes()
    reports = [json.loads((tmp_path / f"{name}.jsonl.report.json").read_text()) for name in ("whole", "out")]
    for report in reports:
        for particular in ("output", "seconds", "quarantine"):
            report.pop(particular)
    assert reports[0] == reports[1]
    assert not (tmp_path / "out.jsonl.unfinished").exists()
