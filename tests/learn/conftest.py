"""A spun passage and its original, for the tests of learning."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import Normalizer


@pytest.fixture(scope="session")
def spun_passage() -> str:
    """A spun article."""
    path = Path(__file__).resolve().parents[2] / "examples" / "diplomacy-summit.txt"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def clean_passage(spun_passage: str) -> str:
    """The article as the engine restores it: close enough to an original."""
    return Normalizer(assume="spun").analyze(spun_passage).restored
