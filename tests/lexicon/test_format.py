"""The table format: what it can say, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer import LexiconError
from normalizer.lexicon import table
from normalizer.lexicon.inflection import expand, expand_all
from normalizer.lexicon.table import (
    PARTS_OF_SPEECH,
    TIERS,
    Condition,
    Defaults,
    Row,
    Variant,
    format_row,
    format_table,
    load_table,
    parse_row,
    parse_table,
    read_table,
)


def test_a_row_with_everything() -> None:
    row = parse_row(
        "security guarantee\tn\tsafety ensures {fingerprint}|safety {0.3}\ttier=context\tnext=of,to\tprevious=a"
        "\twith=World Cup,treaty\twithout=airbag\tnote=a = b\tsource=own",
        "t.tsv:3",
        Defaults(domain="politics"),
    )
    assert row == Row(
        "security guarantee",
        "n",
        (Variant("safety ensures", None, "fingerprint"), Variant("safety", 0.3)),
        "context",
        Condition(("of", "to"), ("a",), ("World Cup", "treaty"), ("airbag",)),
        "a = b",
        "own",
        "politics",
        "t.tsv:3",
    )
    assert row.tiers == ("fingerprint", "context")
    assert row.weights == (1.0, 0.3)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("war\tn", "2 column"),
        ("war n conflict", "1 column"),
        ("war\tnoun\tconflict", "'noun' is no part of speech; use one of n, v"),
        ("war\tn\tconflict||", "empty"),
        ("\tn\tconflict", "empty"),
        ("war\tn\t", "empty"),
        ("war\tn\tconflict {sure}", "'sure' in the braces"),
        ("war\tn\tconflict {0}", "positive number"),
        ("war\tn\tconflict {inf}", "positive number"),
        ("war\tn\tconflict {spun context}", "at most one tier"),
        ("war\tn\tconflict {0.1 0.2}", "one weight"),
        ("war\tn\t{conflict}", "inside '{conflict}'"),
        ("war\tn\tcon{flict", "inside"),
        ("w{a}r\tn\tconflict", "inside"),
        ("war\tn\tconflict\ttier=maybe", "'maybe' is no tier; use one of fingerprint, spun"),
        ("war\tn\tconflict\tnear=peace", "'near=peace' is no attribute"),
        ("war\tn\tconflict\tsome words", "is no attribute"),
        ("war\tn\tconflict\tnext=", "no value"),
        ("war\tn\tconflict\tnext=a,,b", "empty word"),
        ("war\tn\tconflict\tnote=a\tnote=b", "stands twice"),
        ("war\tn\tconflict\twith=a,b\twithout=b", "could never hold"),
        ("war\tn\tcon\x00flict", "control character"),
    ],
)
def test_broken_rows_are_named(line: str, message: str) -> None:
    with pytest.raises(LexiconError, match=f"t.tsv:7: .*{message}"):
        parse_row(line, "t.tsv:7")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tx\tb\nc\tx\n", "t.tsv:2: 2 column"),
        ("a\tx\tb\n#! tier: report\n", "t.tsv:2: a default after the first entry"),
        ("#! tier: sure\n", "t.tsv:1: 'sure' is no tier"),
        ("#! tiers: spun\n", "t.tsv:1: .* sets no default"),
        ("#! tier\n", "t.tsv:1: .* sets no default"),
        ("#! note: a\n#! note: b\n", "t.tsv:2: the default note is set twice, first at t.tsv:1"),
        ("a\tx\tb {0.2}\n\na\tx\tb {0.3}\n", "t.tsv:3: 'a' -> 'b' contradicts t.tsv:1: spun 0.3 here, spun 0.2 there"),
        ("a\tx\tb\ttier=report\na\tx\tb\n", "t.tsv:2: .* contradicts t.tsv:1: spun here, report there"),
        ("a\tx\tb|b {report}\n", "t.tsv:1: .* contradicts t.tsv:1"),
    ],
)
def test_broken_tables_are_named(text: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        parse_table(text, "t.tsv")


def test_conditions_part_entries() -> None:
    parsed = parse_table("a\tx\tb {0.2}\tnext=c\na\tx\tb {0.3}\tnext=d\n")
    assert [row.weights for row in parsed.rows] == [(0.2,), (0.3,)]


def test_nothing_is_half_loaded(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("a\tx\tb\nbroken\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"t\.tsv:2"):
        read_table(path)  # not only when the second row is asked for


def test_files_that_are_no_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LexiconError, match="cannot be read"):
        read_table(tmp_path / "missing.tsv")
    with pytest.raises(LexiconError, match="cannot be read"):
        read_table(tmp_path)
    broken = tmp_path / "latin.tsv"
    broken.write_bytes("a\tx\tb\ncafé\tx\tbar\n".encode("latin-1"))
    with pytest.raises(LexiconError, match=r"latin\.tsv:2: not UTF-8 \(byte 0xe9 at offset 9\); save"):
        read_table(broken)
    huge = tmp_path / "huge.tsv"
    with huge.open("wb") as stream:
        stream.truncate(2 * 2**30)  # sparse: takes no room, and must not be read
    monkeypatch.setattr(Path, "open", None)
    with pytest.raises(LexiconError, match=r"huge\.tsv: 2,048 MiB, more than the 64 MiB"):
        read_table(huge)


def test_endless_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero here")
    monkeypatch.setattr(table, "LARGEST", 2**20)
    with pytest.raises(LexiconError, match="more than the 1 MiB"):
        read_table("/dev/zero")


def test_line_ends_and_byte_order_marks(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_bytes(b"\xef\xbb\xbfa\tx\tb\r\n\r\n# c\r\nd\tx\te\r\n")
    loaded = load_table(path)
    assert [(row.canonical, row.place) for row in loaded.rows] == [("a", f"{path}:1"), ("d", f"{path}:4")]
    assert format_table(loaded) == "a\tx\tb\n# c\nd\tx\te\n"


def test_defaults_fill_in_and_are_not_repeated() -> None:
    text = "# Money\n#! domain: finance\n#! tier: context\n#! source: own\n\nbond\tn\ttie|link {spun}\tsource=list\n"
    parsed = parse_table(text, "x.tsv")
    (row,) = parsed.rows
    assert (row.domain, row.tiers, row.source) == ("finance", ("context", "spun"), "list")
    assert format_table(parsed) == text


def test_the_domain_is_the_name_of_the_file() -> None:
    assert parse_table("a\tx\tb\n", "some/health.tsv").rows[0].domain == "health"


def test_weights_reach_the_channel() -> None:
    row = parse_row("war\tn\tconflict {0.25}|battle {fingerprint}\tnext=crime")
    assert [pair for pair in expand(row) if pair.canonical == "wars"] == [
        ("wars", "conflicts", 0.25, "spun", row.condition),
        ("wars", "battles", 0.5, "fingerprint", row.condition),
    ]
    again = parse_row("wars\tx\tbattles {2}")
    assert expand_all([row, again])["wars"] == {"conflicts": 0.25, "battles": 2.0}


WORDS = st.text("abcdefé 'A-1,=:#!", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
ITEMS = st.lists(st.text("abcé'", min_size=1, max_size=5), max_size=3).map(lambda items: tuple(sorted(set(items))))
VARIANTS = st.builds(
    Variant,
    WORDS,
    st.none() | st.sampled_from([0.001, 0.25, 1.0, 3.5]),
    st.none() | st.sampled_from(TIERS),
)
ROWS = st.builds(
    Row,
    canonical=WORDS.filter(lambda text: not text.startswith("#")),
    part_of_speech=st.sampled_from(PARTS_OF_SPEECH),
    variants=st.lists(VARIANTS, min_size=1, max_size=4, unique_by=lambda variant: variant.text).map(tuple),
    tier=st.sampled_from(TIERS),
    condition=st.builds(Condition, ITEMS, ITEMS, ITEMS).map(lambda found: found._replace(without=("zz",))),
    note=st.just("") | WORDS,
    source=st.just("") | WORDS,
    domain=st.just(""),
    place=st.just("line"),
)


@given(ROWS)
def test_what_is_written_reads_the_same(row: Row) -> None:
    assert parse_row(format_row(row)) == row


@given(st.lists(ROWS, max_size=6, unique_by=lambda row: row.key))
def test_the_canonical_form_is_stable(rows: list[Row]) -> None:
    once = format_table(parse_table("".join(f"{format_row(row)}\n" for row in rows)))
    assert format_table(parse_table(once)) == once


@pytest.mark.parametrize("text", ["a|b", "a{b}", "a\tb", "", " ", "a\nb"])
def test_what_has_no_room_is_refused(text: str) -> None:
    with pytest.raises(LexiconError):
        format_row(Row("a", "x", (Variant(text),)))
    with pytest.raises(LexiconError):
        format_row(Row(text, "x", (Variant("a"),)))


def test_a_canonical_cannot_be_a_comment() -> None:
    with pytest.raises(LexiconError, match="comment"):
        format_row(Row("#tag", "x", (Variant("a"),)))
