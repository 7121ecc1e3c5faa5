"""pandas: restoring a Series, or a column of a DataFrame with provenance."""

from __future__ import annotations

from typing import Any

from normalizer.adapters.core import Restorer


def restore(series: Any, **options: Any) -> Any:
    """A Series like ``series`` (index, name and type of string) with its texts restored; missing values stay missing.

    >>> import pandas  # doctest: +SKIP
    >>> restore(pandas.Series(["BrontÃ«"])).tolist()  # doctest: +SKIP
    ['Brontë']
    """
    restorer = Restorer(**options)
    texts = [restorer(value).text if isinstance(value, str) else value for value in series]
    return type(series)(texts, index=series.index, name=series.name, dtype=series.dtype)


def restore_frame(frame: Any, text_field: str = "text", *, prefix: str = "", **options: Any) -> Any:
    """A copy of ``frame`` with one column restored and ``spun_probability``, ``spun_engine`` and ``edits`` added."""
    columns = Restorer(**options).columns(frame[text_field])
    texts = [old if new is None else new for old, new in zip(frame[text_field], columns.pop("text"), strict=True)]
    column = type(frame[text_field])(texts, index=frame.index, dtype=frame[text_field].dtype)
    return frame.assign(**{text_field: column}, **{prefix + name: values for name, values in columns.items()})
