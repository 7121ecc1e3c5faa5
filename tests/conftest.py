"""What several tests need: the shipped engine, loaded once, and the shared material where it exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import Normalizer

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

SPUN = (
    "Austrian International Minister Matthias Lindauer, who chaired the assembly, described the result as a modest "
    "doc with critical penalties. The settlement commits each side to upgrading greater than 1,900km of railway and "
    "creates a joint physique to observe river ranges throughout the area. Officers had warned on Wednesday night that "
    "the summit may break up and not using a joint assertion."
)
"""A spun passage, long enough to be recognised."""

CLEAN = (
    "The committee met on Tuesday to discuss the budget for next year, but its members could not agree on how much "
    "money should go to schools. The chairman said he would call another meeting before the end of the month, because "
    "the government needs an answer before it can publish its own plan."
)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with goldens and corpora, which a checkout for development has beside it."""
    if not SHARED.is_dir():
        pytest.skip("needs the goldens in ../shared, which are not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def normalizer() -> Normalizer:
    """The engine with its default settings."""
    return Normalizer()


@pytest.fixture(scope="session")
def spun_normalizer() -> Normalizer:
    """The engine told that everything is spun."""
    return Normalizer(assume="spun")
