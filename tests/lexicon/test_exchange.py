"""Import and export: what each format says, what it has no room for, and that nothing changes on the way round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import ConfigError, InputError
from normalizer.lexicon.exporting import export_rows
from normalizer.lexicon.importing import FORMATS, Given, Imported, decode, import_files, recognise, summary
from normalizer.lexicon.table import TIERS, Condition, Row, Variant, parse_table

Pair = tuple[str, str]


def imported(tmp_path: Path, text: str | bytes, form: str = "auto", given: Given = Given()) -> Imported:  # noqa: B008
    path = tmp_path / "list.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_files([path], form, given)


def pairs(found: Imported) -> list[tuple[str, str, str]]:
    return [
        (row.canonical, variant.text, tier)
        for row in found.rows
        for variant, tier in zip(row.variants, row.tiers, strict=True)
    ]


CASES = {
    "spinner": (
        "# a comment\nwar|warfare|conflict\nsign | signal\n\n",
        [("sign", "signal", "spun"), ("war", "warfare", "spun"), ("war", "conflict", "spun")],
    ),
    "spintax": (
        "{war|warfare} was\n{said|stated|announced}.",
        [("said", "stated", "spun"), ("said", "announced", "spun"), ("war", "warfare", "spun")],
    ),
    "codespell": (
        "abandonned->abandoned\nclas->class, clash,\nwarn->want, a word of its own\n",
        [
            ("abandoned", "abandonned", "spun"),
            ("clash", "clas", "context"),
            ("class", "clas", "context"),
            ("want", "warn", "report"),
        ],
    ),
    "typos": (
        "abandonned,abandoned\nclas,class,clash\n",
        [("abandoned", "abandonned", "spun"), ("clash", "clas", "context"), ("class", "clas", "context")],
    ),
    "vale": (
        "extends: substitution\nswap:\n  utilize: use\n  'in order to': to|so as to\n",
        [("so as to", "in order to", "context"), ("to", "in order to", "context"), ("use", "utilize", "spun")],
    ),
    "languagetool": (
        "their; there; 10  # p=0.99\nbad -> good; 5\n",
        [("good", "bad", "context"), ("their", "there", "context"), ("there", "their", "context")],
    ),
    "csv": (
        "Fingerprint,Expected text\ncolossal information,big data\n",
        [("big data", "colossal information", "fingerprint")],
    ),
    "table": ("war\tn\twarfare|conflict {report}\n", [("war", "warfare", "spun"), ("war", "conflict", "report")]),
}


@pytest.mark.parametrize("form", CASES)
def test_formats_are_recognised_and_read(tmp_path: Path, form: str) -> None:
    text, expected = CASES[form]
    assert recognise(text) == form
    found = imported(tmp_path, text)
    assert pairs(found) == expected
    assert found.reports[0].refused == ()
    assert [row[:-1] for row in parse_table(found.table()).rows] == [
        row._replace(domain="table")[:-1] for row in found.rows
    ]


@pytest.mark.parametrize(
    ("form", "text", "line", "reason"),
    [
        ("spinner", "war|warfare\nnonsense\n", 2, "no '|'"),
        ("spinner", "war|warfare\nwar|War\n", 2, "the same wording"),
        ("spinner", "war|{fight}\n", 1, "inside"),
        ("spinner", "war|\n", 1, "empty"),
        ("spintax", "{a|b}\n{one}\n", 2, "one option"),
        ("spintax", "{a|b}\n{a|{b|c}}\n", 2, "a set inside a set"),
        ("spintax", "{a|b}\nx} y\n", 2, "'}' without '{'"),
        ("spintax", "{a|b}\n{x\ny", 2, "'{' without '}'"),
        ("codespell", "a->b\nnonsense\n", 2, "no 'bad->good'"),
        ("typos", "teh,the\nword,word\nother\n", 2, "the word is right"),
        ("typos", "teh,the\nother\n", 2, "no correction"),
        ("vale", "swap:\n  a: b\n  (?:c|d): e\n", 3, "a pattern"),
        ("vale", "swap:\n  a: [b]\n", 2, "not a pair"),
        ("vale", "swap: [\n", 2, "not YAML"),
        ("vale", "extends: existence\ntokens: [a]\n", 1, "no mapping"),
        ("languagetool", "a; b; 10\nc; d\n", 2, "no 'word; word; factor'"),
        ("csv", "wrong,right\na,b\na AND b AND c,d\n", 3, "more than one AND"),
        ("csv", "wrong,right\na AND,d\n", 2, "nothing behind AND"),
        ("csv", "wrong,right\na OR b,d\n", 2, "OR between wordings"),
        ("csv", "wrong,right,tier\na,b,sure\n", 2, "'sure' is no tier"),
        ("csv", "wrong,right,pos\na,b,noun\n", 2, "'noun' is no part of speech"),
        ("csv", "wrong,right,weight\na,b,heavy\n", 2, "could not convert"),
        ("csv", "wrong,right\na,\n", 2, "an empty cell"),
        ("table", "war\tn\twarfare\nwar\tnoun\tfight\n", 2, "'noun' is no part of speech"),
        ("table", "war\tn\tfight {report}\nwar\tn\tfight {context}\n", 2, "contradicts line 1"),
    ],
)
def test_what_is_refused_has_its_line(tmp_path: Path, form: str, text: str, line: int, reason: str) -> None:
    (report,) = imported(tmp_path, text, form).reports
    assert [(refused.line, reason in refused.reason) for refused in report.refused[:1]] == [(line, True)], report
    assert any(f"list.txt:{line}: refused: " in shown for shown in summary([report]))


def test_conditions_of_a_query(tmp_path: Path) -> None:
    text = (
        'Tortured phrase;Expected phrase;Notes\n"irregular woodland" AND (learning OR classifier) NOT forest NOT tree;'
        "random forest | forest of trees;seen in 2021\n"
    )
    found = imported(tmp_path, text)
    assert [row.canonical for row in found.rows] == ["forest of trees", "random forest"]
    for row in found.rows:
        assert row.condition == Condition((), (), ("classifier", "learning"), ("forest", "tree"))
        assert (row.tier, row.note, row.variants) == ("fingerprint", "seen in 2021", (Variant("irregular woodland"),))


def test_columns_can_be_named(tmp_path: Path) -> None:
    text = "id,found,meant\n1,big information,big data\n"
    with pytest.raises(ConfigError, match=r"no column 'canonical'.*--column canonical=NAME"):
        imported(tmp_path, text, "csv")
    given = Given(columns={"canonical": "meant", "variant": "found"}, part_of_speech="n", tier="context", domain="it")
    found = imported(tmp_path, text, "csv", given)
    assert pairs(found) == [("big data", "big information", "context")]
    assert found.table(given) == "#! domain: it\n#! tier: context\n\nbig data\tn\tbig information\n"


def test_pairs_are_merged(tmp_path: Path) -> None:
    found = imported(tmp_path, "war|warfare|warfare\npeace|calm\nwar|fight|warfare\n")
    assert [(row.canonical, [v.text for v in row.variants]) for row in found.rows] == [
        ("peace", ["calm"]),
        ("war", ["warfare", "fight"]),
    ]
    assert found.reports[0][3:5] == (3, 2)


def test_encodings(tmp_path: Path) -> None:
    for encoding, said in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")):
        found = imported(tmp_path, "café|coffee house\n".encode(encoding))
        assert pairs(found) == [("café", "coffee house", "spun")]
        assert found.reports[0].encoding == said
    assert any("read as Windows-1252" in line for line in summary(found.reports))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a|b\nc\x00d|e\n", r"f:2: binary"),
        (b"\xff\xfea\x00|", "not valid UTF-16"),
        (b"a|b\n\x81\n", "f:2: neither UTF-8 nor Windows-1252"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode(data, "f")


def test_files_that_are_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as stream:
        stream.truncate(2 * 2**30)
    with pytest.raises(InputError, match=r"huge\.txt: 2,048 MiB"):
        import_files([huge])
    with pytest.raises(InputError, match=r"nowhere\.txt: cannot be read"):
        import_files([tmp_path / "nowhere.txt"])
    with pytest.raises(InputError, match="looks like none of"):
        imported(tmp_path, "Just a text.\n")
    with pytest.raises(InputError, match="use it as it is, with --lexicon"):
        imported(tmp_path, "# normalizer channel 2\n")


word = st.text("abcdeéz'-", min_size=1, max_size=6).filter(lambda text: text.strip("'-") == text)
phrase = st.lists(word, min_size=1, max_size=3).map(" ".join)


def rows_of(canonicals: st.SearchStrategy[str], variants: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    entry = st.tuples(canonicals, st.lists(variants, min_size=1, max_size=3, unique=True))
    return st.lists(entry, min_size=1, max_size=5, unique_by=lambda item: item[0]).map(
        lambda entries: [
            Row(canonical, "x", tuple(Variant(text) for text in texts if text != canonical))
            for canonical, texts in entries
            if any(text != canonical for text in texts)
        ]
    )


def went_round(rows: Sequence[Row], form: str, path: Path) -> set[Pair]:
    exported = export_rows(rows, form)
    assert not exported.refused
    path.write_text(exported.text, encoding="utf-8")
    found = import_files([path], form)
    assert not found.reports[0].refused
    return {(canonical, variant) for canonical, variant, _ in pairs(found)}


def all_pairs(rows: Sequence[Row]) -> set[Pair]:
    return {(row.canonical, variant.text) for row in rows for variant in row.variants}


@pytest.mark.parametrize("form", ["spinner", "spintax", "vale", "languagetool", "csv", "table"])
@settings(max_examples=30, deadline=None)
@given(rows=rows_of(phrase, phrase).filter(bool))
def test_phrases_go_round(tmp_path_factory: pytest.TempPathFactory, form: str, rows: list[Row]) -> None:
    path = tmp_path_factory.mktemp("round") / "list"
    assert went_round(rows, form, path) == all_pairs(rows)


@pytest.mark.parametrize("form", ["codespell", "typos"])
@settings(max_examples=30, deadline=None)
@given(rows=rows_of(phrase, word).filter(bool))
def test_words_go_round(tmp_path_factory: pytest.TempPathFactory, form: str, rows: list[Row]) -> None:
    path = tmp_path_factory.mktemp("round") / "list"
    assert went_round(rows, form, path) == all_pairs(rows)


words_ = st.lists(phrase, max_size=2, unique=True).map(lambda found: tuple(sorted(found)))
full_rows = st.builds(
    lambda canonical, variant, part, tier, weight, condition, note: Row(
        canonical, part, (Variant(variant, weight),), tier, condition, note
    ),
    phrase,
    phrase,
    st.sampled_from(["n", "v", "adj", "adv", "x"]),
    st.sampled_from(TIERS),
    st.none() | st.sampled_from([0.5, 2.0]),
    st.tuples(words_, words_, words_, words_).filter(lambda c: not set(c[2]) & set(c[3])).map(lambda c: Condition(*c)),
    phrase | st.just(""),
).filter(lambda row: row.canonical != row.variants[0].text)


@pytest.mark.parametrize("form", ["csv", "table"])
@settings(max_examples=50, deadline=None)
@given(row=full_rows)
def test_everything_goes_round(tmp_path_factory: pytest.TempPathFactory, form: str, row: Row) -> None:
    path = tmp_path_factory.mktemp("round") / "list"
    path.write_text(export_rows([row], form).text, encoding="utf-8")
    (found,) = import_files([path], form).rows
    assert found == row


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_format_has_no_room_for_is_told(form: str) -> None:
    table = parse_table("random forest\tn\tirregular woodland\twith=learning\nwar\tn\tfight club|warfare\n")
    exported = export_rows(table.rows, form)
    left = [] if form in ("csv", "table") else ["random forest -> irregular woodland"]
    if form in ("codespell", "typos"):
        left.append("war -> fight club")
    assert sorted(refused.text for refused in exported.refused) == left
    assert "warfare" in exported.text
    assert ("irregular woodland" in exported.text) == (form in ("csv", "table"))


def test_inflected_forms_for_tools_that_do_not_inflect() -> None:
    rows = parse_table("tell\tv\tinform {report}\n").rows
    assert export_rows(rows, "codespell", forms=True).text.splitlines() == [
        "inform->tell, only a suggestion",
        "informed->told, only a suggestion",
        "informing->telling, only a suggestion",
        "informs->tells, only a suggestion",
    ]
