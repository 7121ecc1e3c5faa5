"""Inflection: every form of a canonical wording beside the same form of its variants.

Used when the channel is built, not at run time. The forms come from LemmInflect; forms that wordfreq has never seen
("importanter") are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from normalizer.errors import LexiconError
from normalizer.lexicon.table import Condition, PartOfSpeech, Row, Tier

_TAGS: dict[PartOfSpeech, tuple[str, ...]] = {
    "v": ("VB", "VBZ", "VBD", "VBN", "VBG"),
    "n": ("NNS",),
    "adj": ("JJR", "JJS"),
    "adv": (),
    "x": (),
}


class Pair(NamedTuple):
    """One form of a canonical wording and the same form of a variant, with what the table says of the two."""

    canonical: str
    variant: str
    weight: float
    tier: Tier
    condition: Condition


def expand(row: Row) -> Iterator[Pair]:
    r"""All pairs of forms of a row, variants in their order.

    Raises ``LexiconError`` when LemmInflect is not installed.

    >>> from normalizer.lexicon.table import parse_row
    >>> [pair[:2] for pair in expand(parse_row("tell\tv\tinform"))]
    [('tell', 'inform'), ('telling', 'informing'), ('tells', 'informs'), ('told', 'informed')]
    """
    for variant, weight, tier in zip(row.variants, row.weights, row.tiers, strict=True):
        forms = set() if row.part_of_speech == "v" else {(row.canonical, variant.text)}
        for tag in _TAGS[row.part_of_speech]:
            canonical_form, variant_form = inflect(row.canonical, tag), inflect(variant.text, tag)
            if canonical_form and variant_form:
                forms.add((canonical_form, variant_form))
        yield from (Pair(a, b, weight, tier, row.condition) for a, b in sorted(forms) if a.lower() != b.lower())


def inflect(phrase: str, tag: str) -> str | None:
    """A form of a phrase, by Penn Treebank tag; verbs inflect their first word, others their last.

    >>> inflect("take in", "VBD"), inflect("rail link", "NNS"), inflect("important", "JJR")
    ('took in', 'rail links', None)
    """
    verb = tag.startswith("V")
    if tag.startswith("J") and " " in phrase:
        return None
    before, gap, word = ("", "", phrase)
    after = ""
    if verb:
        word, gap, after = phrase.partition(" ")
        form = _form(word, tag)
        return f"{form}{gap}{after}" if form else None
    before, gap, word = phrase.rpartition(" ")
    form = _form(word, tag)
    return f"{before}{gap}{form}" if form else None


@cache
def _form(word: str, tag: str) -> str | None:
    forms: tuple[str, ...] = _inflector()(word, tag)
    known = [form for form in forms if tag == "VB" or zipf(form) >= 1.0]
    return known[0] if known else None


def zipf(word: str) -> float:
    """The frequency of a word on the Zipf scale (log10 of occurrences in a thousand million words), by wordfreq.

    >>> zipf("house") > zipf("domicile") > zipf("importanter")
    True
    """
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))


def _inflector() -> Callable[[str, str], tuple[str, ...]]:
    try:
        from lemminflect import getInflection
    except ImportError as error:
        raise LexiconError("building a channel needs LemmInflect: python -m pip install 'normalizer[build]'") from error
    function: Callable[[str, str], tuple[str, ...]] = getInflection
    return function


def expand_all(rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    """Prior weights of a set of rows: canonical form -> variant form -> weight; of several, the greatest."""
    weights: dict[str, dict[str, float]] = {}
    for row in rows:
        for pair in expand(row):
            of = weights.setdefault(pair.canonical, {})
            of[pair.variant] = max(of.get(pair.variant, 0.0), pair.weight)
    return weights


def lemmas(word: str) -> frozenset[str]:
    """The base forms that a word may be a form of. Raises ``LexiconError`` when LemmInflect is not installed.

    >>> sorted(lemmas("said"))
    ['say']
    """
    try:
        from lemminflect import getAllLemmas
    except ImportError as error:
        raise LexiconError("base forms come from LemmInflect: python -m pip install 'normalizer[learn]'") from error
    return frozenset(form for forms in getAllLemmas(word).values() for form in forms)
