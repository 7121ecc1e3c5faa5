from __future__ import annotations

from pathlib import Path

import pytest

from normalizer.channel import Channel
from normalizer.language_model import LanguageModel
from normalizer.learn.weights import (
    Counts,
    expected_counts,
    flat,
    load_decoder,
    reestimate,
    seed_replaced,
    surface_counts,
    write_channel,
)
from normalizer.resources import lexicon_path

TABLE = {"agency": {"company": 1.0, "bureau": 0.5}, "won": {"received": 1.0}}
MODEL = lexicon_path("en/news-3gram.klm")
NO_COUNTS = Counts({}, {}, {}, 0, 0.0)


def test_without_data_the_table_decides() -> None:
    estimate = reestimate(TABLE, NO_COUNTS)
    assert estimate.variants["agency"]["company"] == pytest.approx(2 / 3)


def test_counts_move_the_weights() -> None:
    counts = Counts({("agency", "bureau"): 90.0}, {"agency": 10.0}, {}, 1000, 0.0)
    estimate = reestimate(TABLE, counts)
    assert estimate.variants["agency"]["bureau"] > 0.9
    assert estimate.replaced["agency"] == pytest.approx(0.9, abs=0.01)


def test_vanishing_words_are_keys() -> None:
    clean = surface_counts(["the agency said " * 50], {"agency", "won"})
    spun = surface_counts(["the company said " * 50], {"agency", "won"})
    guess = seed_replaced(clean, spun, {"agency", "won"})
    assert guess["agency"] > 0.9
    assert guess["won"] == pytest.approx(0.5, abs=0.2)


def test_a_round_of_em_learns_from_spun_text(tmp_path: Path) -> None:
    model = LanguageModel(MODEL)
    path = tmp_path / "channel.tsv"
    assert write_channel(path, flat(TABLE, {"agency": 0.5, "won": 0.5}), None, model) > 0
    decoder = load_decoder(path, MODEL, {"": 1e-4})
    counts = expected_counts(decoder, ["The news company Reuters reported it. The party received the election."])
    assert counts.replaced["won", "received"] > 0.8
    assert counts.replaced["agency", "company"] > counts.replaced.get(("agency", "bureau"), 0.0)
    write_channel(path, reestimate(TABLE, counts), counts, model)
    entry = Channel([path]).get("received")
    assert entry is not None
    assert entry.candidates[0].text == "won"
