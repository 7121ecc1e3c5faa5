from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from normalizer import Normalizer
from normalizer.channel import Channel
from normalizer.cli.learn import learn
from normalizer.config import Configurations
from normalizer.edits import Edit
from normalizer.ignoring import filter_restoration
from normalizer.language_model import LanguageModel, shipped_model_path
from normalizer.learn.reviewed import IgnoreRule, Pair, collect, proposals, rules, updated
from normalizer.resources import lexicon_path
from normalizer.review.decisions import Decision, Decisions, ReviewedDocument, ReviewedEdit, write_decisions


def edit(original: str, replacement: str) -> Edit:
    evidence = (f"table: {replacement.lower()}→{original.lower()}",)
    return Edit(0, len(original), original, replacement, "word", 0.9, evidence=evidence)


def reviewed(*edits: ReviewedEdit) -> Decisions:
    return Decisions((ReviewedDocument("a.txt", "0" * 64, edits),))


def decided(original: str, replacement: str, decision: Decision, text: str | None = None) -> ReviewedEdit:
    return ReviewedEdit(edit(original, replacement), decision, text)


def weight(entries: Iterable[object], surface: str, key: str) -> float:
    for entry in entries:
        if entry.surface == surface:  # type: ignore[attr-defined]
            return next((c.probability for c in entry.candidates if c.key == key), 0.0)  # type: ignore[attr-defined]
    raise AssertionError(surface)


@pytest.fixture(scope="module")
def shipped() -> Channel:
    return Channel([lexicon_path("en/channel.tsv")])


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(shipped_model_path())


def test_an_accepted_edit_gets_surer(shipped: Channel, model: LanguageModel) -> None:
    before = weight([shipped.get("settlement")], "settlement", "agreement")
    entries = updated(collect([reviewed(decided("settlement", "agreement", "accepted"))]), shipped, model)
    assert weight(entries, "settlement", "agreement") > before


def test_a_rejected_edit_gets_less_sure_and_is_ruled_out(shipped: Channel, model: LanguageModel) -> None:
    verdicts = collect([reviewed(decided("settlement", "agreement", "rejected"))])
    before = weight([shipped.get("settlement")], "settlement", "agreement")
    assert weight(updated(verdicts, shipped, model), "settlement", "agreement") < before
    assert rules(verdicts) == [IgnoreRule("settlement", "agreement")]


def test_what_was_accepted_elsewhere_is_not_ruled_out() -> None:
    both = reviewed(decided("doc", "document", "rejected"), decided("doc", "document", "accepted"))
    assert rules(collect([both])) == []


def test_a_wording_whose_changes_are_all_rejected_is_left_alone() -> None:
    verdicts = collect([reviewed(decided("Getty", "Got", "rejected"), decided("Getty", "Became", "rejected"))])
    assert rules(verdicts) == [IgnoreRule("Getty", None)]


def test_a_corrected_edit_becomes_a_pair(shipped: Channel, model: LanguageModel) -> None:
    verdicts = collect([reviewed(decided("physique", "body", "corrected", "committee"))] * 2)
    (proposal,) = proposals(verdicts)
    assert (proposal.canonical, proposal.variant, proposal.count) == ("committee", "physique", 2)
    entries = updated(verdicts, shipped, model)
    assert weight(entries, "physique", "committee") > 0.0
    assert weight(entries, "physique", "body") < weight([shipped.get("physique")], "physique", "body")


def test_undecided_edits_teach_nothing() -> None:
    verdicts = collect([reviewed(decided("doc", "document", "undecided"))])
    assert verdicts.total == 0
    assert not verdicts.accepted[Pair("document", "doc")]


def test_a_rejected_edit_does_not_return(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spun_passage: str) -> None:
    """Through the files: decisions in, overlay and configuration out, and the next run leaves the word alone."""
    monkeypatch.chdir(tmp_path)
    normalizer = Normalizer()
    made = list(normalizer.analyze(spun_passage).edits)
    rejected = next(e for e in made if e.original == "settlement")
    edits = [
        replace(
            ReviewedEdit.of(e, spun_passage), decision="rejected" if e.original == rejected.original else "accepted"
        )
        for e in made
    ]
    write_decisions(tmp_path / "d.json", Decisions((ReviewedDocument("a.txt", "0" * 64, tuple(edits)),)))
    result = CliRunner().invoke(learn, ["decisions", "d.json", "-o", "team.tsv"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    restoration = Normalizer(lexicons=[tmp_path / "team.tsv"]).analyze(spun_passage)
    kept = filter_restoration(restoration, Configurations().settings_for(tmp_path / "a.txt").rules)
    assert not any((e.original, e.replacement) == (rejected.original, rejected.replacement) for e in kept.edits)
    assert len(kept.edits) > 0.8 * len(made)


def test_nothing_decided_is_refused(tmp_path: Path) -> None:
    write_decisions(tmp_path / "d.json", reviewed(decided("doc", "document", "undecided")))
    result = CliRunner().invoke(learn, ["decisions", str(tmp_path / "d.json"), "-o", str(tmp_path / "o.tsv")])
    assert result.exit_code == 3
    assert "nothing is decided" in result.output
    assert not (tmp_path / "o.tsv").exists()
