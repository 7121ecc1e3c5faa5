"""polars: expressions for eager and lazy frames."""

from __future__ import annotations

from typing import Any

from normalizer.adapters.core import Restorer


def restore(column: Any = "text", **options: Any) -> Any:
    """An expression: the column (name or expression) with its texts restored; null stays null.

    >>> import polars  # doctest: +SKIP
    >>> polars.DataFrame({"text": ["BrontÃ«"]}).with_columns(restore("text")).item()  # doctest: +SKIP
    'Brontë'
    """
    import polars

    restorer = Restorer(**options)

    def texts(series: Any) -> Any:
        return polars.Series(series.name, [restored.text for restored in restorer.map(series)], polars.String)

    return _expression(column).map_batches(texts, return_dtype=polars.String, is_elementwise=True)


def restore_struct(column: Any = "text", **options: Any) -> Any:
    """An expression: a struct of text, spun_probability, spun_engine and edits (JSON), to be unnested."""
    import polars

    restorer = Restorer(**options)
    schema = {
        "text": polars.String,
        "spun_probability": polars.Float64,
        "spun_engine": polars.String,
        "edits": polars.String,
    }

    def structs(series: Any) -> Any:
        return polars.DataFrame(restorer.columns(series), schema=schema).to_struct(series.name)

    return _expression(column).map_batches(structs, return_dtype=polars.Struct(schema), is_elementwise=True)


def _expression(column: Any) -> Any:
    import polars

    return polars.col(column) if isinstance(column, str) else column
