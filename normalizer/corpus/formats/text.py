"""Trees of text files: one document per file, written to the same place below the output folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from normalizer.corpus.formats.lines import too_large
from normalizer.corpus.records import LIMITS, START, Batch, Document, DocumentError, Position, Record
from normalizer.corpus.settings import Settings
from normalizer.corpus.storage import opened
from normalizer.errors import ConfigError, InputError
from normalizer.files import decode_text, encode_text


class TextFile(NamedTuple):
    """A file of a tree: where it was read, where it belongs below the output folder, and its bytes."""

    name: str
    relative: str
    content: bytes


class Written(NamedTuple):
    """A file to write."""

    relative: str
    content: bytes


@dataclass(frozen=True, slots=True)
class TextCodec:
    """A tree of text files: ``files`` holds name and relative path of each, in order.

    ``named``: they become records of a table, with the relative path as ``id``.
    """

    files: tuple[tuple[str, str], ...]
    settings: Settings
    named: bool = False

    def __post_init__(self) -> None:
        if self.named:
            if self.settings.id_field not in (None, "id"):
                raise ConfigError(f"text files have no field {self.settings.id_field!r}; their paths become 'id'")
            if "id" in (self.settings.text_field, *self.settings.added_fields):
                raise ConfigError("'id' is the path of a text file; choose another name for the other field")
        elif self.settings.added_fields or self.settings.id_field:
            raise ConfigError(
                "text files have no fields: --id-field, --edits-field and --keep-original need a table as OUTPUT"
            )

    def read(self, start: Position = START) -> Iterator[Batch]:
        """Batches of files. A record's number is its place in the list of files."""
        slim = TextCodec((), self.settings, self.named)
        records: list[Record] = []
        size = stored = 0
        for number in range(start.number + 1, len(self.files) + 1):
            record, length, consumed = self._read_file(number)
            records.append(record)
            size += length
            stored += consumed
            if size >= LIMITS.size or len(records) >= LIMITS.records or number == len(self.files):
                yield Batch(slim, records, Position(number, number), size, stored)
                records, size = [], 0

    def _read_file(self, number: int) -> tuple[Record, int, int]:
        name, relative = self.files[number - 1]
        limit = self.settings.max_size
        try:
            with opened(name) as source:
                content = source.stream.read(limit + 1)
                consumed = source.consumed
        except InputError as error:
            reason = str(error).removeprefix(f"{name}: ")
            return Record(number, TextFile(name, relative, b""), reason), 0, 0
        problem = too_large(len(content), limit) if len(content) > limit else None
        kept = b"" if problem else content
        return Record(number, TextFile(name, relative, kept), problem), len(kept), consumed

    def file_of(self, raw: TextFile) -> str:
        """The file itself."""
        return raw.name

    def decode(self, raw: TextFile) -> Document:
        """The text of a file."""
        try:
            file = decode_text(raw.content, raw.name, self.settings.encoding)
        except InputError as error:
            raise DocumentError(str(error).removeprefix(raw.name).lstrip(":")) from error
        return Document(file.text, raw.relative, (raw, file.encoding))

    def fields(self, raw: TextFile) -> dict[str, Any]:
        """The path below the folder, and the text."""
        return {"id": raw.relative, self.settings.text_field: self.decode(raw).text}

    def encode(self, document: Document, text: str | None, added: Mapping[str, Any]) -> Written:
        """The file to write."""
        raw, encoding = document.handle
        if text is None:
            return Written(raw.relative, raw.content)
        try:
            return Written(raw.relative, encode_text(text, raw.name, encoding))
        except InputError as error:
            raise DocumentError(str(error).removeprefix(raw.name).lstrip(":")) from error

    def passed_on(self, raw: TextFile, problem: str | None) -> Written | None:
        """The file as it stands."""
        return None if problem else Written(raw.relative, raw.content)
