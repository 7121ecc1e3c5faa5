"""Our figures are those of the reference scorer."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.errors import InputError
from normalizer.evaluation.alignment import Pair, align
from normalizer.evaluation.gold import Gold, Slot, parse_gold, units
from normalizer.evaluation.scoring import Score, score_line, score_text

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    path = SHARED / "tools" / "score.py"
    if not path.is_file():
        pytest.skip(f"the reference scorer is not at {path}")
    spec = importlib.util.spec_from_file_location("reference_scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def assert_agrees(reference: ModuleType, line: str, restored: str) -> None:
    theirs = reference.Tally()
    reference.score_line(line, restored, theirs)
    assert score_line(line, restored) == Score(
        theirs.right, theirs.wrong, theirs.stray, theirs.required, theirs.repaired
    )


WORDS = st.sampled_from(["a", "A", "b", "the", "deal", "Deal", "in", ",", "don’t", "don't", "x"])
PHRASES = st.lists(WORDS, max_size=3).map(" ".join)
SLOTS = st.builds(
    lambda garbled, arrow, right: f"[[{garbled}{arrow}{'|'.join(right)}]]",
    PHRASES,
    st.sampled_from(["->", "~>"]),
    st.lists(PHRASES, min_size=1, max_size=3),
)
GOLD_LINES = st.lists(WORDS | SLOTS, max_size=12).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(line=GOLD_LINES, restored=st.lists(WORDS, max_size=14).map(" ".join))
def test_any_restored_text_gets_the_reference_figures(reference: ModuleType, line: str, restored: str) -> None:
    assert_agrees(reference, line, restored)


def blunder(gold: str, chance: random.Random) -> str:
    """A restoration of gold text that repairs, misses, mistakes and strays at random."""
    words: list[str] = []
    for unit in units(gold):
        roll = chance.random()
        if isinstance(unit, Slot):
            right = chance.choice(unit.right)
            words += right if roll < 0.6 else unit.source if roll < 0.85 else ("quite", "wrong")
        elif roll < 0.01:
            words += [unit, "stray"]
        elif roll > 0.01:
            words.append(unit)
    return " ".join(words)


@pytest.mark.parametrize("seed", [1, 2])
def test_whole_goldens_get_the_reference_figures(reference: ModuleType, seed: int) -> None:
    paths = [SHARED / "goldens" / "seed.gold.txt", *sorted((SHARED / "goldens" / "spun").glob("*.gold.txt"))[:2]]
    chance = random.Random(seed)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        gold = parse_gold(text)
        assert gold.source == reference.source_of(text)
        restored = "\n".join(blunder(line, chance) for line in text.splitlines())
        theirs = reference.Tally()
        for line, new in zip(text.splitlines(), restored.splitlines(), strict=True):
            reference.score_line(line, new, theirs)
        ours = score_text(gold, restored)
        assert ours == Score(theirs.right, theirs.wrong, theirs.stray, theirs.required, theirs.repaired)
        figures = f"P {ours.precision:.3f} R {ours.recall:.3f} F0.5 {ours.f_half:.3f}"
        assert theirs.report().endswith(figures)


@pytest.mark.parametrize(
    ("line", "restored", "score"),
    [
        ("The [[safety->security]] deal", "The security deal", Score(right=1, required=1, repaired=1)),
        ("The [[safety->security]] deal", "The safety deal", Score(required=1)),
        ("The [[safety->security]] deal", "The Security deal", Score(wrong=1, required=1)),
        ("The [[safety~>security]] deal", "The safety deal", Score()),
        ("The [[safety~>security]] deal", "The security deal", Score(right=1)),
        ("The deal", "The old rotten pact", Score(stray=1)),
        ("“It’s” one", '"It\'s" One', Score()),
        ("a [[in opposition to->against|on]] b", "a on b", Score(right=1, required=1, repaired=1)),
        ("", "", Score()),
    ],
)
def test_the_rules(line: str, restored: str, score: Score) -> None:
    assert score_line(line, restored) == score


def test_nothing_done_is_precise() -> None:
    assert (Score().precision, Score().recall, Score().f_half) == (1.0, 1.0, 1.0)
    assert Score(wrong=1, required=1).f_half == 0.0


def test_far_away_texts_are_aligned_too() -> None:
    pairs = align(list("abcdefghijkl"), tuple("zyxwvutsrqpo"))
    assert len(pairs) == 12
    assert pairs[0] == Pair("a", ("z",))


def test_notes_tell_what_happened() -> None:
    score = score_line("[[safety->security]] of [[all->everyone]] here", "safety of each there")
    assert score.notes == (
        "missed: 'safety'",
        "wrong: 'all' became 'each', not 'everyone'",
        "stray: 'here' became 'there'",
    )


def test_line_counts_must_agree() -> None:
    with pytest.raises(InputError, match="g: the restored text has 2 lines, the gold 1"):
        score_text(parse_gold("one"), "one\ntwo", "g")


def test_an_open_slot_is_an_error() -> None:
    with pytest.raises(InputError, match="g:2: a slot is not closed"):
        parse_gold("fine [[a->b]]\n[[c->d", "g")


def test_gold_between_slots() -> None:
    gold = parse_gold("The [[safety->security]] of [[all->everyone]].")
    assert isinstance(gold, Gold)
    assert gold.source == "The safety of all."
    assert gold.between(4, 13) == "[[safety->security]] of"
