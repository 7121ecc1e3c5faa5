from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.edits import Edit
from normalizer.errors import InputError
from normalizer.restoration import Restoration
from normalizer.review.baseline import Baseline, fingerprints, read_baseline

WORDS = {"doc": "document", "deal": "agreement", "an": "a", "ox": "ox", "\r\n": "\r\n", "\n": "\n", "\u2028": "\u2028"}
TEXTS = st.lists(st.sampled_from(sorted(WORDS)), max_size=25)


def restoration(words: list[str], *, fixed: frozenset[int] = frozenset()) -> Restoration:
    """The words one after the other; those in ``fixed`` are corrected already, the others have edits."""
    text, edits = "", []
    for number, word in enumerate(words):
        right = WORDS[word]
        if word == right or number in fixed:
            text += right + " "
            continue
        edits.append(Edit(len(text), len(text) + len(word), word, right, "word", 0.9))
        text += word + " "
    return Restoration(text, tuple(edits))


def baseline(found: Restoration) -> Baseline:
    return read_baseline(Baseline({}).updated({"a.txt": fingerprints(found)}).to_json(), "b.json")


@given(TEXTS)
def test_what_was_written_is_known(words: list[str]) -> None:
    found = restoration(words)
    assert baseline(found).unknown("a.txt", found).edits == ()
    assert baseline(found).unknown("b.txt", found).edits == found.edits


@given(TEXTS, TEXTS, TEXTS)
def test_moved_lines_stay_known(words: list[str], before: list[str], after: list[str]) -> None:
    found = restoration(words)
    moved = restoration([*before, "\n", *words, "\n", *after])
    new = baseline(found).unknown("a.txt", moved)
    assert len(new.edits) == len(moved.edits) - len(found.edits)


@given(TEXTS, st.frozensets(st.integers(0, 24)))
def test_correcting_some_makes_none_new(words: list[str], fixed: frozenset[int]) -> None:
    assert baseline(restoration(words)).unknown("a.txt", restoration(words, fixed=fixed)).edits == ()


def test_equal_findings_are_counted() -> None:
    known = baseline(restoration(["doc", "\n", "doc", "\n"]))
    more = restoration(["doc", "\n", "doc", "\n", "doc", "\n"])
    assert [edit.start for edit in known.unknown("a.txt", more).edits] == [12]


def test_the_context_tells_findings_apart() -> None:
    known = baseline(restoration(["ox", "doc"]))
    assert len(known.unknown("a.txt", restoration(["doc", "ox"])).edits) == 1


def test_suggestions_stay() -> None:
    found = restoration(["doc"])
    held_back = Restoration(found.original, (), found.edits)
    assert baseline(found).unknown("a.txt", held_back) is held_back


def test_updating() -> None:
    old = Baseline({"a": {"0": 1}, "b": {"1": 1}, "c": {"2": 1}, "d": {"3": 1}})
    assert old.updated({"b": {"9": 2}, "c": {}}, gone=["d"]).files == {"a": {"0": 1}, "b": {"9": 2}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "b.json:1: not a baseline"),
        ("[]", "b.json: not a baseline of version 1"),
        ('{"version": 2, "files": {}}', "b.json: not a baseline of version 1"),
        ('{"version": 1}', "b.json: files has to map paths to counts"),
        ('{"version": 1, "files": {"a": {"0": "1"}}}', "b.json: files has to map paths to counts"),
        ("[" * 100_000, "b.json"),
    ],
)
def test_what_is_no_baseline(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_baseline(text, "b.json")
    assert message in str(caught.value)


def test_the_file_is_stable() -> None:
    one = Baseline({"b": {"1": 1, "0": 2}, "a": {"2": 1}}).to_json()
    other = Baseline({"a": {"2": 1}, "b": {"0": 2, "1": 1}}).to_json()
    assert one == other
    assert json.loads(one)["version"] == 1
