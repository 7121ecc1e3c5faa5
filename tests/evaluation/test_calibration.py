"""Edits are judged by the gold, and probabilities by the edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.edits import Edit
from normalizer.errors import InputError
from normalizer.evaluation.calibration import Judged, expected_calibration_error, judge_edits, reliability
from normalizer.evaluation.damage import Damage, damage
from normalizer.evaluation.floors import pin, read_floors, regressions, write_floors
from normalizer.evaluation.gold import parse_gold
from normalizer.evaluation.report import Evaluation
from normalizer.evaluation.scoring import Score
from normalizer.restoration import Restoration

GOLD = parse_gold(
    "The [[safety->security]] [[ensures->guarantees]] of [[all~>everyone]], they [[stated->said]].\n"
    "End of the [[union->bloc]]’s"
)


def edit(original: str, replacement: str, confidence: float = 0.9) -> Edit:
    start = GOLD.source.index(original)
    return Edit(start, start + len(original), original, replacement, "word", confidence)


@pytest.mark.parametrize(
    ("edits", "right"),
    [
        ([edit("safety", "security")], [True]),
        ([edit("safety", "Security")], [False]),
        ([edit("safety ensures", "security guarantees")], [True]),
        ([edit("safety ensures", "security ensures")], [True]),
        ([edit("safety ensures", "security makes")], [False]),
        ([edit("safety", "security"), edit("ensures", "makes")], [True, False]),
        ([edit("they", "we")], [False]),
        ([edit("all, they", "everyone, they")], [True]),
        ([edit("End", "END")], []),
        ([edit("en", "an"), edit("sures", "tees")], [False, False]),
        ([edit("union’s", "bloc’s")], [True]),
        ([edit("union", "bloc")], [True]),
        ([], []),
    ],
)
def test_edits_are_judged_by_the_slots_that_they_touch(edits: list[Edit], right: list[bool]) -> None:
    assert [judged.right for judged in judge_edits(GOLD, edits)] == right


JUDGED = st.lists(st.builds(Judged, st.floats(0, 1), st.booleans()), max_size=60)


@given(JUDGED, st.integers(1, 12))
def test_bins_hold_every_edit_once(judged: list[Judged], bins: int) -> None:
    sizes = [b.count for b in reliability(judged, bins)]
    assert sum(sizes) == len(judged)
    assert not sizes or max(sizes) - min(sizes) <= 1


@given(JUDGED)
def test_the_error_is_a_share(judged: list[Judged]) -> None:
    assert 0 <= expected_calibration_error(judged) <= 1 + 1e-6


def test_honest_probabilities_have_no_error() -> None:
    judged = [Judged(0.75, i % 4 != 0) for i in range(40)]
    assert expected_calibration_error(judged) == pytest.approx(0)


def test_damage_counts_lexical_edits_only() -> None:
    encoding = Edit(0, 5, "cafÃ©", "café", "encoding", 0.99)
    word = Edit(6, 9, "bar", "pub", "word", 0.9)
    assert damage(Restoration("cafÃ© bar", (encoding, word))) == Damage(1, 2)
    assert Damage().per_10_000_words == 0


def test_floors_survive_a_round_trip() -> None:
    pinned = pin({"precision": 0.91239, "ece": 0.051201, "damage": 0.0}, {"recall": 0.8})
    assert pinned == {"recall": 0.8, "precision": 0.9123, "ece": 0.0513, "damage": 0.0}
    assert read_floors(write_floors(pinned), "f") == pinned
    assert regressions({"precision": 0.91239, "ece": 0.051201}, pinned) == []
    assert regressions({"damage": 0.2}, pinned) == ["damage is 0.2000, above the ceiling 0.0000"]


@pytest.mark.parametrize("text", ["[]", '{"floors": {}}', '{"floors": {"a": "x"}, "ceilings": {}}', "{"])
def test_a_broken_floors_file_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match=r"^f:1: "):
        read_floors(text, "f")


def test_a_report_shows_what_was_measured() -> None:
    result = Evaluation(
        {"a": Score(9, 1, 0, 10, 9), "b": Score(1, 0, 0, 1, 1)}, (Judged(0.9, True),), Damage(2, 10_000)
    )
    assert result.to_dict()["figures"] == {
        "precision": 0.9091,
        "recall": 0.9091,
        "f0.5": 0.9091,
        "ece": 0.1,
        "damage": 2.0,
    }
    table = result.to_table().splitlines()
    assert [line.split()[0] for line in table] == ["gold", "a", "b", "total", "expected", "damage"]
    assert Evaluation({}, (), Damage(0, 5)).to_table() == "damage 0.00 lexical edits in 10,000 words (0 in 5)\n"
