"""What the terminal shows fits the screen, says everything without colour, and lets no text of others act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from normalizer.edits import Alternative, Edit
from normalizer.restoration import Restoration
from normalizer.review.card import render_card
from normalizer.review.decisions import Decisions, ReviewedDocument
from normalizer.review.document import Document
from normalizer.review.sentence_card import render_sentence
from normalizer.review.session import Session


def session(text: str, *edits: Edit, path: str = "a.txt") -> Session:
    document = Document.of(path, text.encode(), text, Restoration(text, edits))
    return Session(Decisions((ReviewedDocument.of(document),)), {path: text}, save=lambda decisions: None)


def card(shown: Session, width: int = 79, height: int = 20) -> list[str]:
    return ["".join(text for _, text in line) for line in render_card(shown, width, height)]


def sentence_card(shown: Session, width: int = 79, height: int = 20) -> list[str]:
    return ["".join(text for _, text in line) for line in render_sentence(shown, width, height)]


def columns(line: str) -> int:
    return sum(max(0, wcwidth(char)) for char in line)


DOC = Edit(9, 12, "doc", "document", "word", 0.93, (Alternative("paper", 0.04),), ("table: document→doc",), safe=True)


def test_a_card() -> None:
    assert card(session("A modest doc, he said.", DOC)) == [
        "a.txt:1:10                                               edit 1 of 1, 0 decided",
        "-" * 79,
        "- A modest [-doc-], he said.",
        "",
        "+ A modest {+document+}, he said.",
        "",
        "word, confidence 0.93, safe: undecided",
        "1  0.04  paper",
        "because table: document→doc",
    ]


def test_the_after_line_has_what_was_accepted() -> None:
    shown = session("A modest doc, he said.", Edit(2, 8, "modest", "humble", "word", 0.9), DOC)
    shown.decide("accepted")
    assert "- A modest [-doc-], he said." in card(shown)
    assert "+ A humble {+document+}, he said." in card(shown)


def test_a_decision_is_shown() -> None:
    shown = session("A modest doc, he said.", DOC)
    shown.correct("report")
    assert card(shown)[0] == "End of the review"
    shown.back()
    assert "word, confidence 0.93, safe: corrected to report" in card(shown)
    assert "+ A modest {+report+}, he said." in card(shown)


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("a\x1b[2J doc \x07\x9b31m", "\x1b\x07\x9b"),
        ("\u202eabc doc \u2066x\u2069\u200b", "\u202e\u2066\u2069\u200b"),
        ("a\rb doc \x08\x00", "\r\x08\x00"),
        ("\u2028 doc \x85 ", "\u2028\x85"),
    ],
)
def test_control_characters_come_as_escapes(text: str, forbidden: str) -> None:
    start = text.index("doc")
    edit = Edit(start, start + 3, "doc", f"new{forbidden}", "word", 0.9, (Alternative(forbidden, 0.1),), (forbidden,))
    lines = card(session(text, edit, path=f"x{forbidden}.txt"))
    assert not set("".join(lines)) & set(forbidden)


@pytest.mark.parametrize("render", [card, sentence_card])
@given(
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.integers(20, 120),
    st.integers(3, 40),
)
def test_everything_fits_the_screen(
    render: Callable[[Session, int, int], list[str]], before: str, old: str, new: str, width: int, height: int
) -> None:
    text = before + old + before + old
    first = Edit(len(before), len(before + old), old, new, "word", 0.9, (Alternative(new, 0.1),) * 3, (new,) * 3)
    second = Edit(len(text) - len(old), len(text), old, new, "word", 0.9)
    edits = (first, second) if first.end < second.start else (first,)
    lines = render(session(text, *edits, path=new or "a"), width, height)
    assert len(lines) <= height
    assert all(columns(line) <= width and line.isprintable() for line in lines)


def test_a_word_of_a_million_letters() -> None:
    word = "x" * 1_000_000
    lines = card(session(f"a {word} b", Edit(2, 1_000_002, word, "y", "word", 0.9)))
    assert any("(1000000 characters)" in line for line in lines)
    assert any("{+y+}" in line for line in lines)


def test_ten_thousand_edits_in_a_line() -> None:
    text = "doc " * 10_000
    edits = [Edit(start, start + 3, "doc", "document", "word", 0.9) for start in range(0, 40_000, 4)]
    shown = session(text, *edits)
    assert shown.decide_all("line", "accepted") == 10_000
    shown.back()
    assert "edit 10000 of 10000, 10000 decided" in card(shown)[0]


def test_wide_characters_are_two_columns() -> None:
    text = "漢字" * 60 + " doc " + "漢字" * 60
    lines = card(session(text, Edit(121, 124, "doc", "document", "word", 0.9)), width=40)
    assert all(columns(line) <= 40 for line in lines)
    assert any("[-doc-]" in line for line in lines)


def test_a_sentence() -> None:
    text = "First. A modest doc, he said.\nLast."
    shown = session(text, Edit(9, 15, "modest", "humble", "word", 0.9), Edit(16, 19, "doc", "document", "word", 0.93))
    shown.decide("rejected")
    assert sentence_card(shown) == [
        "a.txt:1:10                                            edits 1-2 of 2, 1 decided",
        "-" * 79,
        "- A modest [-doc-], he said.",
        "",
        "+ A modest {+document+}, he said.",
        "",
        "1  rejected   modest -> humble  [word] 0.90",
        "2  undecided  doc -> document  [word] 0.93",
    ]


def test_a_long_sentence_shows_every_edit_and_less_of_what_stays() -> None:
    words = [f"word{n}" for n in range(150)]
    text = " ".join(words) + "."
    edits = [Edit(text.index(w), text.index(w) + len(w), w, f"new{w}", "word", 0.9) for w in ("word10", "word75")]
    shown = sentence_card(session(text, *edits))
    assert len(shown) <= 20
    everything = " ".join(" ".join(shown).split())
    for part in ("[-word10-]", "[-word75-]", "{+newword10+}", "{+newword75+}", "word9 [-", "-] word11", "..."):
        assert part in everything
    assert "word40" not in everything


def test_more_edits_in_a_sentence_than_fit_are_counted() -> None:
    text = "doc " * 40
    edits = [Edit(4 * n, 4 * n + 3, "doc", "document", "word", 0.9) for n in range(40)]
    shown = sentence_card(session(text, *edits))
    assert len(shown) == 20
    assert "more; Enter steps through them" in shown[-1]
