"""Spark: a function for ``DataFrame.mapInPandas``; every Python worker loads the engine once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from normalizer.adapters.pandas import restore_frame


def mapper(text_field: str = "text", **options: Any) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """For ``df.mapInPandas(mapper(), f"{ddl}, {ADDED}")``: restores a column and adds the three of provenance."""

    def restore_frames(frames: Iterable[Any]) -> Iterator[Any]:
        for frame in frames:
            yield restore_frame(frame, text_field, **options)

    return restore_frames


ADDED = "spun_probability double, spun_engine string, edits string"
"""The added columns, for the schema that ``mapInPandas`` asks for."""
