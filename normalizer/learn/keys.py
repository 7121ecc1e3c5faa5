"""Normalised phrases and their frequencies; a run asks for the same ones in every round, so they are remembered."""

from __future__ import annotations

from functools import cache
from math import exp

from normalizer.language_model import LanguageModel
from normalizer.lexicon import merging
from normalizer.text import tokens


@cache
def normal(phrase: str) -> str:
    """The normalised form of a phrase, the key of all counts.

    >>> normal("Foreign  Minister")
    'foreign minister'
    """
    return merging.normal(phrase)


@cache
def lm_words(phrase: str) -> tuple[str, ...]:
    """The language-model tokens of a phrase.

    >>> lm_words("10 years ago")
    ('0', 'years', 'ago')
    """
    return tokens.lm_words(phrase)


def frequency(phrase: str, model: LanguageModel) -> float:
    """The share of all tokens that a phrase makes up in clean text, by the language model."""
    return exp(model.log_probability(lm_words(phrase), sentence=False))
