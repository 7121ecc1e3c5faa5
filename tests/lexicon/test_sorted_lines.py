"""A sorted file gives, group by group, what reading it whole gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.channel import Channel, read_lines
from normalizer.errors import LexiconError
from normalizer.lexicon.numbers import open_values, read_values
from normalizer.lexicon.sorted_lines import SORTED, Groups, SortedLines, beginning, read_sorted
from normalizer.resources import lexicon_path

LINES = (
    "a\t0.5\t0\t1",
    "café\t0\t1\t0.5\tcoffee house\t0.2\t0.5",
    "on the edge of\t0\t3\t0.1\tat the edge of {fingerprint}\t0.5\t0.9",
    "on the edge of town\t0\t3\t0.1\toutside\t0.5\t0.9",
)
SHIPPED = ("channel.tsv", "thesaurus.tsv", "thesaurus-weights.tsv", "topics.tsv")


def channel(folder: Path, *head: str, lines: tuple[str, ...] = LINES) -> Channel:
    path = folder / "channel.tsv"
    path.write_text("\n".join(["# normalizer channel 2", *head, *lines, ""]), encoding="utf-8", newline="")
    return Channel([path])


def test_the_same_entries_read_whole_and_group_by_group(tmp_path: Path) -> None:
    plain = channel(tmp_path)
    surfaces = list(plain.surfaces())
    entries = [plain.get(surface) for surface in surfaces]
    grouped = channel(tmp_path, SORTED)
    assert list(grouped.surfaces()) == surfaces
    assert [grouped.get(surface) for surface in surfaces] == entries
    assert grouped.fingerprints == plain.fingerprints == {"on the edge of"}
    assert grouped.line("café") == plain.line("café") == LINES[1]
    assert len(grouped) == len(plain) == len(LINES)
    assert "on" not in grouped
    extended = grouped.extended({"on the edge of": "on the edge of\t0\t1\t1", "brand new": "brand new\t0\t1\t1"})
    assert not extended.fingerprints
    assert "brand new" in extended
    assert "brand new" not in grouped


word = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=6).filter(
    lambda text: not text.startswith("#") and len(text.split()) == 1
)
surface = st.lists(word, min_size=1, max_size=3).map(" ".join)


@given(st.sets(surface, max_size=40), surface)
def test_every_line_is_in_its_group(surfaces: set[str], other: str) -> None:
    lines = sorted(f"{text}\t1" for text in sorted(surfaces))
    found = SortedLines("\n".join([SORTED, *lines, ""]).encode(), "example.tsv")
    assert list(found) == lines
    for text in {*surfaces, other}:
        wanted = [line for line in lines if beginning(line.partition("\t")[0]) == beginning(text)]
        assert found.group(beginning(text)) == wanted


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_files_keep_their_promise(name: str) -> None:
    lines = read_sorted(lexicon_path("en") / name)
    assert lines is not None
    encoded = [line.encode() for line in lines]
    assert encoded == sorted(encoded)
    surfaces = [line.partition("\t")[0] for line in lines]
    assert len(set(surfaces)) == len(surfaces)


def test_the_shipped_channel_reads_the_same_both_ways() -> None:
    path = lexicon_path("en") / "channel.tsv"
    assert list(Channel([path]).surfaces()) == list(read_lines(path))


def test_values_read_the_same_both_ways() -> None:
    path = lexicon_path("en") / "thesaurus-weights.tsv"
    assert dict(open_values(path)) == read_values(path)


@pytest.mark.parametrize("content", ["a\t1\n", "# nothing of the kind\na\t1\n", "# sorted\r\na\t1\r\n", ""])
def test_other_files_are_read_whole(content: str, tmp_path: Path) -> None:
    path = tmp_path / "values.tsv"
    path.write_text(content, encoding="utf-8", newline="")
    assert read_sorted(path) is None
    assert dict(open_values(path)) == read_values(path)


def test_faults_have_a_place(tmp_path: Path) -> None:
    path = tmp_path / "values.tsv"
    path.write_bytes(b"# sorted\nabout\t1\nabove\tx\ncaf a\xff\t1\n")
    values = open_values(path)
    with pytest.raises(LexiconError, match=r"values\.tsv: 'x' is no number in the line of 'above'"):
        values.get("about")
    with pytest.raises(LexiconError, match=r"values\.tsv:4: not UTF-8"):
        values.get("caf")
    broken = channel(tmp_path, SORTED, lines=("a\t0.5",))
    with pytest.raises(LexiconError, match=r"channel\.tsv:3: the line of 'a' is malformed"):
        broken.get("a")


def test_groups_are_made_once_and_do_not_grow_without_end() -> None:
    asked: list[str] = []

    def make(name: str) -> str:
        asked.append(name)
        return name.upper()

    groups = Groups(make, most=3)
    assert [groups[name] for name in ("a", "b", "a", "c", "d")] == ["A", "B", "A", "C", "D"]
    assert asked == ["a", "b", "c", "d"]
    assert dict(groups) == {"d": "D"}
