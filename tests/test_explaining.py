from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import CLEAN, SPUN

from normalizer import Normalizer
from normalizer.explaining import explain
from normalizer.ignoring import IgnoreRule, Rules


def test_every_edit_is_explained(normalizer: Normalizer) -> None:
    found = normalizer.analyze(SPUN)
    explanation = explain(normalizer, SPUN)
    explained = [place.edit for place in explanation.places]
    assert set(found.edits) <= set(explained)
    assert explanation.detection == found.detection
    for place in explanation.places:
        assert place.edit is not None
        assert place.original == SPUN[place.start : place.end]
        assert place.verdict.startswith("edited" if place.edit in found.edits else "only suggested")


def test_a_candidate_has_the_confidence_of_its_edit(normalizer: Normalizer) -> None:
    (place,) = [place for place in explain(normalizer, SPUN).places if place.original == "doc"]
    best = place.options[0]
    assert place.edit is not None
    assert best.canonical == place.edit.replacement == "document"
    assert best.confidence == pytest.approx(place.edit.confidence)
    assert best.posterior is not None
    assert best.posterior > 0.5
    assert best.language > 0
    assert place.kept == pytest.approx(1 - sum(option.posterior or 0.0 for option in place.options), abs=0.05)


def test_clean_text_is_left_alone_and_the_reason_told(normalizer: Normalizer) -> None:
    assert explain(normalizer, CLEAN).places == ()
    column = CLEAN.index("met on") + 1
    places = explain(normalizer, CLEAN, line=1, column=column).places
    assert places
    assert all(place.line == 1 and place.column <= column for place in places)
    assert {place.verdict.partition(" (")[0] for place in places} == {"left alone: the sentence is hardly spun"}


def test_lines_and_encodings_count_in_the_original(normalizer: Normalizer) -> None:
    text = f"CitroÃ«n Inc.\n\n{SPUN}"
    places = explain(normalizer, text, line=3).places
    assert places
    assert all(place.line == 3 and text[place.start : place.end] == place.original for place in places)
    (repaired,) = explain(normalizer, text, line=1, column=2).places
    assert repaired.edit is not None
    assert repaired.edit.kind == "encoding"


def test_rules_and_thresholds_are_named() -> None:
    strict = Normalizer(min_confidence=0.9999)
    assert all(place.verdict.startswith("only suggested") for place in explain(strict, SPUN).places)
    rules = Rules(ignore=(IgnoreRule("doc"),))
    (place,) = [place for place in explain(Normalizer(), SPUN, rules=rules).places if place.original == "doc"]
    assert place.verdict.startswith("left out by an ignore rule")


def test_protected_words_and_conditions(tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text("widget\tx\tgizmolet\tnext=show\nbudget\tx\tpursefund {report}\n", encoding="utf-8")
    own = Normalizer(lexicons=[table])
    text = f"{SPUN}\nThe gizmolet rests. See `doc` here. The pursefund grew."

    def verdict(word: str) -> str:
        column = text.split("\n")[1].index(word) + 1
        return explain(own, text, line=2, column=column).places[0].verdict

    assert verdict("gizmolet") == "left alone: no candidate's conditions are met"
    assert verdict("doc").startswith("left alone: protected")
    assert verdict("pursefund").endswith("its tier is report")


def test_plain_data(normalizer: Normalizer) -> None:
    record = explain(normalizer, SPUN, line=1, column=10).to_dict()
    assert json.loads(json.dumps(record)) == record
    assert {"start", "end", "line", "column", "spun", "kept", "options", "edit", "verdict"} <= set(record["places"][0])
