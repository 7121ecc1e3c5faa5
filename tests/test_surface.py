from __future__ import annotations

import pytest

from normalizer.surface import render
from normalizer.text.tokens import tokenize


@pytest.mark.parametrize(
    ("sentence", "span", "canonical", "expected"),
    [
        ("He stated it", (1, 2), "said", "said"),
        ("Stated earlier", (0, 1), "said", "Said"),
        ("“Full fabrication”", (1, 2), "complete", "Complete"),
        ("the International Minister left", (1, 3), "foreign minister", "Foreign Minister"),
        ("the Chief of Workers left", (1, 4), "chief of staff", "Chief of Staff"),
        ("THE BATTLE GOES ON", (1, 2), "war", "WAR"),
        ("in america now", (1, 2), "the United States", "the United States"),
        ("A call to break up", (0, 2), "a decision", "A decision"),
        ("on 5 roads", (1, 2), "five", "five"),
        ("5 roads", (0, 1), "five", "Five"),
        ("Within the nation", (0, 2), "in the", "In the"),
    ],
)
def test_case_follows_what_is_replaced(sentence: str, span: tuple[int, int], canonical: str, expected: str) -> None:
    assert render(canonical, tokenize(sentence), *span) == expected


def test_typographic_apostrophes_on_request() -> None:
    assert render("it's", tokenize("it is late"), 0, 2, curly=True) == "it’s"
