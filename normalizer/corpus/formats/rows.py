"""From one format to another: every record becomes a JSON line, and JSON lines become the table that is wanted."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import IO, Any, BinaryIO, Protocol, cast

from normalizer.corpus.formats.jsonl import members
from normalizer.corpus.formats.parquet import added_type
from normalizer.corpus.records import START, Batch, Codec, Document, DocumentError, Position
from normalizer.corpus.settings import Settings
from normalizer.errors import ConfigError, InputError

BLOCK_ROWS = 10_000
BLOCK_SIZE = 16_000_000
"""A row group of a Parquet file made of JSON lines has at most so many rows, and about so many bytes."""

EXACT = 2**53
"""The integers up to here are exact as floating-point numbers."""

_SURROGATE = re.compile("[\ud800-\udfff]")

Lines = Callable[[], Iterable[bytes]]
"""JSON lines, as often as they are asked for."""


class FieldCodec(Codec, Protocol):
    """A codec that can tell all fields of a record."""

    def fields(self, raw: Any) -> dict[str, Any]:
        """The fields in their order, without a new text. Raises ``DocumentError``."""


@dataclass(frozen=True, slots=True)
class RowCodec:
    """Reads what ``inner`` reads and writes JSON lines. Dates become ISO 8601, decimals and bytes become text."""

    inner: FieldCodec
    settings: Settings

    def read(self, start: Position = START) -> Iterator[Batch]:
        """The batches of ``inner``."""
        for batch in self.inner.read(start):
            yield replace(batch, codec=replace(self, inner=cast(FieldCodec, batch.codec)))

    def file_of(self, raw: Any) -> str:
        """As ``inner`` tells."""
        return self.inner.file_of(raw)

    def decode(self, raw: Any) -> Document:
        """The document in a record."""
        return self.inner.decode(raw)._replace(handle=raw)

    def encode(self, document: Document, text: str | None, added: Mapping[str, Any]) -> bytes:
        """A JSON line."""
        fields = {**self.inner.fields(document.handle), self.settings.text_field: document.text}
        if text is not None:
            fields[self.settings.text_field] = text
        return _line({**fields, **added})

    def passed_on(self, raw: Any, problem: str | None) -> bytes | None:
        """A JSON line of the record as it stands, where it can be read at all."""
        if problem:
            return None
        try:
            return _line({**self.inner.fields(raw), **dict.fromkeys(self.settings.added_fields)})
        except DocumentError:
            return None


def write_csv(lines: Lines, file: IO[bytes], delimiter: str, settings: Settings) -> None:
    r"""Write JSON lines as CSV with a header of all their fields; lists and objects stay JSON, null becomes empty.

    >>> file = io.BytesIO()
    >>> write_csv(lambda: [b'{"a": 1.50, "b": null}', b'{"b": "x,y", "c": [1]}'], file, ",", Settings())
    >>> file.getvalue()
    b'a,b,c\n1.50,,\n,"x,y",[1]\n'
    """
    columns = list(dict.fromkeys(name for line in lines() for name in members(line.decode())[0]))
    columns = columns or [settings.text_field, *settings.added_fields]
    stream = io.TextIOWrapper(file, "utf-8", "backslashreplace", newline="", write_through=True)
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    for line in lines():
        row = line.decode()
        found = members(row)[0]
        writer.writerow([_cell(row, found.get(name)) for name in columns])
    stream.detach()


def write_parquet(lines: Lines, file: BinaryIO, name: str, settings: Settings) -> None:
    """Write JSON lines as Parquet. A column takes the type that holds all of its values.

    Values of different kinds (numbers and text) become text: strings as they are, everything else as JSON. Raises
    ``InputError`` when a column cannot be stored.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError(f"{name}: Parquet files need pyarrow; install normalizer[corpus]") from error
    columns = _Columns(settings)
    for block in _blocks(lines()):
        columns.learn(block)
    schema = pa.schema(list(columns.types().items()))
    with pq.ParquetWriter(file, schema) as writer:
        for block in _blocks(lines()):
            arrays = [_array(block, field.name, field.type, field.name in columns.mixed, name) for field in schema]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=len(block))


class _Columns:
    """The columns of JSON lines and their types. ``mixed``: those that hold values of different kinds."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.mixed: set[str] = set()
        self._types: dict[str, Any] = {}
        self._inexact: set[str] = set()

    def learn(self, block: list[dict[str, Any]]) -> None:
        """Widen the types to hold a block."""
        import pyarrow as pa

        for name in dict.fromkeys(name for row in block for name in row):
            if name in self.settings.added_fields:
                self._types[name] = added_type(name, self.settings)
                continue
            if name in self.mixed:
                continue
            values = [row.get(name) for row in block]
            if any(type(value) is int and abs(value) > EXACT for value in values):
                self._inexact.add(name)
            try:
                found = pa.schema([(name, _to_array(values).type)])
                before = pa.schema([(name, self._types.get(name, pa.null()))])
                self._types[name] = pa.unify_schemas([before, found], promote_options="permissive").field(0).type
            except (pa.ArrowException, OverflowError):
                self._mix(name)
            else:
                if pa.types.is_floating(self._types[name]) and name in self._inexact:
                    self._mix(name)

    def types(self) -> dict[str, Any]:
        """The type of each column, in the order in which they came up."""
        import pyarrow as pa

        found = self._types or {
            self.settings.text_field: pa.null(),
            **{name: added_type(name, self.settings) for name in self.settings.added_fields},
        }
        return {name: pa.string() if pa.types.is_null(kind) else kind for name, kind in found.items()}

    def _mix(self, name: str) -> None:
        import pyarrow as pa

        self.mixed.add(name)
        self._types[name] = pa.string()


def _array(block: list[dict[str, Any]], column: str, kind: Any, mixed: bool, name: str) -> Any:
    import pyarrow as pa

    values = [row.get(column) for row in block]
    if mixed:
        values = [v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
    try:
        return _to_array(values, kind)
    except (pa.ArrowException, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{name}: the column {column!r} cannot be stored as Parquet: {reason}; use .jsonl") from error


def _blocks(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]]]:
    block: list[dict[str, Any]] = []
    size = 0
    for line in lines:
        block.append(json.loads(line))
        size += len(line)
        if len(block) >= BLOCK_ROWS or size >= BLOCK_SIZE:
            yield block
            block, size = [], 0
    if block:
        yield block


def _to_array(values: list[Any], kind: Any = None) -> Any:
    """An Arrow array; lone surrogates, which UTF-8 has no bytes for, become U+FFFD."""
    import pyarrow as pa

    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array(json.loads(_SURROGATE.sub("\ufffd", json.dumps(values, ensure_ascii=False))), kind)


def _cell(row: str, member: Any) -> str:
    if member is None or member.value is None:
        return ""
    return member.value if row[member.start] == '"' else row[member.start : member.end]


def _line(fields: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(_plain(fields), ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(_plain(fields)).encode() + b"\n"


def _plain(value: Any) -> Any:
    """The value in what JSON has."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    return str(value)
