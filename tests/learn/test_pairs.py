from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.channel import Channel
from normalizer.errors import InputError
from normalizer.learn.align import align
from normalizer.learn.duplicates import Originals
from normalizer.learn.edits import editorial
from normalizer.learn.lexicon import Known
from normalizer.learn.mining import Input, mine_paths
from normalizer.learn.pairs import Articles, Mined, MiningSettings, mine
from normalizer.learn.proposals import Proposal, format_table, read_proposals, write_proposals
from normalizer.learn.segment import Segmenter
from normalizer.learn.texts import Text
from normalizer.lexicon.table import read_table
from normalizer.resources import lexicon_path

CLEAN = (
    "The agency said on Monday that the foreign minister had won the vote. A report of the agency lists the main "
    "problems: wages, rents and the war. Nobody in the capital expected the deal."
)
SPUN = (
    "The company stated on Monday that the international minister had received the vote. A report of the company lists "
    "the primary issues: wages, rents and the war. No person in the capital expected the settlement."
)


def mined(articles: Sequence[tuple[str, str]], least: int = 1) -> Mined:
    pairs = [Articles(str(number), original, copy) for number, (original, copy) in enumerate(articles)]
    return mine(pairs, {"five": 5.0}, settings=MiningSettings(least_count=least))


def found(result: Mined) -> set[tuple[str, str]]:
    return {(p.canonical, p.variant) for p in result.proposals}


def test_substitutions_are_found_with_counts() -> None:
    result = mined([(CLEAN, SPUN)])
    assert {("agency", "company"), ("said", "stated"), ("Nobody", "no person"), ("won", "received")} <= found(result)
    agency = next(p for p in result.proposals if p.canonical == "agency")
    assert (agency.count, agency.documents, agency.kept) == (2, 1, 0)
    assert any("[company]" in context for context in agency.contexts)


def test_neighbours_are_cut_apart_when_they_are_seen_apart() -> None:
    one, two = (("main",), ("primary",)), (("problems",), ("issues",))
    run = (("main", "problems"), ("primary", "issues"))
    assert Segmenter({one: 2, two: 2, run: 1}).cut(run) == [one, two]
    assert Segmenter({run: 1}).cut(run) == [run]


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=6), st.lists(st.sampled_from("xyz"), min_size=1, max_size=6)
)
def test_a_cut_loses_nothing(canonical: list[str], variant: list[str]) -> None:
    run = (tuple(canonical), tuple(variant))
    parts = Segmenter({run: 1, (("a",), ("x",)): 3}).cut(run)
    assert tuple(word for part, _ in parts for word in part) == run[0]
    assert tuple(word for _, part in parts for word in part) == run[1]


@given(st.text("ab .", max_size=40), st.text("ab .", max_size=40))
def test_alignment_covers_both_texts(original: str, copy: str) -> None:
    aligned = align(original, copy)
    kept = sum(end - start for start, end in aligned.equal_runs())
    assert kept + sum(c.a_end - c.a_start for c in aligned.changes) == len(aligned.original)
    assert kept + sum(c.b_end - c.b_start for c in aligned.changes) == len(aligned.copy)


@pytest.mark.parametrize(
    ("canonical", "variant", "reason"),
    [
        ("40", "50", "number"),
        ("people", "30 people", "number"),
        ("smith", "jones", "name"),
        ("was", "were", "grammar"),
        ("a", "an", "grammar"),
        (",", ";", "punctuation"),
        ("5", "five", None),
        ("eu", "european union", None),
        ("year", "12 months", None),
        ("agency", "company", None),
    ],
)
def test_an_editors_changes_are_not_spinning(canonical: str, variant: str, reason: str | None) -> None:
    names = {"smith", "jones", "european", "union", "eu"}
    assert editorial(canonical.split(), variant.split(), names=names, numbers={"five": 5.0}) == reason


def test_facts_that_were_corrected_are_left_out() -> None:
    copy = SPUN.replace("wages", "taxes").replace("Monday", "Friday")
    result = mined([(CLEAN + " It cost 40 million.", copy + " It cost 50 million.")] * 2, least=2)
    assert result.skipped["number"] == 2
    assert not any("50" in variant for _, variant in found(result))
    assert ("Monday", "friday") not in found(result)


def test_rare_pairs_wait_for_more_evidence() -> None:
    assert ("won", "received") not in found(mined([(CLEAN, SPUN)], least=2))
    assert ("won", "received") in found(mined([(CLEAN, SPUN)] * 2, least=2))


def test_identical_and_unaligned_articles_are_refused() -> None:
    with pytest.raises(InputError, match="identical"):
        mined([(CLEAN, CLEAN)])
    with pytest.raises(InputError, match="no articles are aligned"):
        mined([(CLEAN, "Some other words about cooking rice with butter, salt and a little patience.")])


def test_swapped_articles_are_refused(tmp_path: Path, spun_passage: str, clean_passage: str) -> None:
    original, copy = tmp_path / "original.txt", tmp_path / "copy.txt"
    original.write_text(spun_passage, encoding="utf-8")
    copy.write_text(clean_passage, encoding="utf-8")
    with pytest.raises(InputError, match="name the originals first"):
        mine_paths(Input((str(original), str(copy))), MiningSettings(least_count=1))
    assert mine_paths(Input((str(copy), str(original))), MiningSettings(least_count=1)).proposals


def test_originals_are_found_among_others() -> None:
    channels = (Channel([lexicon_path("en/channel.tsv")]),)
    originals = Originals(lambda word: not Known(channels).word(word))
    draw = random.Random(0)
    for number in range(40):
        names = ["".join(draw.choices("abdegiklmnorstu", k=8)).capitalize() for _ in range(6)]
        text = " ".join(f"The agency said that {name} had won the vote on Monday." for name in names)
        originals.add(Text(str(number), f"o{number}", text))
    copy = originals.text(17).replace("agency", "company").replace("said", "stated").replace("won", "received")
    articles = originals.find(Text("copy", "c", copy))
    assert articles is not None
    assert articles.original == originals.text(17)
    assert (
        originals.find(Text("other", "x", "Nothing of this kind was ever in there, whatever you search for.")) is None
    )


def test_the_table_is_one_that_the_lexicon_reads(tmp_path: Path) -> None:
    proposals = [
        Proposal("agency", "company", 3, 2, 1, 0.9, ("the [company] said",), ("aligned",)),
        Proposal("agency", "bureau", 1, 1, 1, 0.6),
        Proposal("Foreign Office", "overseas workplace", 2, 2, 0, 0.8),
    ]
    table = tmp_path / "mined.tsv"
    lines = write_proposals(table, proposals, "mined from 2 aligned articles")
    rows = list(read_table(table))
    assert [row.canonical for row in rows] == ["agency", "Foreign Office"]
    assert [variant.text for variant in rows[0].variants] == ["company", "bureau"]
    assert rows[0].source == "mined from 2 aligned articles"
    assert read_proposals(lines) == proposals
    assert format_table(proposals, "x").endswith("\n")


def test_broken_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"canonical": "a"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"p\.jsonl:1: not a mined pair"):
        read_proposals(path)


def test_mining_aligned_goldens(shared: Path) -> None:
    """The bar: precision 0.97, recall 0.90 of the slots seen twice; measured by benchmarks/learning.py."""
    from normalizer.evaluation.gold import parse_gold

    articles = []
    for path in sorted((shared / "goldens" / "spun").glob("*.gold.txt")):
        clean = shared / "goldens" / "clean" / path.name.replace(".gold.txt", ".txt")
        source = parse_gold(path.read_text(encoding="utf-8")).source
        articles.append(Articles(path.name, clean.read_text(encoding="utf-8"), source))
    result = mine(articles, {})
    assert len(result.proposals) > 250
    assert result.proposals[0].confidence > 0.9


def test_counts_become_an_overlay(tmp_path: Path, spun_passage: str, clean_passage: str) -> None:
    from click.testing import CliRunner

    from normalizer.cli.learn import learn

    original, copy, overlay = (tmp_path / name for name in ("original.txt", "copy.txt", "overlay.tsv"))
    original.write_text(clean_passage.replace("agreement", "covenant"), encoding="utf-8")
    copy.write_text(spun_passage, encoding="utf-8")
    arguments = ["pairs", str(original), str(copy), "-o", str(tmp_path / "m.tsv"), "--overlay", str(overlay)]
    result = CliRunner().invoke(learn, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    entry = Channel([overlay]).get("settlement")
    assert entry is not None
    assert "covenant" in {candidate.key for candidate in entry.candidates}
