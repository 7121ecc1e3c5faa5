"""What all adapters share: an engine that is loaded when it is first used, and its results as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from normalizer.errors import ConfigError
from normalizer.pipeline import Normalizer
from normalizer.restoration import Restoration

COLUMNS = ("text", "spun_probability", "spun_engine", "edits")


class Restored(NamedTuple):
    """A text after restoration, with its provenance. All None where the text was missing.

    ``edits`` is JSON: a list of edits as in the command line's JSON output. Text is what every framework can store.
    """

    text: str | None
    spun_probability: float | None
    spun_engine: str | None
    edits: str | None


MISSING = Restored(None, None, None, None)


class Restorer:
    """A callable engine: ``options`` are those of ``Normalizer``. Picklable; cheap to make and to send around.

    Raises ``ConfigError`` for options that make no sense, at once.

    >>> Restorer(assume="spun")("Austrian International Minister Matthias Lindauer was there.").text
    'Austrian Foreign Minister Matthias Lindauer was there.'
    """

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.normalizer = shared_normalizer(json.dumps(options, sort_keys=True, default=_plain))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restorer, (self.options,)

    def analyze(self, text: str) -> Restoration:
        """The full analysis of a text."""
        return self.normalizer.analyze(text)

    def __call__(self, text: Any) -> Restored:
        """Restore one text. What is not a string (None, NaN) counts as missing."""
        return restored(self.analyze(text)) if isinstance(text, str) else MISSING

    def map(self, texts: Iterable[Any]) -> Iterator[Restored]:
        """Restore a stream of texts, in order."""
        return map(self, texts)

    def columns(self, texts: Iterable[Any]) -> dict[str, list[Any]]:
        """Restore texts into one list per value: text, spun_probability, spun_engine, edits."""
        rows = list(self.map(texts))
        return {name: [row[index] for row in rows] for index, name in enumerate(COLUMNS)}


def restored(restoration: Restoration) -> Restored:
    """A restoration as plain values.

    >>> restored(Restoration("a", ()))
    Restored(text='a', spun_probability=0.0, spun_engine='none', edits='[]')
    """
    edits = json.dumps([edit.to_dict() for edit in restoration.edits], ensure_ascii=False)
    return Restored(restoration.restored, round(restoration.spun_probability, 4), restoration.engine, edits)


@lru_cache(maxsize=4)
def shared_normalizer(options: str) -> Normalizer:
    """One engine per process and options, so that frameworks which copy their functions do not load it again."""
    return Normalizer(**json.loads(options))


def need(module: str, package: str | None = None) -> None:
    """Raise ``ConfigError`` unless a framework is installed."""
    if find_spec(module) is None:
        name = package or module
        raise ConfigError(f"this adapter works with {name}, which is not installed: pip install {name}")


def _plain(value: Any) -> Any:
    """A path as text, a set of kinds as a list."""
    return str(value) if isinstance(value, Path) else sorted(value)


def _restorer(options: dict[str, Any]) -> Restorer:
    return Restorer(**options)
