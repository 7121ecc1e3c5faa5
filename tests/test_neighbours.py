"""Kinds of text that are not news, and not spun: not one word of them may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import Normalizer
from normalizer.edits import LEXICAL_KINDS

TEXTS = sorted((Path(__file__).parent / "data" / "neighbours").glob("*.txt"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_neighbours_stay(normalizer: Normalizer, path: Path) -> None:
    result = normalizer.analyze(path.read_text(encoding="utf-8"))
    assert [edit for edit in result.edits if edit.kind in LEXICAL_KINDS] == []
    assert result.detection.verdict != "spun"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_their_paragraphs_stay(normalizer: Normalizer, path: Path) -> None:
    for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
        assert [edit for edit in normalizer.analyze(paragraph).edits if edit.kind in LEXICAL_KINDS] == []
