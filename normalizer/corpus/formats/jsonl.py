"""JSON lines. Only the text is replaced in a line; every other byte stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from normalizer.corpus.formats.lines import read_batches, read_line
from normalizer.corpus.records import START, Batch, Document, DocumentError, Position
from normalizer.corpus.settings import Settings

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str)
"""Numbers stay as they are written: nothing here computes with them, and nothing overflows."""


class Member(NamedTuple):
    """A member of a JSON object: its value, and where that stands in the line (code points)."""

    value: Any
    start: int
    end: int


def members(line: str) -> tuple[dict[str, Member], int]:
    """The members of the object in a line, and the offset of its closing brace.

    Of members of the same name the last one counts, as it does for every JSON parser.

    >>> found, brace = members('{"id": 1e2, "text": "one"}')
    >>> found["text"], brace
    (Member(value='one', start=20, end=25), 25)

    Raises ``DocumentError`` when the line is not a JSON object.
    """
    found: dict[str, Member] = {}
    position = _space(line, 1 if line.startswith("\ufeff") else 0)
    if line[position : position + 1] != "{":
        array = re.match(r"\[\s*(?:\{|\Z)", line[position:])
        hint = "; `jq -c '.[]'` makes JSON lines of a JSON array" if array else ""
        raise DocumentError(f"the line is not a JSON object{hint}")
    position = _space(line, position + 1)
    if line[position : position + 1] == "}":
        return _finished(line, position, found)
    while True:
        name, position = _value(line, position)
        if not isinstance(name, str) or line[position - 1] != '"':
            raise DocumentError(f"not valid JSON: a name in quotes is missing at character {position}")
        position = _space(line, position)
        if line[position : position + 1] != ":":
            raise DocumentError(f"not valid JSON: ':' is missing at character {position}")
        start = _space(line, position + 1)
        value, end = _value(line, start)
        found[name] = Member(value, start, end)
        position = _space(line, end)
        if line[position : position + 1] == "}":
            return _finished(line, position, found)
        if line[position : position + 1] != ",":
            raise DocumentError(f"not valid JSON: ',' or '}}' is missing at character {position}")
        position = _space(line, position + 1)


@dataclass(frozen=True, slots=True)
class JsonlCodec:
    """JSON lines, UTF-8."""

    name: str
    settings: Settings

    def read(self, start: Position = START) -> Iterator[Batch]:
        """Batches of lines. A line's number is its record's number."""
        return read_batches(self, self.name, self.settings.max_size, start, read_line)

    def file_of(self, raw: bytes) -> str:
        """The source."""
        return self.name

    def decode(self, raw: bytes) -> Document:
        """The document in a line."""
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DocumentError(f"not valid UTF-8: byte 0x{raw[error.start]:02x} at byte {error.start}") from error
        found, brace = members(line)
        field = self.settings.text_field
        if field not in found:
            names = ", ".join(map(repr, list(found)[:8])) or "no fields"
            raise DocumentError(f"there is no field {field!r}; there are {names} (--text-field)")
        for name in self.settings.added_fields:
            if name in found:
                raise DocumentError(f"there is already a field {name!r}; choose another name for the added one")
        text = found[field]
        if text.value is not None and line[text.start] != '"':
            raise DocumentError(f"the field {field!r} is {_kind(line[text.start])}, not a string")
        identifier = found.get(self.settings.id_field) if self.settings.id_field else None
        if self.settings.id_field and identifier is None:
            raise DocumentError(f"there is no field {self.settings.id_field!r} (--id-field)")
        shown = None
        if identifier is not None:
            shown = identifier.value if isinstance(identifier.value, str) else line[identifier.start : identifier.end]
        return Document(text.value, shown, (line, text, brace, bool(found)))

    def encode(self, document: Document, text: str | None, added: Mapping[str, Any]) -> bytes:
        """The line with the new text in place of the old one, and the added fields at its end."""
        line, member, brace, filled = document.handle
        before, value, after = line[: member.start], line[member.start : member.end], line[member.end : brace]
        escape = "\\u" in value and value.isascii()
        if text is not None:
            value = _dumped(text, escape)
        more = "".join(
            f"{', ' if filled else ''}{json.dumps(name, ensure_ascii=escape)}: {_dumped(new, escape)}"
            for name, new in added.items()
        )
        tail = line[brace:]
        return f"{before}{value}{after}{more}{tail}{'' if tail.endswith(chr(10)) else chr(10)}".encode()

    def passed_on(self, raw: bytes, problem: str | None) -> bytes | None:
        """The line as it stands."""
        return None if problem else raw.removesuffix(b"\n") + b"\n"


def _dumped(value: Any, escape: bool) -> str:
    """JSON without line breaks; lone surrogates, which UTF-8 has no bytes for, are escaped."""
    dumped = json.dumps(value, ensure_ascii=escape)
    try:
        dumped.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return dumped


def _value(line: str, position: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(line, position)
    except json.JSONDecodeError as error:
        raise DocumentError(f"not valid JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise DocumentError("the JSON is nested too deeply") from error


def _space(line: str, position: int) -> int:
    match = _SPACE.match(line, position)
    return match.end() if match else position


def _finished(line: str, brace: int, found: dict[str, Member]) -> tuple[dict[str, Member], int]:
    if line[brace + 1 :].strip():
        raise DocumentError(f"not valid JSON: something follows the object at character {brace + 1}")
    return found, brace


def _kind(first: str) -> str:
    return {"[": "a list", "{": "an object", "t": "true", "f": "false"}.get(first, "a number")
