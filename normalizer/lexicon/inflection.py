"""Inflection: every form of a canonical wording beside the same form of its variants.

The forms come from LemmInflect, which is imported when the first table is inflected: when the channel is built, or
a user's own table is read. Forms that wordfreq has never seen ("importanter") are dropped; what is still wrong is put
right by a list of exceptions (``lexicons/en/inflection.tsv``). British and American forms stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from normalizer.errors import LexiconError
from normalizer.lexicon.dialect import differ_in_dialect
from normalizer.lexicon.table import Condition, PartOfSpeech, Row, Tier, read_source
from normalizer.resources import lexicon_path

_TAGS: dict[PartOfSpeech, tuple[str, ...]] = {
    "v": ("VB", "VBP", "VBZ", "VBD", "VBN", "VBG"),
    "n": ("NNS",),
    "adj": ("JJR", "JJS"),
    "adv": (),
    "x": (),
}

_EXCEPTION_TAGS = {tag for tags in _TAGS.values() for tag in tags}


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
            forms |= _couple(inflect(row.canonical, tag), inflect(variant.text, tag))
        yield from (
            Pair(a, b, weight, tier, row.condition)
            for a, b in sorted(forms)
            if a.lower() != b.lower() and not differ_in_dialect(a, b)
        )


def _couple(canonicals: Sequence[str], variants: Sequence[str]) -> set[tuple[str, str]]:
    """Forms that belong together: by their order where there are equally many, else every one with every one."""
    if len(canonicals) == len(variants):
        return set(zip(canonicals, variants, strict=True))
    return set(product(canonicals, variants))


def inflect(phrase: str, tag: str) -> tuple[str, ...]:
    """The forms of a phrase for a Penn Treebank tag, likeliest first; none where it has no such form.

    Verbs inflect their first word, others their last, or the one before "of". Raises ``LexiconError`` when
    LemmInflect is not installed.

    >>> inflect("take in", "VBD"), inflect("rail link", "NNS"), inflect("important", "JJR")
    (('took in',), ('rail links',), ())
    >>> inflect("travel", "VBD"), inflect("point of view", "NNS"), inflect("attorney general", "NNS")
    (('traveled', 'travelled'), ('points of view',), ('attorneys general',))
    """
    exceptions = _shipped()
    if (phrase, tag) in exceptions:
        return exceptions[phrase, tag]
    if tag.startswith("V"):
        word, gap, after = phrase.partition(" ")
        return tuple(f"{form}{gap}{after}" for form in _forms(word, tag))
    if tag.startswith("J"):
        return () if " " in phrase else _forms(phrase, tag)
    head, of, after = phrase.partition(" of ")
    before, gap, word = head.rpartition(" ")
    return tuple(f"{before}{gap}{form}{of}{after}" for form in _forms(word, tag))


@cache
def _forms(word: str, tag: str) -> tuple[str, ...]:
    """The forms of one word: exceptions first, then LemmInflect's first known form and its other spelling."""
    exceptions = _shipped()
    if (word, tag) in exceptions:
        return exceptions[word, tag]
    if "-" in word and tag.startswith("J"):
        return ()
    if tag == "VBP":
        return (word,)
    regular = tag == "VB" or (zipf(word) < _KNOWN and not tag.startswith("J"))
    known = [
        form
        for form in _inflector()(word, tag)
        if (regular or zipf(form) >= _KNOWN) and ("-" in form) == ("-" in word) and " " not in form
    ]
    return tuple(form for form in known if form == known[0] or differ_in_dialect(form, known[0]))


_KNOWN = 1.0
"""Forms that are rarer than this (Zipf scale, wordfreq) are taken for inventions ("importanter"), unless the word
itself is as rare: of such words nobody has counted the forms.
"""


def zipf(word: str) -> float:
    """The frequency of a word on the Zipf scale (log10 of occurrences in a thousand million words), by wordfreq.

    >>> zipf("house") > zipf("domicile") > zipf("importanter")
    True
    """
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))


def read_forms(path: Path | str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Read a file of exceptions: word, tag, forms. Raises ``LexiconError`` with file and line for anything else."""
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    for number, line in enumerate(read_source(path).split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != 3 or not all(fields) or fields[1] not in _EXCEPTION_TAGS:
            raise LexiconError(
                f"{path}:{number}: {line!r} is not a word, a tag ({', '.join(sorted(_EXCEPTION_TAGS))}) and its forms, "
                "separated by tabs"
            )
        word, tag, joined = fields
        if (word, tag) in forms:
            raise LexiconError(f"{path}:{number}: {word} {tag} stands twice; write all its forms in one line")
        forms[word, tag] = () if joined == "-" else tuple(form.strip() for form in joined.split("|"))
    return forms


@cache
def _shipped() -> dict[tuple[str, str], tuple[str, ...]]:
    return read_forms(lexicon_path("en/inflection.tsv"))


def _inflector() -> Callable[[str, str], tuple[str, ...]]:
    try:
        from lemminflect import getInflection
    except ImportError as error:
        raise LexiconError(
            f"inflecting a table needs LemmInflect, which could not be imported ({error}); reinstall normalizer"
        ) from error
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
        raise LexiconError("base forms come from LemmInflect: reinstall normalizer") from error
    return frozenset(form for forms in getAllLemmas(word).values() for form in forms)
