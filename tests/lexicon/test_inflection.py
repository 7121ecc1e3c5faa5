"""Inflection, its exceptions, and British and American spellings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from normalizer import LexiconError
from normalizer.lexicon.dialect import american, differ_in_dialect, read_spellings
from normalizer.lexicon.inflection import expand, inflect, read_forms
from normalizer.lexicon.table import parse_row


def pairs(line: str) -> set[tuple[str, str]]:
    return {(pair.canonical, pair.variant) for pair in expand(parse_row(line))}


@pytest.mark.parametrize(
    ("word", "tag", "forms"),
    [
        ("stop", "VBG", ("stopping",)),
        ("benefit", "VBD", ("benefited", "benefitted")),
        ("cancel", "VBD", ("canceled", "cancelled")),
        ("organise", "VBD", ("organised",)),
        ("be aware of", "VBD", ("were aware of", "was aware of")),
        ("be aware of", "VBZ", ("is aware of",)),
        ("overcome", "VBD", ("overcame",)),  # not "over-came"
        ("offset", "VBD", ("offset",)),
        ("program", "VBD", ("programmed",)),
        ("information", "NNS", ("information",)),
        ("mother-in-law", "NNS", ("mothers-in-law",)),
        ("work of art", "NNS", ("works of art",)),
        ("long-term", "JJR", ()),
        ("important", "JJR", ()),
        ("last", "JJS", ()),
        ("well-known", "JJS", ("best-known",)),
    ],
)
def test_forms(word: str, tag: str, forms: tuple[str, ...]) -> None:
    assert inflect(word, tag) == forms


def test_forms_stay_together() -> None:
    found = pairs("test\tv\ttake a look at")
    assert {("tested", "took a look at"), ("tested", "taken a look at"), ("testing", "taking a look at")} <= found
    assert ("testing", "took a look at") not in found


def test_be_agrees_in_number() -> None:
    found = pairs("know\tv\tbe aware of")
    assert {("know", "are aware of"), ("knows", "is aware of"), ("knew", "was aware of")} <= found
    assert ("knows", "are aware of") not in found


def test_nouns_have_plurals() -> None:
    assert pairs("guarantee\tn\twarranty") == {("guarantee", "warranty"), ("guarantees", "warranties")}
    assert ("details", "information") in pairs("detail\tn\tinformation")


def test_both_spellings_are_restored_and_neither_is_repaired() -> None:
    assert {("traveled", "journeyed"), ("travelled", "journeyed")} <= pairs("travel\tv\tjourney")
    assert pairs("colour\tn\tcolor|hue") == {("colour", "hue"), ("colours", "hues")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colour", "color"),
        ("favourite", "favorite"),
        ("organisation", "organization"),
        ("analysed", "analyzed"),
        ("travelling", "traveling"),
        ("fulfil", "fulfill"),
        ("theatre", "theater"),
        ("licence", "license"),
        ("learnt", "learned"),
        ("the grey area", "the gray area"),
    ],
)
def test_dialects(one: str, other: str) -> None:
    assert differ_in_dialect(one, other)
    assert differ_in_dialect(other, one)
    assert not differ_in_dialect(one, one)


@pytest.mark.parametrize(
    ("one", "other"), [("filled", "filed"), ("four", "for"), ("lift", "elevator"), ("rise", "size")]
)
def test_other_words_are_no_dialect(one: str, other: str) -> None:
    assert not differ_in_dialect(one, other)


def test_american_spelling_is_stable() -> None:
    for word in ("honourable", "organisations", "centre", "travelled", "house", "dialogue", "a", "size", "exercise"):
        assert american(american(word)) == american(word)


def test_broken_exceptions_are_named(tmp_path: Path) -> None:
    path = tmp_path / "inflection.tsv"
    for text, message in [
        ("go\tVBD\twent\nsee\tPAST\tsaw\n", r"inflection\.tsv:2: .* is not a word, a tag"),
        ("go\tVBD\n", "not a word, a tag"),
        ("go\tVBD\twent\ngo\tVBD\tgoed\n", r":2: go VBD stands twice"),
    ]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(LexiconError, match=message):
            read_forms(path)
    path.write_text("# none\nmidst\tNNS\t-\nbe\tVBD\twere|was\n", encoding="utf-8")
    assert read_forms(path) == {("midst", "NNS"): (), ("be", "VBD"): ("were", "was")}


def test_broken_spellings_are_named(tmp_path: Path) -> None:
    path = tmp_path / "dialect.tsv"
    for text in ("colour-\tcolor-\ngrey gray\n", "grey\tgray\n-our\tor-\n", "a\tb\nsame\tsame\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(LexiconError, match=r"dialect\.tsv:2: .* is not a British and an American spelling"):
            read_spellings(path)


def test_the_inflector_is_imported_late() -> None:
    code = "import sys, normalizer.lexicon.inflection, normalizer.lexicon.lint; print('lemminflect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
