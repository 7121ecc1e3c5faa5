from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from normalizer.learn.frequency import LEAST_TEXTS, count, misjudged
from normalizer.lexicon.frequency import Frequencies, load_frequencies
from normalizer.resources import lexicon_path


@pytest.fixture(scope="module")
def frequencies() -> Frequencies:
    return load_frequencies()


def test_words_and_phrases_share_a_scale(frequencies: Frequencies) -> None:
    zipf = frequencies.zipf
    assert zipf("house") > zipf("domicile") > zipf("importanter") == 0.0
    assert zipf("the") > zipf("the house") > zipf("the domicile")
    assert zipf("every step of the way") > 3.0  # the trigram model alone takes it for a rarity
    assert zipf("79") < zipf("1") < 7.0
    assert zipf("") == 0.0


def test_what_clean_prose_never_has(frequencies: Frequencies) -> None:
    assert frequencies.unseen("the international minister") == "international minister"
    assert frequencies.unseen("Wall Road Journal") == "wall road"
    assert frequencies.unseen("the foreign minister") == ""
    assert frequencies.unseen("importanter") == "importanter"


def test_the_shipped_file_is_small() -> None:
    assert lexicon_path("en/frequency.tsv").stat().st_size < 300_000


def test_counts_need_several_texts(frequencies: Frequencies) -> None:
    texts = ["zyzzyx here, the wug of it"] * LEAST_TEXTS + ["blick " * 50]
    counted = count(texts, {"the wug", "the wug of it", "unused phrase"})
    assert counted[0]["the wug"] == LEAST_TEXTS
    found = dict(misjudged(*counted, frequencies.model))
    assert {"zyzzyx", "the wug", "the wug of it"} <= set(found)
    assert "blick" not in found
    assert "here" not in found or found["here"] > frequencies.zipf("here")


def test_known_values_win(frequencies: Frequencies) -> None:
    own = Frequencies(frequencies.model, {"quixnorp": 5.0})
    assert own.zipf("quixnorp") == 5.0
    assert not own.unknown("quixnorp")
    assert frequencies.unknown("quixnorp")


def test_counting_is_deterministic(tmp_path: Path) -> None:
    texts = ["a b c", "a b"]
    assert count(texts, ["a b"]) == (
        Counter({"a": 2, "b": 2, "a b": 2, "c": 1}),
        Counter({"a": 2, "b": 2, "a b": 2, "c": 1}),
        5,
    )
