from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.edits import Edit, Kind
from normalizer.errors import ConfigError
from normalizer.ignoring import IgnoreRule, ProtectedTerm, Rules, filter_restoration
from normalizer.restoration import Restoration


def edits_for(text: str, *changes: tuple[str, str, Kind]) -> tuple[Edit, ...]:
    edits = []
    for original, replacement, kind in changes:
        start = text.index(original)
        edits.append(Edit(start, start + len(original), original, replacement, kind, 0.9))
    return tuple(sorted(edits, key=lambda e: e.start))


def kept(text: str, rules: Rules, *changes: tuple[str, str, Kind]) -> list[str]:
    edits = edits_for(text, *changes)
    both = (
        filter_restoration(Restoration(text, edits, ()), rules),
        filter_restoration(Restoration(text, (), edits), rules),
    )
    assert both[0].edits == both[1].suggestions
    return [edit.original for edit in both[0].edits]


@pytest.mark.parametrize(
    ("rule", "dropped"),
    [
        ("doc", True),
        ("DOC", True),
        (" doc ", True),
        ("doc -> document", True),
        ("Doc->Document", True),
        ("doc -> paper", False),
        ("docs", False),
        ("the doc", False),
    ],
)
def test_ignore(rule: str, dropped: bool) -> None:
    rules = Rules(ignore=(IgnoreRule.parse(rule),))
    assert kept("the Doc here", rules, ("Doc", "Document", "word")) == ([] if dropped else ["Doc"])


def test_ignore_with_case() -> None:
    rules = Rules(ignore=(IgnoreRule("Doc", None, True),))
    assert kept("a doc, a Doc", rules, ("doc", "document", "word"), ("Doc", "Document", "word")) == ["doc"]


def test_spaces_and_quotes_do_not_matter() -> None:
    rules = Rules(ignore=(IgnoreRule("don't look", "won't see"),))
    assert kept("I don’t\n look", rules, ("don’t\n look", "won’t see", "phrase")) == []


@pytest.mark.parametrize(
    ("term", "dropped"),
    [
        ("International Minister", True),
        ("international  minister", True),
        (r"/Inter\w+\sMin/", True),
        ("/international/", True),
        ("Minister", False),
        ("Intern", False),
        ("/^International/", False),
    ],
)
def test_protect(term: str, dropped: bool) -> None:
    rules = Rules(protect=(ProtectedTerm(term),))
    left = kept("The International\nMinister spoke", rules, ("International", "Foreign", "entity"))
    assert left == ([] if dropped else ["International"])


def test_protect_with_case() -> None:
    rules = Rules(protect=(ProtectedTerm("Manger", True), ProtectedTerm("/X+y/", True)))
    changes: list[tuple[str, str, Kind]] = [(w, "q", "word") for w in ("Mr Manger", "a manger", "XXy", "xxy")]
    assert kept("Mr Manger in a manger with XXy and xxy", rules, *changes) == ["a manger", "xxy"]


def test_comments_count_unless_told_otherwise() -> None:
    text = "a doc <!-- normalizer: ignore -->\na settlement"
    changes: tuple[tuple[str, str, Kind], ...] = (("doc", "document", "word"), ("settlement", "agreement", "word"))
    assert kept(text, Rules(), *changes) == ["settlement"]
    assert kept(text, Rules(inline=False), *changes) == ["doc", "settlement"]


def test_an_article_stays_with_its_word() -> None:
    text = "an settlement and an doc"
    changes: tuple[tuple[str, str, Kind], ...] = (
        ("an", "a", "agreement"),
        ("settlement", "accord", "word"),
        ("doc", "document", "word"),
    )
    assert kept(text, Rules(ignore=(IgnoreRule("settlement"),)), *changes) == ["doc"]
    assert kept(text, Rules(ignore=(IgnoreRule("doc"),)), *changes) == ["an", "settlement"]


def test_an_untouched_restoration_is_the_same_object() -> None:
    restoration = Restoration("a doc", edits_for("a doc", ("doc", "document", "word")))
    assert filter_restoration(restoration, Rules(ignore=(IgnoreRule("other"),))) is restoration


def test_a_runaway_pattern_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("normalizer.ignoring.PATTERN_SECONDS", 0.2)
    rules = Rules(protect=(ProtectedTerm("/(?:a|aa)+$/"),))
    text = "a" * 200 + " doc"
    with pytest.raises(ConfigError, match=r"protect: /.*longer than 0\.2 s.*simpler"):
        filter_restoration(Restoration(text, edits_for(text, ("doc", "document", "word"))), rules)


@pytest.mark.parametrize("term", ["", "  ", "/[/", "/(?P<a>/"])
def test_terms_that_make_no_sense(term: str) -> None:
    with pytest.raises(ConfigError):
        ProtectedTerm(term).check()


WORDS = st.sampled_from(["doc", "Doc", "deal", "an", "ox", "it’s", "# normalizer: ignore\n"])


@given(st.lists(WORDS, max_size=12), st.lists(WORDS), st.lists(WORDS))
def test_what_is_kept_was_there_and_is_allowed(words: list[str], ignore: list[str], protect: list[str]) -> None:
    text, edits = "", []
    for word in words:
        if word.strip() == word:
            edits.append(Edit(len(text), len(text) + len(word), word, "new", "word", 0.9))
        text += word + " "
    rules = Rules(tuple(map(IgnoreRule, ignore)), tuple(map(ProtectedTerm, protect)))
    found = filter_restoration(Restoration(text, tuple(edits)), rules)
    spans = rules.spans(text)
    for edit in edits:
        barred = any(rule.matches(edit) for rule in rules.ignore)
        barred |= any(edit.start < end and start < edit.end for start, end in spans)
        assert (edit in found.edits) is not barred
