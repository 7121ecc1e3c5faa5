"""Words that vanish from spun text, or surge in it, compared with clean text.

The measure is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), divided by its
standard deviation. A topic's words surge as well; they do so in few documents, or are names, and are kept out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import NamedTuple

from normalizer.text.sentences import sentences
from normalizer.text.tokens import Token


class Contrast(NamedTuple):
    """How a surface differs: its ``places`` in spun text, in so many ``documents``, what clean text lets expect, the
    ``ratio`` of the two, and ``z``, the log-odds ratio in standard deviations.
    """

    surface: str
    places: int
    documents: int
    expected: float
    ratio: float
    z: float


class ContrastSettings(NamedTuple):
    """From what ``ratio`` and ``z`` on a surface surges or vanishes.

    ``documents``: the least share of documents that a surging one stands in, and ``fewest`` the least number.
    ``bursts``: occurrences for each document at most, on average; ``expected``: how often a vanishing one must be
    expected. ``prior``: what the prior is worth, as a share of the spun text.
    """

    ratio: float = 5.0
    z: float = 4.0
    documents: float = 0.01
    fewest: int = 5
    bursts: float = 4.0
    expected: float = 8.0
    prior: float = 0.1


MOST_BIGRAMS = 2_000_000
"""When there are more different bigrams than this, those seen once are forgotten."""


@dataclass
class Vocabulary:
    """Counts of the words and bigrams of a corpus, and of the documents that have them, in bounded memory.

    ``capitals`` counts the occurrences of words within sentences that have a capital.
    """

    words: Counter[str] = field(default_factory=Counter)
    bigrams: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    capitals: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    texts: int = 0

    def add(self, text: str) -> None:
        """Count one document."""
        here: set[str] = set()
        for tokens in sentences(text):
            self.tokens += len(tokens)
            before: Token | None = None
            for index, token in enumerate(tokens):
                if not token.norm[0].isalpha():
                    before = None
                    continue
                self.words[token.norm] += 1
                here.add(token.norm)
                if index and token.text[0].isupper():
                    self.capitals[token.norm] += 1
                if before is not None:
                    bigram = f"{before.norm} {token.norm}"
                    self.bigrams[bigram] += 1
                    here.add(bigram)
                before = token
        self.documents.update(here)
        self.texts += 1
        if len(self.bigrams) > MOST_BIGRAMS:
            rare = [bigram for bigram, count in self.bigrams.items() if count == 1]
            for bigram in rare:
                del self.bigrams[bigram], self.documents[bigram]

    def name(self, word: str) -> bool:
        """Whether a word mostly has a capital within sentences."""
        return self.capitals[word] > 0.5 * self.words[word]


def contrast(surface: str, spun: Vocabulary, clean: float, prior: float, clean_tokens: float | None = None) -> Contrast:
    """Compare a surface's frequency with ``clean``, the share of all tokens that it makes up in clean text.

    ``prior``: how many tokens of clean text the prior is worth; ``clean_tokens``: how many ``clean`` was counted in.

    >>> vocabulary = Vocabulary()
    >>> vocabulary.add("the summit " * 50)
    >>> round(contrast("summit", vocabulary, 0.001, 1000.0).ratio)
    84
    """
    count = (spun.bigrams if " " in surface else spun.words)[surface]
    expected = clean * spun.tokens
    reference = clean_tokens or 10.0 * spun.tokens
    alpha = clean * prior + 0.01
    a, b = count + alpha, clean * reference + alpha
    odds = log(a / (spun.tokens + prior - a)) - log(b / (reference + prior - b))
    z = odds / sqrt(1.0 / a + 1.0 / b)
    return Contrast(surface, count, spun.documents[surface], expected, (count + 0.5) / (expected + 0.5), z)


def surging(
    spun: Vocabulary,
    clean: Mapping[str, float],
    settings: ContrastSettings = ContrastSettings(),  # noqa: B008
) -> list[Contrast]:
    """The surfaces that are far commoner than in clean text, strongest first; ``clean`` has the frequencies."""
    least = max(settings.fewest, settings.documents * spun.texts)
    found = []
    for surface, frequency in clean.items():
        documents = spun.documents[surface]
        if documents < least or any(spun.name(word) for word in surface.split()):
            continue
        one = contrast(surface, spun, frequency, settings.prior * spun.tokens)
        if one.ratio >= settings.ratio and one.z >= settings.z and one.places <= settings.bursts * documents:
            found.append(one)
    return sorted(_own(found), key=lambda one: (-one.z, one.surface))


def _own(found: Sequence[Contrast]) -> list[Contrast]:
    """Those that surge by themselves: not the bigrams of which a word surges anyway ("the content")."""
    words = {one.surface for one in found if " " not in one.surface}
    return [one for one in found if not (" " in one.surface and words & set(one.surface.split()))]


def vanishing(
    spun: Vocabulary,
    clean: Mapping[str, float],
    settings: ContrastSettings = ContrastSettings(),  # noqa: B008
) -> list[Contrast]:
    """The words that are far rarer than in clean text, strongest first."""
    found = []
    for surface, frequency in clean.items():
        if frequency * spun.tokens < settings.expected:
            continue
        one = contrast(surface, spun, frequency, settings.prior * spun.tokens)
        if one.ratio <= 1.0 / settings.ratio and one.z <= -settings.z:
            found.append(one)
    return sorted(found, key=lambda one: (one.z, one.surface))


def candidates(spun: Vocabulary, settings: ContrastSettings = ContrastSettings()) -> Iterable[str]:  # noqa: B008
    """The surfaces that stand in enough documents to surge at all."""
    least = max(settings.fewest, settings.documents * spun.texts)
    return [surface for surface, documents in spun.documents.items() if documents >= least]
