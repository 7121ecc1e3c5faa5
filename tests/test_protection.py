"""What must not be touched is not touched, whatever the document is."""

from __future__ import annotations

import pickle

import pytest
from conftest import SPUN
from hypothesis import given
from hypothesis import strategies as st

from normalizer import ConfigError, Normalizer
from normalizer.text.names import names
from normalizer.text.protect import Protected, quotations, titles
from normalizer.text.sentences import sentences
from normalizer.text.tokens import tokenize

KEPT = [
    "https://example.org/physique/assertion",
    "www.greater-than.com/doc",
    "assertion@physique.example.org",
    "@physique",
    "#physique",
    "`physique = doc`",
    "``physique `doc` ``",
    '<a href="physique.html" title="joint physique">',
    "<code>joint physique</code>",
    "<!-- joint physique -->",
    "<script>var physique = 'joint physique';</script>",
    "/home/joint/physique",
    "C:\\joint\\physique",
    "joint_physique",
    "5 km",
    "2.4bn",
    "12 mg",
    "“The Physique of Settlement”",
    '"Joint Physique"',
]


def covered(text: str) -> str:
    protected = Protected(text)
    return "".join(token.text for token in tokenize(text) if protected.covers(token))


@pytest.mark.parametrize("kept", KEPT)
def test_a_stretch_is_protected_and_nothing_else(kept: str) -> None:
    assert covered(f"It said {kept} on Monday.") == "".join(token.text for token in tokenize(kept))


@pytest.mark.parametrize(
    "text",
    [
        "He said 5 kings came, about 3 of them in 1900.",
        "“Good morning to you,” he said.",
        "It is a “modest doc” and “The End.”",
        "1 < 2 and 3 > 2, and/or so",
        "Rock 'n' roll isn’t dead: the ’90s are back.",
        "snake case and 20s or 90s",
    ],
)
def test_ordinary_text_is_not_protected(text: str) -> None:
    assert covered(text) == ""


def test_front_matter_and_fences_are_protected() -> None:
    text = (
        "---\ntitle: the physique\n---\nThe physique.\n\n```python\nphysique = 1\n```\nMore physique.\n~~~\nphysique\n"
    )
    free = "".join(f" {token.text}" for token in tokenize(text) if not Protected(text).covers(token))
    assert free == " The physique . More physique ."


@given(st.text(max_size=400))
def test_any_text_can_be_searched(text: str) -> None:
    for token in tokenize(text):
        Protected(text).covers(token)
    for start, end in (*quotations(text), *titles(text)):
        assert 0 <= start < end <= len(text)


def test_spans_are_found_in_linear_time() -> None:
    for text in (
        "<a " * 20_000,
        "<code>" * 20_000,
        "`" * 40_000,
        "“" * 40_000,
        "a_" * 40_000,
        "/a" * 40_000,
        "<!--" * 9_000,
    ):
        Protected(text)
        quotations(text)


def test_names_of_people_are_no_common_nouns() -> None:
    text = "Mr. Price met Will Ferrell. Both like Rose Tyler, said Price. The Price of it rose. Ask Dr Rose’s wife."
    found = names(list(sentences(text)), {"will", "rose"})
    kept = [text[start:].split(" ")[0].rstrip(".,") for start in sorted(found)]
    assert kept == ["Price", "Will", "Ferrell", "Rose", "Tyler", "Price", "Rose’s"]


QUOTED = SPUN.replace("a modest doc with critical penalties", "“a modest doc with critical penalties”")


def test_quotations_are_repaired_unless_told_otherwise(normalizer: Normalizer) -> None:
    assert "“a modest document" in normalizer.analyze(QUOTED).restored
    left = Normalizer(quotes="leave").analyze(QUOTED)
    assert "“a modest doc with critical penalties”" in left.restored
    assert "body" in left.restored
    with pytest.raises(ConfigError, match="quotes"):
        Normalizer(quotes="keep")  # type: ignore[arg-type]


def test_users_terms_are_protected() -> None:
    plain = Normalizer(protect=["joint physique", "/modest \\w+/"])
    restored = pickle.loads(pickle.dumps(plain)).analyze(SPUN).restored
    assert "joint physique" in restored
    assert "modest doc" in restored
    assert "more than 1,900km" in restored


@pytest.mark.parametrize("terms", [["/(/"], [""], "word"])
def test_terms_that_make_no_sense_are_refused(terms: list[str] | str) -> None:
    with pytest.raises(ConfigError):
        Normalizer(protect=terms)


@pytest.mark.parametrize("pair", ["colour color", "grey gray", "favourite favorite", "theatre theater"])
def test_dialect_is_not_repaired(spun_normalizer: Normalizer, pair: str) -> None:
    for word, other in (pair.split(), reversed(pair.split())):
        result = spun_normalizer.analyze(f"It was the {word} that they had always liked best.")
        found = [*result.edits, *result.suggestions]
        assert other not in [edit.replacement for edit in found]
