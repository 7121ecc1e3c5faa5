"""Without the optional packages: what needs none works, and what needs one says which extra has it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from corpus_helpers import RunCorpus

from normalizer.corpus.ray_engine import ray_engine
from normalizer.errors import ConfigError

OPTIONAL = ("fsspec", "pyarrow", "pyarrow.parquet", "ray", "rich", "trafilatura", "warcio", "zstandard")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*OPTIONAL, *(module for module in sys.modules if module.split(".")[0] in OPTIONAL)):
        monkeypatch.setitem(sys.modules, name, None)


def test_json_lines_need_nothing(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    assert run_corpus(articles, tmp_path / "out.jsonl.gz").exit_code == 0


@pytest.mark.parametrize(
    ("source", "output", "package"),
    [
        ("a.parquet", "b.parquet", "pyarrow"),
        ("a.warc", "b.jsonl", "warcio"),
        ("articles.jsonl", "b.jsonl.zst", "zstandard"),
    ],
)
def test_the_extra_is_named(
    source: str, output: str, package: str, articles: Path, tmp_path: Path, run_corpus: RunCorpus
) -> None:
    (tmp_path / source).touch()
    with pytest.raises(ConfigError, match=rf"{package}; install normalizer\[corpus\]|{package}.*normalizer\[corpus\]"):
        run_corpus(tmp_path / source, tmp_path / output)
    assert not (tmp_path / f"{output}.unfinished").exists()


def test_ray_and_urls_are_named_too(tmp_path: Path, run_corpus: RunCorpus) -> None:
    with pytest.raises(ConfigError, match=r"normalizer\[ray\]"):
        ray_engine(None, 1)
    with pytest.raises(ConfigError, match=r"normalizer\[corpus\]"):
        run_corpus("s3://bucket/a.jsonl", tmp_path / "out.jsonl")
