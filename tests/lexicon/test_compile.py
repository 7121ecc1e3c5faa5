"""The compiled channel: a function of the tables and the learned weights, and the shipped one is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import LexiconError
from normalizer.channel import parse_line
from normalizer.language_model import LanguageModel
from normalizer.lexicon.compile import (
    LEARNED,
    check_compiled,
    compile_folder,
    compile_lines,
    read_learned,
    table_files,
    tables_hash,
    write_learned,
)
from normalizer.lexicon.inflection import expand
from normalizer.lexicon.table import parse_table
from normalizer.resources import MODEL, lexicon_path


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(lexicon_path("en") / MODEL)


def test_the_shipped_channel_belongs_to_the_shipped_tables() -> None:
    check_compiled(lexicon_path("en"))


def folder(tmp_path: Path, table: str, learned: str) -> Path:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "core.tsv").write_text(table, encoding="utf-8")
    (tmp_path / "plain.tsv").write_text(learned, encoding="utf-8")
    write_learned(tmp_path / LEARNED, tmp_path / "plain.tsv")
    (tmp_path / MODEL).symlink_to(lexicon_path("en") / MODEL)
    return tmp_path


LEARNED_LINES = """# normalizer channel 2
conflict\t0\t2\t0.2\twar\t0.5\t0.75\tquarrel\t0.01\t0.005
war\t0.9\t0\t1
warfare\t0\t3\t0.1\twar\t0.4\t0.5\tfight\t0.4\t0.4
"""


def test_compiling_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    place = folder(tmp_path, "war\tx\twarfare|conflict|battling\n", LEARNED_LINES)
    compile_folder(place)
    first = (place / "channel.tsv").read_bytes()
    check_compiled(place)
    compile_folder(place)
    assert (place / "channel.tsv").read_bytes() == first
    assert first.startswith(b"# normalizer channel 2\n# sorted\n# tables: ")


def test_a_channel_of_other_tables_is_named_with_what_to_do(tmp_path: Path) -> None:
    place = folder(tmp_path, "war\tx\twarfare\n", LEARNED_LINES)
    compile_folder(place)
    (place / "tables" / "core.tsv").write_text("war\tx\twarfare|conflict\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"run: python -m normalizer\.lexicon\.compile"):
        check_compiled(place)


def test_line_ends_do_not_matter(tmp_path: Path) -> None:
    place = folder(tmp_path, "war\tx\twarfare\npeace\tx\tcalm\n", LEARNED_LINES)
    before = tables_hash(place)
    (path,) = table_files(place)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert tables_hash(place) == before


def test_a_broken_table_leaves_the_channel_as_it_was(tmp_path: Path) -> None:
    place = folder(tmp_path, "war\tx\twarfare\n", LEARNED_LINES)
    compile_folder(place)
    before = (place / "channel.tsv").read_bytes()
    (place / "tables" / "core.tsv").write_text("war\tx\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"core\.tsv:1"):
        compile_folder(place)
    assert (place / "channel.tsv").read_bytes() == before


def test_what_was_learned_stays_and_the_rest_follows_the_tables(tmp_path: Path, model: LanguageModel) -> None:
    (tmp_path / "plain.tsv").write_text(LEARNED_LINES, encoding="utf-8")
    write_learned(tmp_path / LEARNED, tmp_path / "plain.tsv")
    table = "war\tx\twarfare {context}|conflict|battling\nquarrel\tx\tconflict\n"
    pairs = [pair for row in parse_table(table).rows for pair in expand(row)]
    lines = compile_lines(pairs, read_learned(tmp_path / LEARNED), model)
    entries = {entry.surface: entry for entry in map(parse_line, lines)}
    assert sorted(entries) == ["battling", "conflict", "war", "warfare"]
    (warfare,) = entries["warfare"].candidates  # "fight" is in no table any more
    assert (warfare.key, warfare.probability, warfare.tier) == ("war", 0.4, "context")
    assert entries["warfare"].gain == pytest.approx(3 * 0.5 / 0.9, abs=0.01)
    # The learning knew "quarrel", and that it explains next to nothing.
    assert [(c.key, c.probability, c.share) for c in entries["conflict"].candidates] == [("war", 0.5, 0.75)]
    (new,) = entries["battling"].candidates
    assert 0.0 < new.probability < 0.4
    assert entries["war"].replaced == 0.9


def test_no_learned_weights_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"normalizer\.learn\.build"):
        read_learned(tmp_path / LEARNED)
    (tmp_path / LEARNED).write_bytes(b"not xz")
    with pytest.raises(LexiconError, match="not xz-compressed"):
        read_learned(tmp_path / LEARNED)
