from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import LexiconError
from normalizer.lexicon.numbers import read_numbers
from normalizer.lexicon.table import read_table
from normalizer.resources import lexicon_path


@pytest.mark.parametrize("path", sorted(lexicon_path("en/tables").glob("*.tsv")), ids=lambda p: p.name)
def test_shipped_tables_are_well_formed(path: Path) -> None:
    rows = list(read_table(path))
    assert len(rows) > 100
    assert not [row for row in rows if row.canonical in [variant.text for variant in row.variants]]


def test_numbers_have_a_floor() -> None:
    numbers = read_numbers(lexicon_path("en/numbers.tsv"))
    assert numbers["1"] > numbers["2016"] > numbers[""] > 0


def test_a_broken_number_is_named(tmp_path: Path) -> None:
    path = tmp_path / "numbers.tsv"
    path.write_text("1\t0.1\n2\tx\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"numbers\.tsv:2"):
        read_numbers(path)
