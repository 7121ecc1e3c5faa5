"""PyArrow: functions over string arrays, and one registered with ``pyarrow.compute``."""

from __future__ import annotations

from typing import Any

from normalizer.adapters.core import COLUMNS, Restorer


def restore(array: Any, **options: Any) -> Any:
    """The Array or ChunkedArray with its texts restored: same type, same chunks, null stays null.

    >>> import pyarrow  # doctest: +SKIP
    >>> restore(pyarrow.array(["BrontÃ«", None])).to_pylist()  # doctest: +SKIP
    ['Brontë', None]
    """
    restorer = Restorer(**options)
    return _by_chunk(array, lambda chunk: _texts(restorer, chunk))


def restore_struct(array: Any, **options: Any) -> Any:
    """A struct array (chunked like the input) of text, spun_probability, spun_engine and edits (JSON)."""
    import pyarrow as pa

    restorer = Restorer(**options)
    types = (pa.large_string(), pa.float64(), pa.string(), pa.large_string())

    def structs(chunk: Any) -> Any:
        columns = restorer.columns(chunk.to_pylist())
        arrays = [pa.array(columns[name], kind) for name, kind in zip(COLUMNS, types, strict=True)]
        return pa.StructArray.from_arrays(arrays, COLUMNS)

    return _by_chunk(array, structs)


def register(name: str = "normalizer_restore", **options: Any) -> str:
    """Register a scalar function with ``pyarrow.compute``, for ``call_function(name, [array])`` and dataset filters.

    Arrow keeps registered functions for the life of the process; a name can be registered once.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    restorer = Restorer(**options)

    def function(context: Any, texts: Any) -> Any:
        return (
            pa.scalar(restorer(texts.as_py()).text, texts.type)
            if isinstance(texts, pa.Scalar)
            else _texts(restorer, texts)
        )

    documentation = {"summary": "Restore spun text", "description": "Restores texts; null stays null."}
    pc.register_scalar_function(function, name, documentation, {"texts": pa.string()}, pa.string())
    return name


def _texts(restorer: Restorer, array: Any) -> Any:
    import pyarrow as pa

    texts = [restored.text for restored in restorer.map(array.to_pylist())]
    return pa.array(texts, pa.large_string()).cast(array.type)


def _by_chunk(array: Any, function: Any) -> Any:
    import pyarrow as pa

    if not isinstance(array, pa.ChunkedArray):
        return function(array)
    return pa.chunked_array([function(chunk) for chunk in array.chunks] or [function(pa.array([], array.type))])
