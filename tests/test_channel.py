from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from normalizer import LexiconError
from normalizer.channel import Channel, log_kept
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
