"""Small data sets and a way to run over them, shared by the tests of corpora."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from corpus_helpers import SPUN, RunCorpus

from normalizer import Normalizer
from normalizer.corpus.progress import ignore
from normalizer.corpus.report import Report
from normalizer.corpus.run import Engine, Observer, Run, execute, local_engine, work_folder
from normalizer.corpus.settings import Settings
from normalizer.corpus.sources import find_sources
from normalizer.corpus.treatment import Treatment, Treatments

REPAIRS = Normalizer(only=["encoding"])
"""An engine whose edits are plain to see, and quick."""


@pytest.fixture(scope="session")
def engine() -> Normalizer:
    normalizer = Normalizer(assume="spun")
    normalizer.analyze("Loaded once.")
    return normalizer


@pytest.fixture(scope="session")
def restored(engine: Normalizer) -> str:
    text = engine.analyze(SPUN).restored
    assert text != SPUN
    return text


@pytest.fixture
def run_corpus() -> RunCorpus:
    def run(
        source: Path | str,
        output: Path | str,
        *,
        jobs: int = 1,
        form: str | None = None,
        output_form: str | None = None,
        resume: bool = False,
        overwrite: bool = False,
        normalizer: Normalizer = REPAIRS,
        execution: Engine | None = None,
        observer: Observer = ignore,
        **settings: Any,
    ) -> Report:
        sources = find_sources(str(source), str(output), form, output_form)
        single = sources[0].target == str(output) and not sources[0].tree
        work = work_folder(str(output), single=single)
        plan = Run(sources, str(output), Settings(**settings), Treatments(Treatment(normalizer)), work)
        return execute(plan, execution or local_engine(jobs), observer, resume=resume, overwrite=overwrite)

    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A hundred short documents, every second one with something to restore."""
    path = tmp_path / "articles.jsonl"
    lines = [
        {"id": f"d{n}", "text": f"Document {n}. " + ("BrontÃ«." if n % 2 else "Fine."), "n": n} for n in range(100)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path
