"""Lint: the shipped tables have no finding, every code is found where it belongs, and --fix leaves nothing fixable."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.lexicon.frequency import Frequencies, load_frequencies
from normalizer.lexicon.lint import CODES, Finding, fix_table, lint_table, lint_together, offensive_words
from normalizer.lexicon.table import Table, format_table, load_table, parse_table
from normalizer.resources import lexicon_path
from normalizer.text.tokens import words

TABLES = sorted(lexicon_path("en/tables").glob("*.tsv"))
CANDIDATES = sorted(lexicon_path("candidates").glob("*.tsv"))


@pytest.fixture(scope="module")
def frequencies() -> Frequencies:
    return load_frequencies()


@pytest.fixture(scope="module")
def shipped() -> list[Table]:
    return [load_table(path) for path in TABLES]


def codes(text: str, frequencies: Frequencies | None = None) -> list[str]:
    return [finding.code for finding in lint_table(parse_table(text, "t.tsv"), frequencies)]


@pytest.mark.parametrize("path", TABLES + CANDIDATES, ids=lambda path: path.name)
def test_shipped_tables_have_no_findings(path: Path, frequencies: Frequencies) -> None:
    table = load_table(path)
    assert table.rows
    assert lint_table(table, frequencies) == []
    assert format_table(table) == path.read_text(encoding="utf-8")


def test_shipped_tables_agree_with_each_other(shipped: list[Table]) -> None:
    assert list(lint_together(table.rows for table in shipped)) == []
    assert len({path.stem for path in TABLES} - {row.domain for table in shipped for row in table.rows}) == 0


def test_shipped_tables_write_nothing_offensive(shipped: list[Table]) -> None:
    written = {word for table in shipped for row in table.rows for word in words(row.canonical)}
    assert len(offensive_words()) > 50
    assert not written & offensive_words()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("b\tx\tword\na\tx\tother\n", "order"),
        ("a\tx\tword | other\n", "form"),
        ("a\tx\tword {0.50}\n", "form"),
        ("a\tx\tword\tnote=n\ttier=context\n", "form"),
        ("#! tier: context\na\tx\tword\ttier=context\n", "form"),
        ("a\tx\tword\na\tx\tother\n", "duplicate-entry"),
        ("a\tx\tword|other|Word\n", "duplicate-variant"),
        ("fight\tn\tbattle\nfight\tx\tbattle\n", "duplicate-pair"),
        ("soon\tadv\tshortly\nsoon\tx\tshortly\n", "duplicate-pair"),
        ("Foreign Minister\tx\tforeign minister\n", "identity"),
        ("colour\tn\tcolor\n", "dialect"),
        ("travelled to\tx\ttraveled to\n", "dialect"),
        ("a nice\tx\tb {fingerprint}\nc\tx\td|nice {fingerprint}\n", "cascade"),
        ("a\tx\t...\n", "unreachable"),
        ("a\tx\tend. Period\n", "unreachable"),
    ],
)
def test_what_needs_no_frequencies(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("shitty day\tx\tdowntrodden day\n", "offensive"),
        ("recieve\tv\tinhere\n", None),  # a common misspelling has a frequency: lint is no spell checker
        ("quixnorp\tn\timportanter\n", "unknown-word"),
        ("quixnorp\tn\timportanter\tnote=a brand\n", None),
        ("Quixnorp\tx\timportanter\n", None),  # a name
        ("web site\tn\twebsite\n", "spelling"),
        ("website\tn\tweb site\n", None),
        ("render\tv\tmake\n", "common-variant"),
        ("render\tv\tmake {context}\n", None),
        ("render\tv\tmake {report}\n", None),
        ("render\tv\tmake\tnote=seen in recipes\n", None),
        ("render\tv\tmake\tnext=unto\n", None),
        ("foreign minister\tx\tinternational minister {fingerprint}\n", None),
        ("united nations\tx\tunited states {fingerprint}\n", "fingerprint"),
        ("warfare\tn\twrrfrre {fingerprint}\n", None),
        ("warfare\tn\tfighting {fingerprint}\n", "fingerprint"),
    ],
)
def test_what_needs_frequencies(text: str, code: str | None, frequencies: Frequencies) -> None:
    assert codes(text, frequencies) == ([code] if code else [])


def test_a_finding_says_where_and_what_to_do() -> None:
    (finding,) = lint_table(parse_table("# Mine\n\nway\tn\tway|path\n", "my/own.tsv"))
    assert finding == Finding("my/own.tsv:3", "identity", "'way' stands for itself", "remove the variant", True)


def test_findings_come_in_the_order_of_the_lines() -> None:
    findings = lint_table(parse_table("c\tx\tc|d\nb\tx\tb|d|d\na\tx\ta|d\n", "t.tsv"))
    lines = [int(finding.place.rpartition(":")[2]) for finding in findings]
    assert lines == sorted(lines) == [1, 2, 2, 2, 3, 3]


def test_entries_that_two_files_share() -> None:
    one, other = parse_table("a\tx\tword\n", "one.tsv"), parse_table("a\tx\tother\n", "two.tsv")
    (finding,) = lint_together([one.rows, other.rows])
    assert (finding.place, finding.code, finding.fixable) == ("two.tsv:1", "duplicate-entry", False)
    assert "one.tsv:1" in finding.message


def test_fixing_keeps_comments_and_everything_that_is_right(frequencies: Frequencies) -> None:
    text = (
        "# My words\n#! source: own\n\n"
        "way\tn\tway|path {0.4}\n"
        "# seen in sports pages\n"
        "game\tn\tmatch|contest\n"
        "# both spellings\n"
        "color\tn\tcolour\n"
        "game\tn\tcontest|fixture\tnote=also here\n"
    )
    fixed = format_table(fix_table(parse_table(text, "t.tsv"), frequencies))
    assert fixed == (
        "# My words\n#! source: own\n\n"
        "# seen in sports pages\n"
        "game\tn\tmatch|contest|fixture\tnote=also here\n"
        "way\tn\tpath {0.4}\n"
        "# both spellings\n"
    )


def test_fixing_lowers_tiers(frequencies: Frequencies) -> None:
    text = "foreign minister\tx\tinterior minister {fingerprint}\nrender\tv\tmake|get\n"
    fixed = fix_table(parse_table(text), frequencies)
    assert [row.tiers for row in fixed.rows] == [("spun",), ("context", "context")]


WORDS = st.sampled_from(
    [
        "way",
        "path",
        "website",
        "web-site",
        "colour",
        "color",
        "make",
        "render",
        "united",
        "states",
        "foreign",
        "minister",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=2).map(" ".join)
LINES = st.builds(
    lambda canonical, part, variants, mark: f"{canonical}\t{part}\t{'|'.join(variants)}{mark}",
    TEXTS,
    st.sampled_from(["n", "v", "adj", "adv", "x"]),
    st.lists(TEXTS, min_size=1, max_size=4, unique=True),
    st.sampled_from(["", "\ttier=context", "\ttier=fingerprint", "\tnext=of", "\tnote=why"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=6, unique_by=lambda line: tuple(line.split("\t")[:2])))
def test_fixing_leaves_nothing_to_fix(lines: list[str]) -> None:
    known = load_frequencies()
    fixed = format_table(fix_table(parse_table("".join(f"{line}\n" for line in lines), "t.tsv"), known))
    again = parse_table(fixed, "t.tsv")
    assert [finding for finding in lint_table(again, known) if finding.fixable] == []
    assert format_table(fix_table(again, known)) == fixed


def test_every_code_is_explained() -> None:
    page = lexicon_path().parent / "docs" / "lexicons.md"
    if not page.exists():
        pytest.skip("needs docs/lexicons.md, which only a checkout has")
    text = page.read_text(encoding="utf-8")
    assert [code for code in CODES if f"`{code}`" not in text] == []
