from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.lsp.positions import Encoding, Positions

TEXTS = st.text(st.sampled_from("ab é😀\n\r\u2028\u200d"))
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(TEXTS, ENCODINGS)
def test_there_and_back(text: str, encoding: Encoding) -> None:
    places = Positions(text, encoding)
    for offset in range(len(text) + 1):
        line, character = places.position(offset)
        if 0 < offset < len(text) and text[offset - 1 : offset + 1] == "\r\n":
            continue  # a place that editors do not have
        assert places.offset(line, character) == offset


@given(TEXTS, ENCODINGS, st.integers(-2, 30), st.integers(-2, 30))
def test_any_position_is_somewhere(text: str, encoding: Encoding, line: int, character: int) -> None:
    assert 0 <= Positions(text, encoding).offset(line, character) <= len(text)


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 7), ("utf-16", 3), ("utf-32", 2)])
def test_units(encoding: Encoding, character: int) -> None:
    assert Positions("\u2028😀ab\ncd", encoding).position(2) == (0, character)


@pytest.mark.parametrize("text", ["one\ntwo", "one\rtwo", "one\r\ntwo"])
def test_line_ends(text: str) -> None:
    assert Positions(text).position(len(text)) == (1, 3)
    assert Positions(text).offset(0, 99) == 3
