from __future__ import annotations

import itertools

import pytest
from conftest import SHARED

from normalizer import Normalizer, apply_edits
from normalizer.calibration import Calibration
from normalizer.channel import Channel
from normalizer.decoder import Decoded, Reading
from normalizer.edits import Edit
from normalizer.features import Observer
from normalizer.language_model import LanguageModel
from normalizer.resources import lexicon_path
from normalizer.selection import changes, propose
from normalizer.text.tokens import tokenize

MODEL = LanguageModel(lexicon_path("en/news-3gram.klm"))
CHANNEL = Channel([])


def reading(start: int, end: int, text: str, key: str = "key") -> Reading:
    return Reading(start, end, text, tuple(text.split()), 0.5, key, "surface")


def decoded(text: str, *readings: tuple[Reading, float]) -> Decoded:
    tokens = tokenize(text)
    return Decoded(tokens, readings, [0.0] * len(tokens), (), -1.0)


def proposed(found: Decoded, text: str) -> list[Edit]:
    observer = Observer([found], CHANNEL, MODEL)
    return [proposal.edit for proposal in propose(found, text, 1.0, Calibration(), observer)]


def test_readings_that_amount_to_one_change_add_up() -> None:
    both = decoded("on the site", (reading(0, 2, "at the"), 0.4), (reading(0, 1, "at"), 0.3))
    (change,) = changes(both)
    assert (change.start, change.end, change.text) == (0, 1, "at")
    assert change.posterior == pytest.approx(0.7)


def test_an_article_follows_the_changed_word() -> None:
    text = "a total fabrication"
    edits = proposed(decoded(text, (reading(1, 2, "outright"), 0.9)), text)
    assert apply_edits(text, edits) == "an outright fabrication"
    assert [edit.kind for edit in edits] == ["agreement", "word"]


def test_an_article_that_another_edit_covers_is_left_to_it() -> None:
    text = "as a result of it"
    found = decoded(text, (reading(0, 2, "like some"), 0.3), (reading(2, 3, "outcome"), 0.9))
    edits = proposed(found, text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(edits))


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the corpora in ../shared, which are not part of the project")
def test_every_spun_document_can_be_restored(spun_normalizer: Normalizer) -> None:
    import json
    import lzma

    with lzma.open(SHARED / "corpora" / "spun-unlabelled.jsonl.xz", "rt", encoding="utf-8") as stream:
        for line in itertools.islice(stream, 360, 420):
            result = spun_normalizer.analyze(json.loads(line)["text"])
            everything = sorted((*result.edits, *result.suggestions), key=lambda edit: edit.start)
            assert all(a.end <= b.start for a, b in itertools.pairwise(everything))
            assert result.restored
