"""Inflection: every form of a canonical wording beside the same form of its variants.

Used when the channel is built, not at run time. The forms come from LemmInflect; forms that wordfreq has never seen
("importanter") are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from normalizer.errors import LexiconError
from normalizer.lexicon.table import PartOfSpeech, Row

_TAGS: dict[PartOfSpeech, tuple[str, ...]] = {
    "v": ("VB", "VBZ", "VBD", "VBN", "VBG"),
    "n": ("NNS",),
    "adj": ("JJR", "JJS"),
    "adv": (),
    "x": (),
}


def expand(row: Row) -> Iterator[tuple[str, str, int]]:
    """All (canonical form, variant form, rank) triples of a row; rank 0 is the likeliest variant.

    Raises ``LexiconError`` when LemmInflect is not installed.

    >>> [pair[:2] for pair in expand(Row("tell", "v", ("inform",)))]
    [('tell', 'inform'), ('telling', 'informing'), ('tells', 'informs'), ('told', 'informed')]
    """
    for rank, variant in enumerate(row.variants):
        forms = set() if row.part_of_speech == "v" else {(row.canonical, variant)}
        for tag in _TAGS[row.part_of_speech]:
            canonical_form, variant_form = inflect(row.canonical, tag), inflect(variant, tag)
            if canonical_form and variant_form:
                forms.add((canonical_form, variant_form))
        yield from ((a, b, rank) for a, b in sorted(forms) if a.lower() != b.lower())


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
    """Prior weights of a set of rows: canonical form -> variant form -> weight (1 for the first variant, 1/2, …)."""
    weights: dict[str, dict[str, float]] = {}
    for row in rows:
        for canonical, variant, rank in expand(row):
            of = weights.setdefault(canonical, {})
            of[variant] = max(of.get(variant, 0.0), 1.0 / (rank + 1))
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
