"""Runs the golden cases: one JSON file each, through the real entry point in a process of its own.

Fields of a case: ``args``; ``stdin`` and ``files`` (path to content) to begin with; ``code`` (0), ``stdout`` and
``stderr`` (empty) to expect, or ``stdout_contains``, ``stderr_contains``, ``stdout_json``; ``after`` (path to content,
null for a file that must not be there). Content is text, or bytes as ``{"hex": "…"}``.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import normalizer

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
Content = str | dict[str, str]


def content(value: Content) -> bytes:
    return value.encode() if isinstance(value, str) else bytes.fromhex(value["hex"])


@cache
def cache_folder() -> str:
    """A cache folder for all cases, that nobody's own is touched."""
    folder = tempfile.mkdtemp(prefix="normalizer-cache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def environment() -> dict[str, str]:
    """An unfriendly one: no UTF-8 locale, and the package where it was imported from."""
    package = str(Path(normalizer.__file__).parents[1])
    unfriendly = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return {**os.environ, "PYTHONPATH": package, "XDG_CACHE_HOME": cache_folder(), **unfriendly}


def run(args: list[str], stdin: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "normalizer", *args],
        input=stdin,
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, tmp_path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name, text in case.get("files", {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content(text))
    done = run(case["args"], content(case.get("stdin", "")), tmp_path)
    stdout, stderr = done.stdout, done.stderr.decode(errors="replace")
    assert "Traceback" not in stderr, stderr
    if "stdout_json" in case:
        assert json.loads(stdout) == case["stdout_json"]
    elif "stdout_contains" in case:
        assert case["stdout_contains"].encode() in stdout
    else:
        assert stdout == content(case.get("stdout", ""))
    if "stderr_contains" in case:
        assert case["stderr_contains"] in " ".join(stderr.split())
    else:
        assert stderr == case.get("stderr", "")
    assert done.returncode == case.get("code", 0)
    for name, text in case.get("after", {}).items():
        if text is None:
            assert not (tmp_path / name).exists()
        else:
            assert (tmp_path / name).read_bytes() == content(text)
