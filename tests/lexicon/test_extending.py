"""Lexicons of one's own: what they may be, how they are merged, and what a broken one does."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import CLEAN, SPUN
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import ConfigError, LexiconError, Normalizer
from normalizer.adapters.core import Restorer
from normalizer.channel import Channel, parse_line
from normalizer.corpus.run import Run
from normalizer.corpus.settings import Settings
from normalizer.corpus.sources import find_sources
from normalizer.corpus.treatment import Treatment, Treatments
from normalizer.language_model import LanguageModel
from normalizer.lexicon.extending import compile_rows, overlay
from normalizer.lexicon.table import parse_table
from normalizer.resources import CHANNEL, MODEL, lexicon_path

TABLE = "widget\tn\tgizmolet|thingamajib\nchair\tn\tseatchair\nForeign Minister\tx\tAlien Minister\n"


@pytest.fixture(scope="module")
def base() -> Channel:
    return Channel([lexicon_path("en") / CHANNEL])


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(lexicon_path("en") / MODEL)


Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_ten_entries_are_seen_to_work(write: Write) -> None:
    table = write("mine.tsv", TABLE)
    text = f"{SPUN} The Alien Minister was there. She showed the gizmolets and took her seatchair of the assembly."
    found = Normalizer(lexicons=[table]).analyze(text).restored
    assert "The Foreign Minister was there. She showed the widgets and took her chair of the meeting." in found


def test_the_rest_is_as_it_was(write: Write, normalizer: Normalizer) -> None:
    own = Normalizer(lexicons=[write("mine.tsv", TABLE)])
    assert own.analyze(SPUN).edits == normalizer.analyze(SPUN).edits
    assert own.analyze(CLEAN).restored == CLEAN


def test_a_new_pair_competes_with_what_is_known(base: Channel, model: LanguageModel) -> None:
    (line,) = compile_rows(base, parse_table("alien\tx\tinternational").rows, model).values()
    known, merged = base.get("international"), parse_line(line)
    assert known is not None
    shares = {candidate.key: candidate.share for candidate in merged.candidates}
    assert {candidate.key for candidate in known.candidates} | {"alien"} == set(shares)
    assert shares["alien"] >= 0.19
    assert sum(shares.values()) + merged.kept_share == pytest.approx(1.0, abs=0.15)
    assert [(c.key, c.probability) for c in merged.candidates if c.key != "alien"] == [
        (c.key, c.probability) for c in known.candidates
    ]
    assert merged.replaced == known.replaced


def test_a_pair_of_ones_own_sets_the_tier(base: Channel, model: LanguageModel) -> None:
    line = compile_rows(base, parse_table("foreign\tadj\tinternational {report}").rows, model)["international"]
    tiers = {candidate.key: candidate.tier for candidate in parse_line(line).candidates}
    assert tiers.pop("foreign") == "report"
    assert tiers
    assert "report" not in tiers.values()


texts = st.text("abcdefg ", min_size=1, max_size=12).map(str.strip).filter(bool)
tables = st.lists(st.tuples(texts, st.lists(texts, min_size=1, max_size=3, unique=True)), min_size=1, max_size=5)


@settings(max_examples=30, deadline=None)
@given(tables)
def test_whatever_is_merged_reads_back(entries: list[tuple[str, list[str]]]) -> None:
    channel, model = Channel([lexicon_path("en") / CHANNEL]), LanguageModel(lexicon_path("en") / MODEL)
    rows = [
        row
        for canonical, variants in entries
        for row in parse_table(f"{canonical}\tx\t{'|'.join(variants)}").rows
        if canonical not in variants
    ]
    lines = compile_rows(channel, rows, model)
    assert lines == compile_rows(channel, list(rows), model)
    for surface, line in lines.items():
        entry = parse_line(line)
        assert entry.surface == surface
        assert all(0 < candidate.probability <= 1 for candidate in entry.candidates)


def test_files_folders_and_their_order(write: Write, base: Channel, model: LanguageModel) -> None:
    table = write("mine.tsv", "widget\tx\tgizmolet\n")
    channel = write("learned.tsv", "# normalizer channel 2\ngizmolet\t0\t1\t0.5\tgadget\t0.5\t0.5\n")
    write("folder/tables/one.tsv", "gear\tx\tgizmolet\n")
    write("compiled/channel.tsv", "# normalizer channel 2\ngizmolet\t0\t1\t0.5\tmachine\t0.5\t0.5\n")

    def keys(*paths: Path) -> list[str]:
        return sorted(c.key for c in parse_line(overlay(base, paths, model)["gizmolet"]).candidates)

    folder, compiled = channel.parent / "folder", channel.parent / "compiled"
    assert keys(table) == ["widget"]
    assert keys(folder) == ["gear"]
    assert keys(compiled) == ["machine"]
    assert keys(channel, table, folder) == ["gadget", "gear", "widget"]
    assert keys(table, channel) == ["gadget"]  # the lines of a channel file override


def test_the_cache_is_used_and_only_written_where_told(write: Write, base: Channel, model: LanguageModel) -> None:
    table = write("mine.tsv", TABLE)
    cache = table.parent / "cache"
    lines = overlay(base, [table], model)
    assert not cache.exists()
    assert overlay(base, [table], model, cache) == lines
    (file,) = cache.iterdir()
    file.write_text("# normalizer channel 2\nfrom the cache\t0\t1\t0.5\n", encoding="utf-8")
    assert list(overlay(base, [table], model, cache)) == ["from the cache"]
    table.write_text(TABLE + "gear\tx\tcogwheelet\n", encoding="utf-8")
    assert "cogwheelet" in overlay(base, [table], model, cache)
    assert overlay(base, [table], model, table) == overlay(base, [table], model)  # a cache that is no folder


def test_a_copy_in_another_process_knows_the_same(write: Write) -> None:
    own = Normalizer(lexicons=[write("mine.tsv", TABLE)], assume="spun")
    copy = pickle.loads(pickle.dumps(own))
    text = "She showed the gizmolet to them."
    own.lexicons[0].unlink()  # compiled before
    assert copy.analyze(text) == own.analyze(text)
    assert copy.analyze(text).restored == "She showed the widget to them."


def test_adapters_take_lexicons(write: Write) -> None:
    restorer = Restorer(lexicons=[write("mine.tsv", TABLE)], assume="spun")
    assert pickle.loads(pickle.dumps(restorer))("She showed the gizmolet to them.").text == (
        "She showed the widget to them."
    )


def test_the_digest_tells_whether_lexicons_know_the_same(write: Write) -> None:
    first = Normalizer(lexicons=[write("mine.tsv", TABLE)]).lexicons_digest
    assert Normalizer(lexicons=[write("other.tsv", f"# as before\n{TABLE}")]).lexicons_digest == first
    assert Normalizer(lexicons=[write("more.tsv", f"{TABLE}gear\tx\tcogwheelet\n")]).lexicons_digest != first


def test_a_data_set_is_not_resumed_with_other_entries(write: Write) -> None:
    source = write("in.jsonl", '{"text": "She showed the gizmolet to them."}\n')
    target = str(source.parent / "out.jsonl")

    def plan(table: Path) -> dict[str, Any]:
        treatments = Treatments(Treatment(Normalizer(lexicons=[table], assume="spun")))
        return Run(find_sources(str(source), target), target, Settings(), treatments, source.parent / "work").plan()

    table = write("mine.tsv", TABLE)
    before = plan(table)
    assert plan(table) == before
    table.write_text(f"{TABLE}gear\tx\tcogwheelet\n", encoding="utf-8")
    assert plan(table) != before


def test_without_the_default_lexicons(write: Write) -> None:
    own = Normalizer(lexicons=[write("mine.tsv", TABLE)], default_lexicons=False, assume="spun")
    found = own.analyze("The International Minister showed the gizmolet that they had built.")
    assert found.restored == "The International Minister showed the widget that they had built."
    with pytest.raises(ConfigError, match="nothing to go by"):
        Normalizer(default_lexicons=False)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.tsv: no such lexicon"):
        Normalizer(lexicons=[tmp_path / "nowhere.tsv"])
    with pytest.raises(ConfigError, match=r"no lexicon; a lexicon folder has a channel\.tsv"):
        Normalizer(lexicons=[tmp_path])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("widget\tn\tgizmolet\nwidget\tn\n", r"mine\.tsv:2: 2 column"),
        ("widget\tnoun\tgizmolet\n", r"mine\.tsv:1: 'noun' is no part of speech"),
        ("widget\tn\tgizmolet {sure}\n", r"mine\.tsv:1: 'sure' in the braces"),
        ("a\tx\tb\nwidget\tn\tWidget\n", r"mine\.tsv:2: 'Widget' is a variant of itself"),
        ("widget\tn\tgizmolet|gizmolet {report}\n", r"mine\.tsv:1: .*contradicts"),
        ("a\tx\tb\tnext=c\twith=d\twithout=d\n", r"mine\.tsv:1: 'd' is in both"),
        ("b\tx\tc\na\tx\tb {fingerprint}\n", r"mine\.tsv:2: 'b' cannot be a fingerprint.*mine\.tsv:1"),
    ],
)
def test_a_broken_table_is_named_and_nothing_is_loaded(write: Write, text: str, message: str) -> None:
    own = Normalizer(lexicons=[write("good.tsv", TABLE), write("mine.tsv", text)])
    for _ in range(2):  # not half-loaded by the first attempt
        with pytest.raises(LexiconError, match=message):
            own.analyze(SPUN)


def test_a_huge_table_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.tsv"
    with path.open("wb") as stream:
        stream.truncate(2 * 2**30)
    with pytest.raises(LexiconError, match=r"huge\.tsv: 2,048 MiB"):
        Normalizer(lexicons=[path]).detect("text")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes("a\tx\tb\ncafé\tx\tbar\n".encode("cp1252"))
    with pytest.raises(LexiconError, match=r"mine\.tsv:2: not UTF-8"):
        Normalizer(lexicons=[path]).detect("text")
