"""Tokens, sentences and longest matches are what their plain definitions say, however they are computed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.channel import Channel
from normalizer.text.sentences import LONGEST, sentences
from normalizer.text.tokens import Token, normalise_token, tokenize

TEXTS = st.lists(st.sampled_from([*"aB.?! \n’'-0,5_éÉİ“”)", "take ", "a look ", "at", "Mr"]), max_size=60).map("".join)
SURFACES = ("take", "a look", "take a look", "take a look at", "a b", "b . a", "b", "mr", "0", "é")


@given(TEXTS, st.integers(0, 20))
def test_tokens_say_where_they_stand(text: str, start: int) -> None:
    tokens = tokenize(text, start)
    for token in tokens:
        assert type(token) is Token
        assert token.text == text[token.start : token.end]
        assert token.norm == normalise_token(token.text)
        assert token.lm == ("0" if token.norm[0].isdigit() else token.norm)
    places = [place for token in tokens for place in range(token.start, token.end)]
    assert places == [place for place in range(start, len(text)) if not text[place].isspace()]


@given(TEXTS)
def test_sentences_hold_every_token_once(text: str) -> None:
    found = list(sentences(text))
    assert [token for sentence in found for token in sentence] == tokenize(text)
    for sentence in found:
        assert 0 < len(sentence) <= LONGEST
        assert "\n" not in text[sentence[0].start : sentence[-1].end]


def test_a_sentence_without_end_is_cut() -> None:
    text = "word " * (2 * LONGEST + 1)
    assert [len(sentence) for sentence in sentences(text)] == [LONGEST, LONGEST, 1]


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Channel:
    path: Path = tmp_path_factory.mktemp("channel") / "channel.tsv"
    path.write_text("".join(f"{surface}\t0.5\t1\t0.5\n" for surface in SURFACES), encoding="utf-8")
    return Channel([path])


@given(TEXTS)
def test_longest_matches_are_the_longest(channel: Channel, text: str) -> None:
    tokens = tokenize(text)
    norms = [token.norm for token in tokens]
    expected, start = [], 0
    while start < len(norms):
        ends = [end for end in range(start + 1, len(norms) + 1) if " ".join(norms[start:end]) in channel]
        if ends:
            expected.append((start, ends[-1]))
        start = ends[-1] if ends else start + 1
    found = channel.longest_matches(tokens)
    assert [(match.start, match.end) for match in found] == expected
    assert all(match.entry == channel.get(" ".join(norms[match.start : match.end])) for match in found)
    assert all(match.prefix == match.suffix == "" for match in found)
