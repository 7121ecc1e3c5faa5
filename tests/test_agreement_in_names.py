"""Names: an acronym in brackets decides, and one name is repaired one way."""

from __future__ import annotations

import pytest

from normalizer import Edit, Normalizer
from normalizer.acronyms import agree
from normalizer.consistency import consistent
from normalizer.decoder import Decoded, Reading
from normalizer.edits import Alternative
from normalizer.selection import Proposal
from normalizer.text.tokens import tokenize


def reading(start: int, end: int, text: str) -> Reading:
    return Reading(start, end, text, tuple(text.split()), 0.5, text, "surface")


def decoded(text: str, *readings: tuple[Reading, float]) -> Decoded:
    tokens = tokenize(text)
    return Decoded(tokens, readings, [0.5] * len(tokens), (), -1.0)


def posteriors(result: Decoded) -> dict[str, float]:
    return {reading.text: posterior for reading, posterior in result.readings}


def test_initials_choose_among_readings() -> None:
    found = decoded(
        "the Nationwide Safety Company (NSA) said",
        (reading(1, 2, "national"), 0.5),
        (reading(2, 3, "security"), 0.4),
        (reading(2, 3, "protection"), 0.4),
        (reading(3, 4, "agency"), 0.2),
        (reading(3, 4, "firm"), 0.6),
        (reading(0, 1, "that"), 0.3),
    )
    after = posteriors(agree(found))
    assert after["agency"] > 0.9
    assert after["security"] > 0.9
    assert after["firm"] < 0.1
    assert after["protection"] < 0.1
    assert after["that"] == 0.3


def test_a_name_that_fits_its_acronym_stays() -> None:
    found = decoded("the European Union (EU) said", (reading(2, 3, "bloc"), 0.5))
    assert posteriors(agree(found))["bloc"] < 0.05


@pytest.mark.parametrize("text", ["a deal (see below) is", "the firm (BBC) is", "(EU)", "the Safety Company (NSA"])
def test_other_brackets_change_nothing(text: str) -> None:
    found = decoded(text, (reading(1, 2, "agreement"), 0.5))
    assert agree(found) is found


def test_small_words_may_be_skipped_or_counted() -> None:
    for acronym in ("MD", "MOD"):
        found = decoded(
            f"Department of Protection ({acronym})", (reading(0, 1, "ministry"), 0.5), (reading(2, 3, "defence"), 0.5)
        )
        assert min(posteriors(agree(found)).values()) > 0.9


def test_the_whole_engine_heeds_acronyms(spun_normalizer: Normalizer) -> None:
    text = "Officials of the Nationwide Safety Company (NSA) were there."
    assert "National Security Agency (NSA)" in spun_normalizer.analyze(text).restored


def test_one_name_has_one_repair() -> None:
    def place(start: int, replacement: str, confidence: float, *others: Alternative) -> Proposal:
        return Proposal(Edit(start, start + 6, "Motion", replacement, "entity", confidence, others))

    first, second = place(0, "Movement", 0.8), place(50, "Action", 0.5, Alternative("Movement", 0.4))
    lower = Proposal(Edit(70, 76, "motion", "action", "word", 0.7))
    result = [proposal.edit for proposal in consistent([first, second, lower])]
    assert [edit.replacement for edit in result] == ["Movement", "Movement", "action"]
    assert result[0].confidence == result[1].confidence == 0.8
    assert [a.text for a in result[1].alternatives] == ["Action"]
