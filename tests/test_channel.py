from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer import LexiconError
from normalizer.channel import (
    Channel,
    Document,
    format_line,
    format_marks,
    holding,
    log_kept,
    parse_line,
    parse_marks,
    read_overlay,
)
from normalizer.lexicon.table import TIERS, Condition, Tier
from normalizer.text.tokens import tokenize

LINES = (
    "received\t0\t1\t0.5\twon\t0.5\t0.5",
    "company\t0.1\t1\t0.5\tagency\t0.4\t0.4",
    "- primarily based\t0\t9\t0.1\t-based\t0.5\t0.9",
    "take a look at\t0\t9\t0.1\ttest\t0.5\t0.9",
    "take\t0.9\t1\t0.5",
)


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    path = tmp_path / "channel.tsv"
    path.write_text("# comment\n" + "\n".join(LINES) + "\n", encoding="utf-8")
    return Channel([path])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they received it", [("received", "", "")]),
        ("it received't fly", [("received", "", "'t")]),
        ("the company’s head", [("company", "", "'s")]),
        ("take a look at it", [("take", "", ""), ("take a look at", "", "")]),
        ("an evidence-primarily based view", [("- primarily based", "evidence", "")]),
        ("a cross-company team", [("company", "cross-", "")]),
        ("nothing here", []),
    ],
)
def test_matching(channel: Channel, text: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(m.entry.surface, m.prefix, m.suffix) for m in channel.match(tokenize(text))]
    assert found == expected


def test_longest_matches_do_not_overlap(channel: Channel) -> None:
    found = channel.longest_matches(tokenize("take a look at the company"))
    assert [m.entry.surface for m in found] == ["take a look at", "company"]


def test_pickled_by_path(channel: Channel) -> None:
    copy = pickle.loads(pickle.dumps(channel))
    assert copy.get("received") == channel.get("received")


@pytest.mark.parametrize("line", ["broken\tx\t0\t0", "broken\t0.5", "broken\t0\t0\t0\tcanonical\t0.5"])
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "channel.tsv"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"channel\.tsv:1: the line of 'broken' is malformed"):
        Channel([path]).get("broken")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"nowhere\.tsv: cannot read"):
        Channel([tmp_path / "nowhere.tsv"])


def test_keeping_a_key_is_never_impossible() -> None:
    assert log_kept(1.0) > -6.0
    assert log_kept(0.9, 0.5) == pytest.approx(log_kept(0.45))


words_ = st.lists(st.text("abcé'- ", min_size=1, max_size=8).map(str.strip).filter(bool), max_size=3).map(
    lambda found: tuple(sorted(set(found)))
)
conditions = st.builds(Condition, words_, words_, words_, words_)


@given(st.sampled_from(TIERS), conditions)
def test_marks_read_back(tier: Tier, condition: Condition) -> None:
    expected = condition if condition != Condition() else None
    assert parse_marks(format_marks("foreign", tier, condition)) == ("foreign", tier, expected)


@given(st.sampled_from(TIERS), conditions, st.floats(1e-4, 1), st.floats(0, 100))
def test_lines_read_back(tier: Tier, condition: Condition, probability: float, gain: float) -> None:
    line = f"overseas\t0\t{gain:.3g}\t0.5\t{format_marks('foreign', tier, condition)}\t{probability:.3g}\t0.5"
    assert format_line(parse_line(line)) == line


def test_unknown_marks_are_named(tmp_path: Path) -> None:
    path = tmp_path / "channel.tsv"
    path.write_text("overseas\t0\t1\t0.5\tforeign {safe}\t0.5\t0.5\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"channel\.tsv:1: .*'safe' is no tier or condition"):
        Channel([path]).get("overseas")


@pytest.mark.parametrize(
    ("marks", "text", "held"),
    [
        ("next=minister,secretary", "the overseas minister", True),
        ("next=minister,secretary", "the Overseas Minister’s wife", True),
        ("next=minister,secretary", "the overseas trade", False),
        ("next=minister", "overseas", False),
        ("previous=an", "an overseas trip", True),
        ("previous=an", "overseas, an", False),
        ("with=passport", "overseas. Take a passport", True),
        ("with=take a passport", "overseas. Take a passport", True),
        ("with=a visa,passport", "overseas. Take a passport", True),
        ("with=visa", "overseas. Take a passport", False),
        ("without=passport", "overseas. Take a passport", False),
        ("without=visa", "overseas. Take a passport", True),
        ("context; next=trade; without=visa", "overseas trade", True),
    ],
)
def test_conditions(tmp_path: Path, marks: str, text: str, held: bool) -> None:
    path = tmp_path / "channel.tsv"
    path.write_text(f"overseas\t0\t1\t0.5\tforeign {{{marks}}}\t0.5\t0.5\n", encoding="utf-8")
    document = [tokenize(part) for part in text.split(".")]
    matches = [
        match for tokens in document for match in holding(Channel([path]).match(tokens), tokens, Document(document))
    ]
    assert [bool(match.entry.candidates) for match in matches] == [held]


def test_of_one_canonical_the_first_candidate_that_holds_counts(tmp_path: Path) -> None:
    path = tmp_path / "channel.tsv"
    path.write_text("alien\t0\t1\t0.5\tforeign {fingerprint; next=minister}\t0.5\t0.5\tforeign\t0.5\t0.5\n")
    for text, tier in (("alien minister", "fingerprint"), ("alien trade", "spun")):
        tokens = tokenize(text)
        (match,) = holding(Channel([path]).match(tokens), tokens, Document([tokens]))
        assert [candidate.tier for candidate in match.entry.candidates] == [tier]
        assert match.entry.fingerprint == (tier == "fingerprint")


def test_fingerprints_are_found(tmp_path: Path) -> None:
    path = tmp_path / "channel.tsv"
    path.write_text("lots of of\t0\t1\t0.5\tlots of {fingerprint}\t0.5\t0.5\nlots\t0\t1\t0.5\tmany\t0.5\t0.5\n")
    channel = Channel([path])
    assert channel.fingerprints == {"lots of of"}
    assert channel.has_fingerprint(tokenize("There are lots of of them"))
    assert not channel.has_fingerprint(tokenize("There are lots of them, of"))


def test_an_overlay_is_as_good_as_a_file(channel: Channel, tmp_path: Path) -> None:
    overlay = {
        "take a look at him": "take a look at him\t0\t1\t0.5\tsee him\t0.5\t0.5",
        "received": "received\t0\t1\t0.5\tgot\t0.5\t0.5",
    }
    path = tmp_path / "overlay.tsv"
    path.write_text("\n".join(["# normalizer channel 2", *overlay.values(), ""]), encoding="utf-8")
    text = tokenize("they received it and take a look at him, or take a look at her")
    files, extended = Channel([*channel.paths, path]), channel.extended(read_overlay(path))
    assert extended.match(text) == files.match(text)
    assert pickle.loads(pickle.dumps(extended)).match(text) == files.match(text)
    assert channel.get("take a look at him") is None  # the first one is as it was


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("# normalizer channel 2\na\t0\t0\t1\nb\tx\t0\t1\n", r":3: the line of 'b' is malformed"),
        ("# normalizer channel 2\na\t0\t0\t1\tc\t2\t0.5\n", r":2: .*no probability"),
        ("# normalizer channel 2\na\t0\t0\t1\n\na\t0\t0\t1\n", r":4: a second line for 'a', first at line 2"),
        ("# normalizer channel 2\nnonsense\n", r":2: the line of 'nonsense' is malformed"),
        ("# normalizer channel 9\n", r":1: channel format 9 is from a later normalizer"),
    ],
)
def test_a_broken_overlay_is_named(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"mine\.tsv" + message):
        read_overlay(path)


def test_a_huge_channel_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.tsv"
    with path.open("wb") as stream:
        stream.truncate(2 * 2**30)
    with pytest.raises(LexiconError, match=r"huge\.tsv: 2,048 MiB"):
        Channel([path])
