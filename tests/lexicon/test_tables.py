from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import LexiconError
from normalizer.lexicon.inflection import expand
from normalizer.lexicon.numbers import read_numbers
from normalizer.lexicon.table import parse_row, read_table
from normalizer.resources import lexicon_path


@pytest.mark.parametrize("path", sorted(lexicon_path("en/tables").glob("*.tsv")), ids=lambda p: p.name)
def test_shipped_tables_are_well_formed(path: Path) -> None:
    rows = list(read_table(path))
    assert len(rows) > 1000
    assert not [row for row in rows if row.canonical in [variant.text for variant in row.variants]]


def test_inflection_keeps_forms_together() -> None:
    pairs = {(a, b) for a, b, *_ in expand(parse_row("test\tv\ttake a look at"))}
    assert ("tested", "took a look at") in pairs or ("tested", "taken a look at") in pairs
    assert ("testing", "taking a look at") in pairs


def test_nouns_have_plurals() -> None:
    assert ("guarantees", "ensures") not in {(a, b) for a, b, *_ in expand(parse_row("guarantee\tn\twarranty"))}
    assert ("guarantees", "warranties") in {(a, b) for a, b, *_ in expand(parse_row("guarantee\tn\twarranty"))}


def test_numbers_have_a_floor() -> None:
    numbers = read_numbers(lexicon_path("en/numbers.tsv"))
    assert numbers["1"] > numbers["2016"] > numbers[""] > 0


def test_a_broken_number_is_named(tmp_path: Path) -> None:
    path = tmp_path / "numbers.tsv"
    path.write_text("1\t0.1\n2\tx\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"numbers\.tsv:2"):
        read_numbers(path)
