"""The n-gram language model: how probable a sequence of words is in clean English.

A thin, typed wrapper around KenLM (Heafield 2011, "KenLM: Faster and Smaller Language Model Queries"), which maps
the model file into memory: loading takes milliseconds and processes on one machine share the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from pathlib import Path
from typing import Any

from normalizer.errors import ModelError

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

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._model = _load(self.path)
        self._state_type, self._score = _state_type(), self._model.BaseScore
        self.order: int = self._model.order
        self.begin: State = self._state_type()
        self._model.BeginSentenceWrite(self.begin)
        self.empty: State = self._state_type()
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
        return kenlm.Model(str(path))
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"{path}: not a language model that this platform can read ({_first_line(error)}). A KenLM binary is bound "
            "to a byte order and a format version; an ARPA file works everywhere"
        ) from error


def _first_line(error: Exception) -> str:
    return str(error.__cause__ or error).strip().splitlines()[0][:200]
