"""The main promise, on real material: spun articles are restored, clean ones left alone, nothing is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import Normalizer
from normalizer.evaluation.gold import parse_gold
from normalizer.evaluation.scoring import Score, score_text


def restored(normalizer: Normalizer, path: Path) -> tuple[Score, str]:
    gold = parse_gold(path.read_text(encoding="utf-8"))
    text = normalizer.analyze(gold.source).restored
    return score_text(gold, text), text


def test_the_real_article(normalizer: Normalizer, shared: Path) -> None:
    score, text = restored(normalizer, shared / "goldens" / "seed.gold.txt")
    assert score.f_half >= 0.90
    assert score.recall >= 0.90
    for phrase in ("Foreign Minister", "security guarantees", "Getty Images", "stress test", "asked for his response"):
        assert phrase in text


@pytest.mark.parametrize("number", range(1, 15))
def test_goldens(normalizer: Normalizer, shared: Path, number: int) -> None:
    (spun,) = (shared / "goldens" / "spun").glob(f"{number:02d}-*.gold.txt")
    score, text = restored(normalizer, spun)
    assert score.f_half >= 0.70
    assert normalizer.analyze(text).edits == (), "a restored text is restored again"


@pytest.mark.parametrize("number", range(1, 15))
def test_clean_originals_stay(normalizer: Normalizer, shared: Path, number: int) -> None:
    (clean,) = (shared / "goldens" / "clean").glob(f"{number:02d}-*.txt")
    text = clean.read_text(encoding="utf-8")
    assert normalizer.analyze(text).edits == ()
    assert normalizer.detect(text).spun_probability < 0.01


def test_only_the_spun_part_of_a_document_changes(normalizer: Normalizer, shared: Path) -> None:
    (spun,) = (shared / "goldens" / "spun").glob("01-*.gold.txt")
    (clean,) = (shared / "goldens" / "clean").glob("02-*.txt")
    garbled = parse_gold(spun.read_text(encoding="utf-8")).source
    original = clean.read_text(encoding="utf-8")
    result = normalizer.analyze(original + garbled)
    assert len(result.edits) > 50
    assert sum(edit.start < len(original) for edit in result.edits) <= 2
