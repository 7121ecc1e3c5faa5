"""Parquet. Workers see the text column only; row groups, types, other columns and metadata stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO, NamedTuple

from normalizer.corpus.formats.lines import too_large
from normalizer.corpus.records import LIMITS, START, Batch, Document, DocumentError, Position, Record
from normalizer.corpus.settings import Settings
from normalizer.corpus.storage import filesystem, is_url
from normalizer.errors import ConfigError, InputError


class Row(NamedTuple):
    """What becomes of a row: its place (row group and row in it, from 0), its new text if any, and the added cells."""

    group: int
    row: int
    text: str | None
    added: Mapping[str, Any]


class Raw(NamedTuple):
    """What a worker gets of a row. ``rest``: all columns in their order, where they are wanted."""

    group: int
    row: int
    text: Any
    id: Any
    rest: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ParquetCodec:
    """A Parquet file with these ``columns``. ``whole``: read all of them, to be written in another format."""

    name: str
    settings: Settings
    whole: bool = False
    columns: tuple[str, ...] = ()

    def read(self, start: Position = START) -> Iterator[Batch]:
        """Batches of rows; none spans two row groups. ``offset`` counts row groups."""
        number = start.number
        with reading(self.name) as file:
            metadata = file.metadata
            wanted = [name for name in (self.settings.text_field, self.settings.id_field) if name]
            stored = sum(metadata.row_group(k).total_byte_size for k in range(metadata.num_row_groups))
            skipped = number - sum(metadata.row_group(k).num_rows for k in range(start.offset))
            for group in range(start.offset, metadata.num_row_groups):
                row = 0
                for found in file.iter_batches(LIMITS.records, [group], None if self.whole else wanted):
                    texts = found.column(self.settings.text_field).to_pylist()
                    ids = found.column(self.settings.id_field).to_pylist() if self.settings.id_field else texts
                    rows = [Raw(group, row + i, text, ids[i]) for i, text in enumerate(texts)]
                    if self.whole:
                        rest = found.drop_columns([self.settings.text_field]).to_pylist()
                        rows = [raw._replace(rest=fields) for raw, fields in zip(rows, rest, strict=True)]
                    row += len(rows)
                    rows, skipped = rows[skipped:], max(0, skipped - len(rows))
                    if not rows:
                        continue
                    records = [self._record(number + i, raw) for i, raw in enumerate(rows, 1)]
                    number += len(rows)
                    ended = row == metadata.row_group(group).num_rows
                    size = sum(len(raw.text) for raw in rows if raw.text is not None)
                    consumed = stored * number // metadata.num_rows
                    yield Batch(self, records, Position(group + ended, number), size, consumed)

    def _record(self, number: int, raw: Raw) -> Record:
        if raw.text is not None and len(raw.text) > self.settings.max_size:
            problem = too_large(len(raw.text), self.settings.max_size)
            return Record(number, raw._replace(text=raw.text[:1000], rest=None), problem)
        return Record(number, raw)

    def file_of(self, raw: Raw) -> str:
        """The source."""
        return self.name

    def decode(self, raw: Raw) -> Document:
        """The document in a row."""
        if raw.text is not None and not isinstance(raw.text, str):
            raise DocumentError(f"the column {self.settings.text_field!r} holds {type(raw.text).__name__}, not text")
        return Document(raw.text, None if self.settings.id_field is None else str(raw.id), raw)

    def fields(self, raw: Raw) -> dict[str, Any]:
        """All columns of the row."""
        rest = raw.rest or {}
        return {name: raw.text if name == self.settings.text_field else rest[name] for name in self.columns}

    def encode(self, document: Document, text: str | None, added: Mapping[str, Any]) -> bytes:
        """What becomes of the row, as JSON: the output file is written from it when all rows are there."""
        raw: Raw = document.handle
        return _dumped(Row(raw.group, raw.row, text, added))

    def passed_on(self, raw: Raw, problem: str | None) -> bytes:
        """The row as it stands, with empty added cells."""
        return _dumped(Row(raw.group, raw.row, None, dict.fromkeys(self.settings.added_fields)))


def open_parquet(name: str, settings: Settings, *, whole: bool = False) -> ParquetCodec:
    """Check the columns of a file. Raises ``InputError`` when one is missing or holds no text."""
    with reading(name) as file:
        schema = file.schema_arrow
    import pyarrow.types as types

    for field in filter(None, (settings.text_field, settings.id_field)):
        if schema.get_field_index(field) < 0:
            raise InputError(f"{name}: there is no column {field!r}; there are {', '.join(map(repr, schema.names))}")
    for field in settings.added_fields:
        if field in schema.names:
            raise InputError(f"{name}: there is already a column {field!r}; choose another name for the added one")
    kind = schema.field(settings.text_field).type
    plain = kind.value_type if types.is_dictionary(kind) else kind
    if not (types.is_string(plain) or types.is_large_string(plain) or types.is_string_view(plain)):
        raise InputError(f"{name}: the column {settings.text_field!r} is of type {kind}, not text")
    return ParquetCodec(name, settings, whole, tuple(schema.names))


@contextmanager
def reading(name: str) -> Iterator[Any]:
    """An open ``pyarrow.parquet.ParquetFile``. What is broken becomes an ``InputError``."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError(f"{name}: Parquet files need pyarrow; install normalizer[corpus]") from error
    source: str | BinaryIO = name
    try:
        if is_url(name):
            system, path = filesystem(name)
            source = system.open(path, "rb")
        with pq.ParquetFile(source) as file:
            yield file
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError) as error:
        raise InputError(f"{name}: not a whole Parquet file: {_first_line(error)}") from error
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or _first_line(error)).lower()}") from error


def added_type(name: str, settings: Settings) -> Any:
    """The Arrow type of an added column: text, or the record of what was edited."""
    import pyarrow as pa

    if name == settings.original_field:
        return pa.large_string()
    edit = pa.struct(
        [
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("original", pa.string()),
            ("replacement", pa.string()),
            ("kind", pa.string()),
            ("confidence", pa.float64()),
            ("alternatives", pa.list_(pa.struct([("text", pa.string()), ("confidence", pa.float64())]))),
            ("evidence", pa.list_(pa.string())),
            ("safe", pa.bool_()),
        ]
    )
    return pa.struct([("spun_probability", pa.float64()), ("engine", pa.string()), ("edits", pa.list_(edit))])


def changed_table(table: Any, rows: list[Row], settings: Settings) -> Any:
    """A row group's table with the texts of ``rows`` replaced, their columns added, and all other rows left out."""
    import pyarrow as pa

    kept = [row.row for row in rows]
    if kept != list(range(table.num_rows)):
        table = table.take(pa.array(kept, pa.int64()))
    index = table.schema.get_field_index(settings.text_field)
    field = table.schema.field(index)
    if any(row.text is not None for row in rows):
        old = table.column(index).to_pylist()
        texts = [text if row.text is None else row.text for text, row in zip(old, rows, strict=True)]
        column = pa.array(texts, pa.large_string()).cast(field.type)
        table = table.set_column(index, field, column)
    for name in settings.added_fields:
        values = pa.array([row.added[name] for row in rows], added_type(name, settings))
        table = table.append_column(pa.field(name, values.type), values)
    return table


def write_rows(name: str, lines: Iterable[bytes], file: BinaryIO, settings: Settings) -> None:
    """Write the Parquet file that ``lines`` (from ``ParquetCodec.encode``) make of the source ``name``.

    Holds one row group in memory at a time. Raises ``InputError`` when the source cannot be read any more.
    """
    import pyarrow.parquet as pq

    rows = (Row(*json.loads(line)) for line in lines)
    with reading(name) as whole:
        empty = changed_table(whole.schema_arrow.empty_table(), [], settings)
        with pq.ParquetWriter(file, empty.schema, compression=compression_of(whole.metadata)) as writer:
            for group, wanted in groupby(rows, key=lambda row: row.group):
                table = changed_table(whole.read_row_group(group), list(wanted), settings)
                writer.write_table(table, row_group_size=table.num_rows)


def compression_of(metadata: Any) -> str:
    """The compression of a Parquet file's columns, as ``ParquetWriter`` calls it."""
    if not metadata.num_row_groups or not metadata.num_columns:
        return "snappy"
    name = str(metadata.row_group(0).column(0).compression).lower()
    return "none" if name == "uncompressed" else name


def _dumped(row: Row) -> bytes:
    return json.dumps(row).encode("ascii") + b"\n"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
