"""Offsets survive two rounds of edits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from normalizer.edits import Alternative, Edit, apply_edits
from normalizer.offsets import OffsetMap, carry_back, compose

ALPHABET = "ab \n’é"


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[Edit]:
    """Some edits that fit ``text``: replacements, insertions and deletions, touching or apart."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits: list[Edit] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if edits and start == end == edits[-1].end == edits[-1].start:
            continue  # two insertions at one place have no order
        replacement = draw(st.text(ALPHABET, max_size=4))
        edits.append(Edit(start, end, text[start:end], replacement, "word", draw(st.floats(0, 1))))
    return edits


@st.composite
def rounds(draw: st.DrawFn) -> tuple[str, list[Edit], list[Edit]]:
    text = draw(st.text(ALPHABET, max_size=20))
    first = draw(edits_of(text))
    return text, first, draw(edits_of(apply_edits(text, first)))


@given(rounds())
def test_composed_edits_do_what_both_rounds_do(case: tuple[str, list[Edit], list[Edit]]) -> None:
    text, first, second = case
    composed = compose(first, text, second)
    assert apply_edits(text, composed) == apply_edits(apply_edits(text, first), second)


@given(rounds())
def test_composed_edits_lose_nothing(case: tuple[str, list[Edit], list[Edit]]) -> None:
    text, first, second = case
    assert len(compose(first, text, second)) <= len(first) + len(second)
    assert compose(first, text, []) == first
    assert compose([], text, first) == first


@given(st.text(ALPHABET, max_size=20).flatmap(lambda text: st.tuples(st.just(text), edits_of(text))))
def test_positions_map_in_order(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    places = OffsetMap(edits)
    edited = apply_edits(text, edits)
    starts = [places.start(i) for i in range(len(edited) + 1)]
    ends = [places.end(i) for i in range(len(edited) + 1)]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= p <= len(text) for p in starts + ends)


def test_an_unchanged_character_keeps_its_identity() -> None:
    text = "x&amp;y cafÃ© z"
    edits = [Edit(1, 6, "&amp;", "&", "encoding", 0.99), Edit(8, 13, "cafÃ©", "café", "encoding", 0.99)]
    places = OffsetMap(edits)
    edited = apply_edits(text, edits)
    assert text[places.start(edited.index("z"))] == "z"
    assert text[places.start(edited.index("y"))] == "y"


def test_a_later_edit_absorbs_the_earlier_one_that_it_covers() -> None:
    text = "the cafÃ© bar"
    first = [Edit(4, 9, "cafÃ©", "café", "encoding", 0.9, evidence=("encoding: mojibake",), safe=True)]
    second = [Edit(4, 12, "café bar", "pub", "phrase", 0.5, (Alternative("inn", 0.2),), ("table",), True)]
    (edit,) = compose(first, text, second)
    assert (edit.start, edit.end, edit.original, edit.replacement) == (4, 13, "cafÃ© bar", "pub")
    assert (edit.kind, edit.confidence, edit.safe) == ("phrase", 0.45, True)
    assert edit.evidence == ("table", "encoding: mojibake")
    assert edit.alternatives == (Alternative("inn", 0.2 * 0.9),)


def test_touching_edits_stay_apart() -> None:
    text = "â€œHello"
    first = [Edit(0, 3, "â€œ", "“", "encoding", 0.99)]
    second = [Edit(1, 6, "Hello", "Hi", "word", 0.9)]
    assert [(e.start, e.end, e.kind) for e in compose(first, text, second)] == [(0, 3, "encoding"), (3, 8, "word")]


@given(rounds())
def test_suggestions_stand_beside_the_first_round(case: tuple[str, list[Edit], list[Edit]]) -> None:
    text, first, second = case
    beside = carry_back(first, second)
    assert apply_edits(text, [*first, *beside]) is not None  # they fit the text and overlap nothing
    assert {(e.original, e.replacement) for e in beside} <= {(e.original, e.replacement) for e in second}
