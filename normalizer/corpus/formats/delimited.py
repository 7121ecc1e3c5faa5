"""CSV and TSV. Only the text's cell is replaced in a row; every other byte, quotes included, stays as it was."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from normalizer.corpus.formats.lines import read_batches, too_large
from normalizer.corpus.records import START, Batch, Document, DocumentError, Position
from normalizer.corpus.settings import Settings
from normalizer.corpus.storage import opened
from normalizer.errors import ConfigError, InputError


class Cell(NamedTuple):
    """A cell: its value, and where it stands in the row (code points, quotes included)."""

    value: str
    start: int
    end: int


def cells(row: str, delimiter: str) -> list[Cell]:
    r"""The cells of a row, read as the ``csv`` module reads them.

    >>> [cell.value for cell in cells('1,"say ""so"", twice",\n', ",")]
    ['1', 'say "so", twice', '']
    """
    pattern = re.compile(
        rf'"(?P<quoted>[^"]*(?:""[^"]*)*)"(?P<rest>[^{delimiter}\r\n]*)|(?P<plain>[^{delimiter}\r\n]*)'
    )
    found = []
    position = 0
    while match := pattern.match(row, position):
        plain = match["plain"]
        value = plain if plain is not None else match["quoted"].replace('""', '"') + match["rest"]
        found.append(Cell(value, match.start(), match.end()))
        position = match.end() + 1
        if row[match.end() : position] != delimiter:
            break
    return found


def still_open(line: bytes, open_quote: bool, delimiter: bytes) -> bool:
    """Whether a quoted cell is open at the end of ``line``, given whether one was open at its start."""
    position = 0
    while True:
        if not open_quote:
            if line[position : position + 1] != b'"':
                position = line.find(delimiter, position) + 1
                if not position:
                    return False
                continue
            position += 1
        position = line.find(b'"', position) + 1
        if not position:
            return True
        open_quote = line[position : position + 1] == b'"'
        if open_quote:
            position += 1
            continue
        position = line.find(delimiter, position) + 1
        if not position:
            return False


@dataclass(frozen=True, slots=True)
class DelimitedCodec:
    """CSV or TSV with a header row. ``first``: the position behind the header."""

    name: str
    settings: Settings
    delimiter: str
    columns: tuple[str, ...]
    header: bytes
    first: Position

    def read(self, start: Position = START) -> Iterator[Batch]:
        """Batches of rows. A record's number is that of its first line."""
        start = max(start, self.first)
        return read_batches(self, self.name, self.settings.max_size, start, self.read_row)

    def read_row(self, stream: IO[bytes], max_size: int) -> tuple[bytes, int, int, str | None]:
        """One row: as many lines as its quotes hold together."""
        delimiter = self.delimiter.encode()
        lines: list[bytes] = []
        size = count = 0
        inside = False
        while line := stream.readline(max_size + 1):
            size += len(line)
            count += line.endswith(b"\n") or len(line) <= max_size
            if size <= max_size:
                lines.append(line)
            inside = still_open(line, inside, delimiter)
            if not inside and line.endswith(b"\n"):
                break
        raw = b"".join(lines)
        if size > max_size:
            return raw[:1000] or b"?", size, count, too_large(size, max_size)
        return raw, size, count, "a quoted cell is never closed" if inside else None

    def file_of(self, raw: bytes) -> str:
        """The source."""
        return self.name

    def decode(self, raw: bytes) -> Document:
        """The document in a row."""
        row, found = self._cells(raw)
        text = found[self.columns.index(self.settings.text_field)]
        name = self.settings.id_field
        return Document(text.value, found[self.columns.index(name)].value if name else None, (row, text, found[-1].end))

    def _cells(self, raw: bytes) -> tuple[str, list[Cell]]:
        try:
            row = raw.decode(self.settings.encoding)
        except UnicodeDecodeError as error:
            raise DocumentError(
                f"not valid {self.settings.encoding}: byte 0x{raw[error.start]:02x} at byte {error.start} (--encoding)"
            ) from error
        found = cells(row, self.delimiter)
        if len(found) != len(self.columns):
            raise DocumentError(f"the row has {len(found)} cells; the header has {len(self.columns)}")
        return row, found

    def fields(self, raw: bytes) -> dict[str, Any]:
        """All cells of the row by their column."""
        _, found = self._cells(raw)
        return {column: cell.value for column, cell in zip(self.columns, found, strict=True)}

    def encode(self, document: Document, text: str | None, added: Mapping[str, Any]) -> bytes:
        """The row with the new text in place of the old one, and the added cells at its end."""
        row, cell, end = document.handle
        value = row[cell.start : cell.end]
        if text is not None:
            value = self._quoted(text, always=value.startswith('"'))
        more = "".join(
            self.delimiter + self._quoted(new if isinstance(new, str) else json.dumps(new, ensure_ascii=False))
            for new in added.values()
        )
        tail = row[end:] or "\n"
        try:
            return f"{row[: cell.start]}{value}{row[cell.end : end]}{more}{tail}".encode(self.settings.encoding)
        except UnicodeEncodeError as error:
            raise DocumentError(f"{self.settings.encoding} cannot hold the restored text; convert to UTF-8") from error

    def passed_on(self, raw: bytes, problem: str | None) -> bytes | None:
        """The row as it stands, with empty added cells."""
        if problem:
            return None
        row = raw.rstrip(b"\r\n")
        return row + self.delimiter.encode() * len(self.settings.added_fields) + (raw[len(row) :] or b"\n")

    def _quoted(self, value: str, *, always: bool = False) -> str:
        if always or any(char in value for char in (self.delimiter, '"', "\n", "\r")):
            return '"' + value.replace('"', '""') + '"'
        return value


def open_delimited(name: str, settings: Settings, delimiter: str, *, unique: bool = False) -> DelimitedCodec:
    """Read the header of a source. Raises ``InputError`` when a field is not in it, or twice and ``unique`` is set."""
    if codecs.lookup(settings.encoding).name.startswith(("utf-16", "utf-32")):
        raise ConfigError(f"{name}: CSV is read line by line, which {settings.encoding} does not allow; convert it")
    probe = DelimitedCodec(name, settings, delimiter, (), b"", START)
    with opened(name) as source:
        raw, size, lines, problem = probe.read_row(source.stream, settings.max_size)
    if problem or not raw:
        raise InputError(f"{name}:1: {problem or 'the file is empty; a header row is needed'}")
    try:
        header = raw.decode(settings.encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}:1: the header is not valid {settings.encoding} (--encoding)") from error
    columns = tuple(cell.value for cell in cells(header.removeprefix("\ufeff"), delimiter))
    for field in filter(None, (settings.text_field, settings.id_field)):
        if field not in columns:
            shown = ", ".join(map(repr, columns[:20]))
            raise InputError(f"{name}:1: there is no column {field!r}; there are {shown}")
    if unique and (twice := [field for field, count in Counter(columns).items() if count > 1]):
        raise InputError(f"{name}:1: there are two columns {twice[0]!r}; the other format cannot hold both")
    for field in settings.added_fields:
        if field in columns:
            raise InputError(f"{name}:1: there is already a column {field!r}; choose another name for the added one")
    end = "\r\n" if header.endswith("\r\n") else "\n"
    more = "".join(delimiter + probe._quoted(field) for field in settings.added_fields)
    written = (header.rstrip("\r\n") + more + end).encode(settings.encoding)
    return DelimitedCodec(name, settings, delimiter, columns, written, Position(size, lines))
