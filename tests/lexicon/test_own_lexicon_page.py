"""docs/own-lexicon.md shows what happens: its table, its text and its diff belong together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import normalizer
from normalizer import Normalizer
from normalizer.lexicon.frequency import load_frequencies
from normalizer.lexicon.lint import lint_table
from normalizer.lexicon.table import load_table

PAGE = Path(normalizer.__file__).parents[1] / "docs" / "own-lexicon.md"


def block(language: str) -> str:
    if not PAGE.exists():
        pytest.skip("needs docs/own-lexicon.md, which only a checkout has")
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text(block("tsv"), encoding="utf-8")
    assert len(load_table(table).rows) == 10
    assert Normalizer(lexicons=[table]).analyze(block("text")).diff("news.txt") == block("diff")


def test_the_example_table_is_clean(tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text(block("tsv"), encoding="utf-8")
    assert lint_table(load_table(table), load_frequencies()) == []
