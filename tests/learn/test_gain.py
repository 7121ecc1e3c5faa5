"""Only what the text speaks for is written, and nothing when held-out documents gain no more than chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizer.channel import Channel, parse_line
from normalizer.decoder import Decoder, Settings
from normalizer.language_model import LanguageModel
from normalizer.learn.counting import Counts
from normalizer.learn.gain import Compare, exposure, gain, support, supported
from normalizer.resources import lexicon_path

OLD = "received\t0\t2\t0.5\twon\t0.2\t0.5"
NEW = "received\t0\t2\t0.5\twon\t0.8\t0.5"


def counts(drawn: dict[tuple[str, str], float], stayed: dict[str, float] | None = None) -> Counts:
    return Counts(drawn, stayed or {}, {}, 1000, 0.0, drawn)


def supports(old: str, new: str, seen: Counts) -> float:
    return support(parse_line(new), parse_line(old), seen, exposure(seen))


def test_what_is_seen_speaks_for_a_line() -> None:
    often = counts({("won", "received"): 40.0, ("won", "earned"): 10.0})
    assert supports(OLD, NEW, often) > 10.0
    assert supports(NEW, OLD, often) == pytest.approx(-supports(OLD, NEW, often))


def test_what_is_not_seen_says_nothing() -> None:
    assert supports(OLD, NEW, counts({})) == 0.0


def test_a_variant_that_is_never_used_is_taken_back() -> None:
    other = counts({("won", "earned"): 40.0})
    assert supports(NEW, OLD, other) > 10.0


def test_words_that_stay_speak_against_a_key() -> None:
    known, unknown = "won\t0.9\t0\t1", "won\t0.1\t0\t1"
    assert supports(known, unknown, counts({}, {"won": 20.0})) > 10.0
    assert supports(known, unknown, counts({("won", "earned"): 20.0})) < -10.0


def test_supported_lines_and_new_ones_are_kept() -> None:
    base = Channel((), {"received": OLD, "won": "won\t0.9\t0\t1"})
    fresh, empty = parse_line("gained\t0\t1\t0.5\twon\t0.1\t0.5"), parse_line("gold\t0\t0\t1")
    entries = [parse_line(NEW), parse_line("won\t0.91\t0\t1"), fresh, empty]
    seen = counts({("won", "received"): 40.0, ("won", "earned"): 10.0})
    assert [entry.surface for entry in supported(entries, base, seen)] == ["received", "gained"]


def test_a_gain_within_two_standard_errors_may_be_chance() -> None:
    assert gain([0.2, 0.25, 0.18, 0.22]).beyond_chance
    assert not gain([0.2, -0.25, 0.18, -0.1]).beyond_chance
    assert not gain([0.0, 0.0, 0.0]).beyond_chance
    assert gain([]).beyond_chance


def test_documents_gain_by_a_channel_that_explains_them(tmp_path: Path) -> None:
    model = LanguageModel(lexicon_path("en/news-3gram.klm"))
    settings = Settings(rounds=0)
    old, new = (Decoder(Channel((), lines), model, {"": 1e-4}, settings) for lines in ({}, {"received": NEW}))
    better, none = Compare(old, new)(["The party received the election.", "", "It rained."])
    assert better > 0.0
    assert none == 0.0
