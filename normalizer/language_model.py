"""The n-gram language model: how probable a sequence of words is in clean English.

A thin, typed wrapper around KenLM (Heafield 2011, "KenLM: Faster and Smaller Language Model Queries"), which maps
the model file into memory: loading takes milliseconds and processes on one machine share the pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from math import exp, log
from pathlib import Path
from typing import Any

from normalizer.errors import ModelError
from normalizer.resources import lexicon_path

_LN10 = log(10.0)

State = Any
"""A KenLM context. Equal states predict the same continuations, so hypotheses that share one can be merged."""


class LanguageModel:
    """An n-gram model read from a KenLM binary or an ARPA file.

    Raises ``ModelError`` when the file is missing, or is not a model that this platform can read.

    >>> from normalizer.resources import lexicon_path
    >>> model = LanguageModel(lexicon_path("en/news-3gram.klm"))
    >>> model.log_probability("the foreign minister".split()) > model.log_probability("the minister foreign".split())
    True
    """

    path: Path
    order: int
    begin: State
    empty: State

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._model = _load(self.path)
        self._state_type, self._score = _state_type(), self._model.BaseScore
        self.order = self._model.order
        self.begin = self._state_type()
        self._model.BeginSentenceWrite(self.begin)
        self.empty = self._state_type()
        self._model.NullContextWrite(self.empty)

    def __reduce__(self) -> tuple[type[LanguageModel], tuple[Path]]:
        return LanguageModel, (self.path,)

    def __contains__(self, word: str) -> bool:
        return word in self._model

    def has(self, words: Sequence[str]) -> bool:
        """Whether the model was given this very sequence, of at most ``order`` words, and did not prune it.

        >>> from normalizer.resources import lexicon_path
        >>> model = LanguageModel(lexicon_path("en/news-3gram.klm"))
        >>> model.has(["united", "nations"]), model.has(["wall", "road"])
        (True, False)
        """
        *_, (_, length, unknown) = self._model.full_scores(" ".join(words), bos=False, eos=False)
        return length == len(words) and not unknown

    def advance(self, state: State, words: Iterable[str]) -> tuple[float, State]:
        """The natural-log probability of ``words`` after ``state``, and the state behind them."""
        total = 0.0
        score, new = self._score, self._state_type
        for word in words:
            after = new()
            total += score(state, word, after)
            state = after
        return total * _LN10, state

    def log_probability(self, words: Iterable[str], *, sentence: bool = True) -> float:
        """The natural-log probability of a whole sentence, or with ``sentence=False`` of a fragment."""
        total, state = self.advance(self.begin if sentence else self.empty, words)
        return total + self.advance(state, ("</s>",))[0] if sentence else total


class MixedModel(LanguageModel):
    """Several models, interpolated linearly: the probability of a word is the weighted mean of theirs.

    ``weights`` are positive; they are scaled to add up to 1. Raises ``ModelError`` when they are not, or are not as
    many as ``models``. Method: Jelinek and Mercer 1980.

    >>> from normalizer.resources import lexicon_path
    >>> model = LanguageModel(lexicon_path("en/news-3gram.klm"))
    >>> words = "the foreign minister".split()
    >>> abs(MixedModel([model, model], [1, 3]).log_probability(words) - model.log_probability(words)) < 1e-6
    True
    """

    def __init__(self, models: Sequence[LanguageModel], weights: Sequence[float], path: Path | str = "") -> None:
        if not models or len(models) != len(weights) or not all(weight > 0 for weight in weights):
            raise ModelError(f"{path or 'a mixture'}: every model needs a positive weight")
        self.path, self.models = Path(path), tuple(models)
        self.weights = tuple(weight / sum(weights) for weight in weights)
        self.order = max(model.order for model in models)
        self.begin = tuple(model.begin for model in models)
        self.empty = tuple(model.empty for model in models)
        self._parts = [
            (weight, model._score, model._state_type) for model, weight in zip(self.models, self.weights, strict=True)
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        return MixedModel, (self.models, self.weights, self.path)

    def __contains__(self, word: str) -> bool:
        return any(word in model for model in self.models)

    def advance(self, state: State, words: Iterable[str]) -> tuple[float, State]:
        """The natural-log probability of ``words`` after ``state``, and the state behind them."""
        total = 0.0
        for word in words:
            probability, after = 0.0, []
            for (weight, score, new), before in zip(self._parts, state, strict=True):
                behind = new()
                probability += weight * exp(_LN10 * score(before, word, behind))
                after.append(behind)
            total += log(max(probability, 1e-300))
            state = tuple(after)
        return total, state


MIXTURE = "normalizer mixture 1"
"""The format of mixture files: JSON with ``format``, and ``models``, each with ``path`` and ``weight``.

Paths are relative to the file; a null path is the shipped model.
"""


def load_model(path: Path | str) -> LanguageModel:
    """Load a model: a KenLM binary, an ARPA file, or a mixture file (``.json``) that names several with weights.

    Raises ``ModelError`` when it is missing or cannot be read.
    """
    path = Path(path)
    return _mixture(path) if path.suffix == ".json" else LanguageModel(path)


def _mixture(path: Path) -> MixedModel:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        parts = [(part["path"], float(part["weight"])) for part in data["models"]]
        if data["format"] != MIXTURE:
            raise ValueError(f"the format is {data['format']!r}, not {MIXTURE!r}")
        models = [LanguageModel(path.parent / name if name else shipped_model_path()) for name, _ in parts]
    except OSError as error:
        raise ModelError(
            f"{path}: the language model cannot be read ({(error.strerror or str(error)).lower()})"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not a mixture of language models ({error}); 'model build' writes them") from error
    return MixedModel(models, [weight for _, weight in parts], path)


def shipped_model_path() -> Path:
    """The path of the shipped model."""
    return lexicon_path("en/news-3gram.klm")


def _kenlm() -> Any:
    try:
        import kenlm
    except ImportError as error:
        raise ModelError(
            f"KenLM could not be imported ({error}). Install the package kenlm-ex, which has wheels for Linux, macOS "
            "and Windows: python -m pip install kenlm-ex"
        ) from error
    return kenlm


def _state_type() -> type[Any]:
    state: type[Any] = _kenlm().State
    return state


def _load(path: Path) -> Any:
    if not path.is_file():
        raise ModelError(f"{path}: the language model is missing; reinstall normalizer, or name a model that exists")
    kenlm = _kenlm()
    try:
        return kenlm.Model(str(path), _quiet(kenlm))
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"{path}: not a language model that this platform can read ({_first_line(error)}). A KenLM binary is bound "
            "to a byte order and a format version; an ARPA file works everywhere"
        ) from error


def _quiet(kenlm: Any) -> Any:
    """A configuration in which KenLM does not write about its progress to standard error."""
    config = kenlm.Config()
    config.show_progress = False
    config.arpa_complain = kenlm.ARPALoadComplain.NONE
    return config


def _first_line(error: Exception) -> str:
    return str(error.__cause__ or error).strip().splitlines()[0][:200]
