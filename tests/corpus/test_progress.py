"""The progress bar: on a terminal only, and what it tells; the summary and its picture."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from corpus_helpers import SPUN, RunCorpus

import normalizer
from normalizer import Normalizer

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(normalizer.__file__).parents[1]), "TERM": "xterm", "COLUMNS": "160"}


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal is a POSIX matter")
def test_the_bar_on_a_terminal(articles: Path) -> None:
    pytest.importorskip("rich", reason="the progress bar needs the extra 'corpus'")
    pexpect = pytest.importorskip("pexpect", reason="terminals need the extra 'test'")
    arguments = ["-m", "normalizer", "corpus", "articles.jsonl", "out.jsonl", "--only", "encoding"]
    child = pexpect.spawn(
        sys.executable, arguments, cwd=str(articles.parent), env=ENVIRONMENT, encoding="utf-8", dimensions=(24, 160)
    )
    child.expect(pexpect.EOF, timeout=120)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", child.before)
    assert re.search(r"100% 100 documents [\d.]+ MB/s [\d.]+% spun 50 edits", shown)
    assert "out.jsonl: 100 documents in" in shown


def test_no_bar_without_a_terminal(articles: Path) -> None:
    command = [sys.executable, "-m", "normalizer", "corpus", "articles.jsonl", "out.jsonl", "--only", "encoding"]
    done = subprocess.run(command, cwd=articles.parent, env=ENVIRONMENT, capture_output=True, check=True)
    assert done.stdout == b""
    assert done.stderr.startswith(b"out.jsonl: 100 documents in")
    assert b"\x1b" not in done.stderr
    assert b"MB/s" not in done.stderr
    quiet = subprocess.run(
        [*command, "-q", "--overwrite"], cwd=articles.parent, env=ENVIRONMENT, capture_output=True, check=True
    )
    assert (quiet.stdout, quiet.stderr) == (b"", b"")


def test_the_report_and_its_picture(tmp_path: Path, run_corpus: RunCorpus, engine: Normalizer) -> None:
    lines = [json.dumps({"id": n % 3, "text": SPUN}) for n in range(4)]
    source = tmp_path / "a.jsonl"
    source.write_text("\n".join([*lines, "[]", '{"id": 9, "text": null}', "{"]) + "\n")
    report = run_corpus(source, tmp_path / "b.jsonl", normalizer=engine, id_field="id")
    data = json.loads((tmp_path / "b.jsonl.report.json").read_text(encoding="utf-8"))
    assert data == {**report.to_dict(), "seconds": data["seconds"]}
    edits = len(engine.analyze(SPUN).edits)
    assert (data["documents"], data["edits"], data["errors"], data["without_text"]) == (7, 4 * edits, 2, 1)
    assert sum(data["confidence"]) == 4 * edits
    assert data["duplicate_ids"] == {"documents": 1, "examples": {"0": [f"{source}:1", f"{source}:4"]}}
    text = (tmp_path / "b.jsonl.report.txt").read_text(encoding="utf-8")
    assert text == report.summary()
    most = max(data["confidence"])
    for index, count in enumerate(data["confidence"]):
        bar = re.search(rf"^  {index / 10:.1f}–{(index + 1) / 10:.1f} +{count}  (█*)·*$", text, re.MULTILINE)
        assert (len(bar[1]) if bar else 0) == (round(40 * count / most) if count else 0)
    assert re.search(r"^ +4  international → foreign$", text, re.MULTILINE)
    for line in ("1 without text", "2 could not be processed; see", "1 document with an id that an earlier one has"):
        assert line in text
