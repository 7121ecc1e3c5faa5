from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SPUN

from normalizer import Normalizer
from normalizer.channel import Channel
from normalizer.language_model import LanguageModel
from normalizer.lexicon.knowledge import count, cover, know
from normalizer.lexicon.table import parse_table
from normalizer.resources import MODEL, lexicon_path
from normalizer.text.sentences import sentences

TABLE = parse_table(
    "foreign\tadj\toverseas {context}|alien\tnext=minister\tnote=of a country\n"
    "link\tn\thyperlink\n"
    "see\tv\tbehold\n"
    "rail link\tn\trailway hyperlink {report}\n",
    "mine.tsv",
)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(lexicon_path("en") / MODEL)


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    path = tmp_path / "channel.tsv"
    path.write_text(
        "overseas\t0.8\t2\t0.1\tforeign {context; next=minister}\t0.3\t0.6\tabroad\t0.7\t0.3\n"
        "alien\t0\t2\t0.1\tForeign\t0.1\t0.5\n"
        "foreign\t0.9\t0\t1\n",
        encoding="utf-8",
    )
    return Channel([path])


def test_both_directions(channel: Channel, model: LanguageModel) -> None:
    known = know("Foreign", channel, TABLE.rows, model, 4.9)
    assert (known.replaced, known.stands_for) == (0.9, ())
    assert [(pair.surface, pair.probability, pair.tier) for pair in known.replaced_by] == [
        ("overseas", 0.3, "context"),
        ("alien", 0.1, "spun"),
    ]
    assert [(listed.variant, listed.tier, listed.place) for listed in known.canonical_in] == [
        ("overseas", "context", "mine.tsv:1"),
        ("alien", "spun", "mine.tsv:1"),
    ]
    back = know("overseas", channel, TABLE.rows, model, 5.0)
    assert [pair.canonical for pair in back.stands_for] == ["foreign", "abroad"]
    assert [listed.note for listed in back.variant_in] == ["of a country"]


@pytest.mark.parametrize(
    ("wording", "variants", "canonicals"),
    [
        ("links", [], ["link"]),
        ("hyperlinks", ["hyperlink"], []),
        ("beheld", ["behold"], []),
        ("rail links", [], ["rail link"]),
        ("railway hyperlinks", ["railway hyperlink"], []),
    ],
)
def test_inflected_forms_lead_to_their_entries(
    channel: Channel, model: LanguageModel, wording: str, variants: list[str], canonicals: list[str]
) -> None:
    known = know(wording, channel, TABLE.rows, model, 0.0)
    assert [listed.variant for listed in known.variant_in] == variants
    assert [listed.canonical for listed in known.canonical_in] == canonicals


def test_nothing_is_known(channel: Channel, model: LanguageModel) -> None:
    known = know("qwertyish", channel, TABLE.rows, model, 0.0)
    assert not known
    assert not known.in_model


def test_counts() -> None:
    counts = count(TABLE.rows)
    assert (counts.entries, counts.pairs, counts.conditional) == (4, 5, 2)
    assert counts.by_tier == {"context": 1, "spun": 3, "report": 1}
    assert counts.by_part_of_speech == {"adj": 2, "n": 2, "v": 1}
    assert counts.by_domain == {"mine": 5}


def test_coverage(channel: Channel, model: LanguageModel) -> None:
    coverage = cover(sentences("The overseas minister came. The overseas qwertyish came; foreign."), channel, model)
    assert (coverage.words, coverage.variants, coverage.canonicals, coverage.unknown) == (9, 2, 3, 1)
    assert coverage.surfaces == [("overseas", 2)]
    assert coverage.strangers == [("qwertyish", 1)]
    assert coverage.by_tier == {"spun": 2}


def test_spun_text_is_covered_better_than_clean(normalizer: Normalizer) -> None:
    decoder = normalizer.decoder_for("replaces-all")
    restored = normalizer.analyze(SPUN).restored
    before, after = (cover(sentences(text), decoder.channel, decoder.model) for text in (SPUN, restored))
    assert before.variants / before.words > after.variants / after.words
    assert before.canonicals / before.words < after.canonicals / after.words
