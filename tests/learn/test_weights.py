from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.channel import Channel
from normalizer.decoder import Decoder, Settings
from normalizer.language_model import LanguageModel
from normalizer.learn.counting import Counts, add_counts, expected_counts, no_counts
from normalizer.learn.overlay import changed, write_overlay
from normalizer.learn.start import extra_share, from_channel, weighed, widened
from normalizer.learn.vanishing import Wanted, seed_replaced, tally
from normalizer.learn.weights import Estimate, Prior, channel_entries, flat, reestimate, replaced_mean, write_channel
from normalizer.resources import lexicon_path

TABLE = {"agency": {"company": 1.0, "bureau": 0.5}, "won": {"received": 1.0}}
MODEL = lexicon_path("en/news-3gram.klm")


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(MODEL)


@pytest.fixture(scope="module")
def shipped() -> Channel:
    return Channel([lexicon_path("en/channel.tsv")])


def counted(drawn: dict[tuple[str, str], float], stayed: dict[str, float] | None = None) -> Counts:
    return Counts(drawn, stayed or {}, {}, 1000, 0.0, drawn)


def test_without_data_the_table_decides() -> None:
    estimate = reestimate(TABLE, no_counts())
    assert estimate.variants["agency"]["company"] == pytest.approx(2 / 3)


def test_counts_move_the_weights() -> None:
    estimate = reestimate(TABLE, counted({("agency", "bureau"): 90.0}, {"agency": 10.0}))
    assert estimate.variants["agency"]["bureau"] > 0.9
    assert estimate.replaced["agency"] == pytest.approx(0.9, abs=0.03)


@given(st.floats(0, 200), st.floats(0, 200), st.floats(0.001, 0.99))
def test_the_share_replaced_is_a_probability_and_grows_with_what_is_gone(
    gone: float, stayed: float, before: float
) -> None:
    mean = replaced_mean(gone, stayed, before, Prior())
    assert 0.0 < mean < 1.0
    assert replaced_mean(gone + 5.0, stayed, before, Prior()) > mean - 1e-9


@given(st.floats(0.001, 0.99))
def test_without_occurrences_the_share_stays(before: float) -> None:
    assert replaced_mean(0.0, 0.0, before, Prior()) == pytest.approx(before, abs=1e-6)


def test_vanishing_words_are_keys() -> None:
    keys = {"agency", "won"}
    clean = tally(["the agency said " * 50], Wanted(keys))
    spun = tally(["the company said " * 50], Wanted(keys))
    guess = seed_replaced({key: clean.counts[key] / clean.tokens for key in keys}, spun, keys)
    assert guess["agency"] > 0.9
    assert guess["won"] == pytest.approx(0.5, abs=0.2)


def test_a_round_of_em_learns_from_spun_text(tmp_path: Path, model: LanguageModel) -> None:
    path = tmp_path / "channel.tsv"
    assert write_channel(path, flat(TABLE, {"agency": 0.5, "won": 0.5}), None, model) > 0
    decoder = Decoder(Channel([path]), model, {"": 1e-4}, Settings(rounds=0))
    counts = expected_counts(decoder, ["The news company Reuters reported it. The party received the election."])
    assert counts.replaced["won", "received"] > 0.8
    assert counts.replaced["agency", "company"] > counts.replaced.get(("agency", "bureau"), 0.0)
    write_channel(path, reestimate(TABLE, counts), counts, model)
    entry = Channel([path]).get("received")
    assert entry is not None
    assert entry.candidates[0].text == "won"


def test_one_draw_counts_once_however_often_it_is_repeated(tmp_path: Path, model: LanguageModel) -> None:
    path = tmp_path / "channel.tsv"
    write_channel(path, flat(TABLE, {"agency": 0.9, "won": 0.9}), None, model)
    decoder = Decoder(Channel([path]), model, {"": 1e-4}, Settings(rounds=0))
    sentence = "The party received the election. "
    pair = ("won", "received")
    once, repeated = (expected_counts(decoder, [sentence * times]) for times in (1, 8))
    spread = expected_counts(decoder, [sentence] * 8)
    assert repeated.replaced[pair] == pytest.approx(8 * once.replaced[pair])
    assert once.drawn[pair] < repeated.drawn[pair] < 0.5 * spread.drawn[pair]


def test_counts_add_up_and_survive_json() -> None:
    one = counted({("a", "b"): 1.5}, {"a": 2.0})
    total = add_counts([one, one])
    assert total.replaced == {("a", "b"): 3.0}
    assert Counts.from_dict(total.to_dict()) == total


def test_the_shipped_weights_stay_without_data(shipped: Channel, model: LanguageModel) -> None:
    start = from_channel(shipped)
    estimate = reestimate(weighed(start, no_counts()), no_counts(), Prior(), start.replaced)
    entries = list(channel_entries(estimate, no_counts(), model, start.marks, shipped))
    moved = list(changed(entries, shipped, 0.05))
    assert len(moved) < 0.05 * len(shipped)


def test_the_thesaurus_weighs_nothing_unless_the_text_shows_it(shipped: Channel) -> None:
    start = widened(from_channel(shipped), Channel([lexicon_path("en/thesaurus.tsv")]))
    canonical, extra = next(
        (c, of) for c, of in sorted(start.extra.items()) if c.isalpha() and sum(start.table[c].values()) > 0
    )
    surface = min(extra)
    key = canonical.lower()
    own = next(name for name, weight in start.table[canonical].items() if name and weight > 0)
    assert surface not in weighed(start, counted({(key, own): 50.0}))[canonical]
    new = counted({(key, own): 5.0, (key, surface): 45.0})
    assert extra_share(start, new) == pytest.approx(0.9)
    assert weighed(start, new)[canonical][surface] > 0.0


def test_an_overlay_is_read_back(tmp_path: Path, model: LanguageModel, shipped: Channel) -> None:
    estimate = Estimate({"agency": {"firmness": 1.0}}, {"agency": 0.9})
    path = tmp_path / "overlay.tsv"
    assert write_overlay(path, channel_entries(estimate, None, model), ["Learnt."]) > 0
    entry = Channel([*shipped.paths, path]).get("firmness")
    assert entry is not None
    assert [candidate.text for candidate in entry.candidates] == ["agency"]
