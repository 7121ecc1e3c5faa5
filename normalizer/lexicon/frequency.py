"""How common words and phrases are in clean English, from three sources that complete each other.

wordfreq knows words up to 2021, the n-gram model sequences of words; a small lexicon of our own (``frequency.tsv``)
holds what both misjudge: words that are newer, and phrases that are far commoner than their parts suggest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

from normalizer.language_model import LanguageModel
from normalizer.lexicon.inflection import zipf
from normalizer.lexicon.numbers import read_values
from normalizer.text.tokens import NUMBER, lm_words, words

_LN10 = log(10.0)

_SCALE = 9.0
"""The Zipf scale counts in a thousand million words."""


class Frequencies:
    """Frequencies on the Zipf scale (log10 of occurrences in a thousand million words).

    ``model`` judges phrases; ``known`` holds values that override it, by normalised words joined by spaces.

    >>> frequencies = load_frequencies()
    >>> frequencies.zipf("foreign minister") > frequencies.zipf("international minister")
    True
    """

    def __init__(self, model: LanguageModel, known: Mapping[str, float]) -> None:
        self.model, self.known = model, known
        self.zipf = lru_cache(maxsize=200_000)(self._zipf)

    def _zipf(self, phrase: str) -> float:
        """How common a word or phrase is; 0.0 for one that none of the sources has."""
        tokens = lm_words(phrase)
        known = self.known.get(" ".join(words(phrase)))
        if known is not None:
            return known
        if not tokens or any(token[0].isalpha() and self.unknown(token) for token in tokens):
            return 0.0
        if len(tokens) == 1 and tokens[0] == NUMBER:
            return zipf(phrase)
        first = self._word(tokens[0])
        _, state = self.model.advance(self.model.empty, tokens[:1])
        rest, _ = self.model.advance(state, tokens[1:])
        return max(0.0, first + rest / _LN10)

    def _word(self, token: str) -> float:
        """The model's probability of a single word is that of following some other word, wordfreq's is better.

        But of hyphenated words wordfreq knows the parts only.
        """
        model = self.model.log_probability((token,), sentence=False) / _LN10 + _SCALE if token in self.model else 0.0
        return max(model, 0.0 if "-" in token else zipf(token))

    def unknown(self, token: str) -> bool:
        """Whether no source has the token."""
        return token[0].isalpha() and token not in self.known and token not in self.model and zipf(token) == 0.0

    def unseen(self, phrase: str) -> str:
        """What clean prose never has within a phrase: a word, or two neighbouring words; empty when it has all.

        A word counts as seen when wordfreq, the model or ``known`` has it, two words when the model kept the pair,
        that is when they stood together at least twice in the 50 million words it was made from.
        """
        tokens = lm_words(phrase)
        if " ".join(words(phrase)) in self.known:
            return ""
        for token in tokens:
            if token[0].isalpha() and token not in self.model and token not in self.known and zipf(token) < _RARE:
                return token
        for pair in pairwise(tokens):
            if " ".join(pair) not in self.known and not self.model.has(pair):
                return " ".join(pair)
        return ""


_RARE = 1.5
"""A word below this frequency (Zipf scale: one in thirty million) is one that clean prose does not have."""


def load_frequencies(folder: Path | str | None = None) -> Frequencies:
    """The frequencies of a lexicon folder (default: the shipped one).

    Raises ``LexiconError`` or ``ModelError`` when a file cannot be read.
    """
    from normalizer.resources import lexicon_path

    folder = Path(folder) if folder is not None else lexicon_path("en")
    return Frequencies(LanguageModel(folder / "news-3gram.klm"), read_values(folder / "frequency.tsv"))
