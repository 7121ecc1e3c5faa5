"""From paths to mined pairs: reads articles, finds their originals, checks what is given, and mines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from normalizer.channel import Channel
from normalizer.errors import InputError
from normalizer.learn.duplicates import Originals, matched
from normalizer.learn.lexicon import Known
from normalizer.learn.pairs import Articles, Mined, MiningSettings, mine, swapped
from normalizer.learn.progress import bar
from normalizer.learn.texts import Corpus, required
from normalizer.lexicon.numbers import read_values
from normalizer.resources import lexicon_path

CHECKED = 40
"""How many pairs of articles are judged, to see whether originals and copies were swapped."""


class Input(NamedTuple):
    """Where articles are: ``paths`` of originals and copies, or of one table of pairs; how they are read."""

    paths: tuple[str, ...]
    form: str | None = None
    text_field: str = "text"
    id_field: str | None = None
    original_field: str = "original"
    copy_field: str = "copy"


@dataclass
class Table:
    """A table with an original and its copy in every row."""

    given: Input

    def __iter__(self) -> Iterator[Articles]:
        given = self.given
        corpus = Corpus(given.paths, given.form, given.copy_field, given.original_field)
        for text in required(corpus, corpus):
            yield Articles(text.name, text.id, text.text)


@dataclass
class TwoTexts:
    """One original and its copy, each a file of text."""

    original: str
    copy: str

    def __iter__(self) -> Iterator[Articles]:
        corpora = Corpus([self.original], "text"), Corpus([self.copy], "text")
        (original,), (copy,) = (list(required(corpus, corpus)) for corpus in corpora)
        yield Articles(self.copy, original.text, copy.text)


class TwoCorpora:
    """A corpus of originals and one of copies, of which nobody knows which belong together."""

    def __init__(self, given: Input, known: Known, *, quiet: bool = True) -> None:
        self.given, self.known, self.quiet = given, known, quiet
        self.left: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Articles]:
        originals = self._originals
        self.left.clear()
        copies = self._corpus(1)
        with bar(copies.size, "copies", quiet=self.quiet) as advance:
            for articles in matched(required(copies, copies), originals, self.left):
                advance(copies.consumed, "")
                yield articles

    @cached_property
    def _originals(self) -> Originals:
        originals = Originals(lambda word: not self.known.word(word))
        corpus = self._corpus(0)
        with bar(corpus.size, "originals", quiet=self.quiet) as advance:
            for text in required(corpus, corpus):
                originals.add(text)
                advance(corpus.consumed, f"{len(originals):,} texts")
        return originals

    def _corpus(self, index: int) -> Corpus:
        given = self.given
        return Corpus([given.paths[index]], given.form, given.text_field, given.id_field)


def mine_paths(given: Input, settings: MiningSettings, *, quiet: bool = True) -> Mined:
    """Mine pairs from what ``given`` names.

    Raises ``InputError`` when the articles are identical, not aligned, or seem to have been swapped.
    """
    channels = tuple(Channel([lexicon_path(f"en/{name}.tsv")]) for name in ("channel", "thesaurus"))
    known = Known(channels)
    articles: Table | TwoTexts | TwoCorpora
    if len(given.paths) == 1:
        articles = Table(given)
    elif all(_is_text(path) for path in given.paths) and given.form in (None, "text"):
        articles = TwoTexts(*given.paths)
    else:
        articles = TwoCorpora(given, known, quiet=quiet)
    check_order(articles)
    numbers = read_values(lexicon_path("en/number-words.tsv"))
    try:
        mined = mine(articles, numbers, known.word, known, settings)
    except InputError as error:
        left = articles.left["without an original"] if isinstance(articles, TwoCorpora) else 0
        if left:
            raise InputError(
                f"none of the {left} copies has its original in {given.paths[0]}; nothing can be aligned"
            ) from error
        raise InputError(f"{' and '.join(given.paths)}: {error}") from error
    if isinstance(articles, TwoCorpora):
        mined.skipped.update(articles.left)
    return mined


def check_order(articles: Table | TwoTexts | TwoCorpora) -> None:
    """Judge the first articles. Raises ``InputError`` when the originals are spun and the copies are not."""
    from normalizer.pipeline import Normalizer

    judge = Normalizer().detect
    some = list(islice(articles, CHECKED))
    originals = [judge(pair.original).spun_probability for pair in some]
    copies = [judge(pair.copy).spun_probability for pair in some]
    if some and swapped(originals, copies):
        raise InputError("the originals look spun and the copies do not: name the originals first, then their copies")


def _is_text(path: str) -> bool:
    return Path(path).is_file() and Path(path).suffix.lower() in {".txt", ".text", ".md", ".markdown", ""}
