"""Building a model from a clean corpus: reading, counting, estimating, measuring, and mixing with the shipped one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from math import exp
from pathlib import Path
from typing import NamedTuple

from normalizer.errors import InputError
from normalizer.language_model import MIXTURE, LanguageModel
from normalizer.learn.model.counts import Counter
from normalizer.learn.model.files import write_model
from normalizer.learn.model.kneser_ney import Pruning, estimate
from normalizer.learn.progress import bar
from normalizer.learn.texts import Corpus, Text, required
from normalizer.text.sentences import sentences

HELD_OUT = 50
"""Every so manieth document is held out, to measure the model and to weigh it against the shipped one."""

MOST_HELD_OUT = 400
"""Documents held out at most."""

CHECKED = 40
"""How many documents are judged, to see whether the corpus is clean."""


class Built(NamedTuple):
    """What was built. ``held_out`` are documents that were not counted; ``ngrams`` how many of each order."""

    documents: int
    tokens: int
    words: int
    ngrams: tuple[int, ...]
    held_out: list[str]


def lm_sentences(texts: Iterable[str]) -> Iterator[list[str]]:
    """The sentences of texts as language-model tokens."""
    for text in texts:
        for tokens in sentences(text):
            yield [token.lm for token in tokens]


def build(
    corpus: Corpus,
    path: Path,
    *,
    least_count: int = 1,
    pruning: Pruning = Pruning(),  # noqa: B008 - immutable
    quiet: bool = True,
) -> Built:
    """Build a model from a corpus and write it: as ARPA text if ``path`` ends in ``.arpa``, else as KenLM binary.

    Words seen less than ``least_count`` times become the unknown word. Raises ``InputError`` when the corpus has no
    text, or looks spun, ``ModelError`` when it cannot be counted.
    """
    counter = Counter()
    held_out: list[str] = []
    documents = 0
    with bar(corpus.size, "counting", quiet=quiet) as advance:
        for text in _clean(required(corpus, corpus)):
            documents += 1
            if documents % HELD_OUT == 0 and len(held_out) < MOST_HELD_OUT:
                held_out.append(text.text)
                continue
            for sentence in lm_sentences([text.text]):
                counter.add(sentence)
            advance(corpus.consumed, f"{documents:,} documents")
    counts = counter.finish(least_count)
    model = estimate(counts, pruning)
    write_model(model, path)
    ngrams = tuple(len(level.keys) for level in model.levels)
    return Built(documents, counts.tokens, len(counts.words), ngrams, held_out)


def _clean(texts: Iterable[Text]) -> Iterator[Text]:
    """The texts as they come. Raises ``InputError`` when most of the first ones look spun."""
    from normalizer.pipeline import Normalizer

    detect = Normalizer().detect
    waiting: list[Text] = []
    judged = False
    for text in texts:
        if judged:
            yield text
            continue
        waiting.append(text)
        if len(waiting) == CHECKED:
            _refuse_spun(waiting, [detect(text.text).spun_probability for text in waiting])
            judged = True
            yield from waiting
    if not judged:
        _refuse_spun(waiting, [detect(text.text).spun_probability for text in waiting])
        yield from waiting


def _refuse_spun(texts: Sequence[Text], spun: Sequence[float]) -> None:
    found = [text.name for text, probability in zip(texts, spun, strict=True) if probability >= 0.5]
    if len(found) > len(texts) / 2:
        raise InputError(
            f"{len(found)} of {len(texts)} documents look spun, such as {found[0]}; a language model learns from clean "
            "text, so restore them first, or name other texts"
        )


def perplexity(model: LanguageModel, texts: Iterable[str]) -> float:
    """How many words the model wavers between, on average, at every token of the texts; less is better."""
    total, tokens = 0.0, 0
    for sentence in lm_sentences(texts):
        total += model.log_probability(sentence)
        tokens += len(sentence) + 1
    return exp(-total / max(tokens, 1))


def best_weights(models: Sequence[LanguageModel], texts: Iterable[str], rounds: int = 20) -> list[float]:
    """The weights with which the mixture of models explains the texts best, by expectation maximisation."""
    probabilities = [
        [exp(value) for value in values] for values in zip(*(_token_scores(m, texts) for m in models), strict=True)
    ]
    weights = [1.0 / len(models)] * len(models)
    for _ in range(rounds):
        sums = [0.0] * len(models)
        for values in probabilities:
            total = sum(weight * value for weight, value in zip(weights, values, strict=True))
            for index, value in enumerate(values):
                sums[index] += weights[index] * value / total
        weights = [max(total / max(len(probabilities), 1), 1e-3) for total in sums]
    return [weight / sum(weights) for weight in weights]


def _token_scores(model: LanguageModel, texts: Iterable[str]) -> Iterator[float]:
    for sentence in lm_sentences(texts):
        state = model.begin
        for word in (*sentence, "</s>"):
            score, state = model.advance(state, (word,))
            yield score


def write_mixture(path: Path, models: Sequence[tuple[Path | None, float]]) -> None:
    """Write a mixture file; no path stands for the shipped model. Raises ``InputError`` when it cannot be written."""
    from normalizer.files import write_text

    parts = [
        {"path": None if model is None else os.path.relpath(model, path.parent), "weight": round(weight, 4)}
        for model, weight in models
    ]
    write_text(path, json.dumps({"format": MIXTURE, "models": parts}, indent=1) + "\n")
