"""Reading and writing text files without losing a byte: line endings, byte order mark and permissions stay."""

from __future__ import annotations

import codecs
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from normalizer.errors import InputError

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
"""What is read below a folder. A file that is named on the command line is read whatever its name."""

SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv"})
"""Folders that hold other people's files. Hidden ones (``.git``, ``.venv``) are skipped as well."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A decoded file. ``text.encode(encoding)`` gives its bytes again, byte order mark included."""

    name: str
    text: str
    encoding: str


def read_text(path: Path, encoding: str = "utf-8") -> TextFile:
    """Read a file as it is: no line ending is translated, a byte order mark stays in the text as U+FEFF.

    Raises ``InputError`` when there is no such file, or its bytes are not text in ``encoding``.
    """
    if path.is_dir():
        readable = os.access(path, os.R_OK | os.X_OK)
        raise InputError(f"{path}: {'is a folder, not a file' if readable else 'permission denied'}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {_reason(error)}") from error
    return decode_text(data, str(path), encoding)


def decode_text(data: bytes, name: str, encoding: str = "utf-8") -> TextFile:
    r"""Decode ``data`` strictly. ``name`` is for messages.

    Raises ``InputError`` with file, line and what to do.

    >>> decode_text(b"\xef\xbb\xbfone\r\n", "n.txt").text
    '\ufeffone\r\n'
    >>> decode_text(b"one\ncaf\xe9\n", "n.txt")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    normalizer.errors.InputError: n.txt:2: not valid UTF-8: byte 0xe9 at offset 7. If the file is...
    """
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as error:
        raise InputError(f"{name}: unknown encoding {encoding!r}; try utf-8, cp1252 or utf-16") from error
    marked = next((wide for mark, wide in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if codec in {"utf-16", "utf-32"}:
        codec = marked if marked and marked.startswith(codec) else f"{codec}-le"
    elif marked and not codec.startswith(("utf-16", "utf-32")):
        raise InputError(
            f"{name}:1: starts with the byte order mark of {marked[:6].upper()}. Read it with --encoding {marked[:6]}"
        )
    if not codec.startswith(("utf-16", "utf-32")) and (nul := data.find(0)) >= 0:
        raise InputError(
            f"{name}:{_line(data, nul)}: binary, not text: NUL byte at offset {nul}. "
            "If it is UTF-16 without a byte order mark, say so: --encoding utf-16"
        )
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}:{_line(data, error.start)}: not valid {_display(codec)}: byte 0x{data[error.start]:02x} at offset "
            f"{error.start}. If the file is in another encoding, name it, for example --encoding "
            f"{'cp1252' if codec == 'utf-8' else 'utf-8'}"
        ) from error
    except LookupError as error:  # a codec for other things than text, such as base64
        raise InputError(f"{name}: {encoding!r} is not an encoding of text; try utf-8, cp1252 or utf-16") from error
    return TextFile(name, text, codec)


def encode_text(text: str, name: str, encoding: str = "utf-8") -> bytes:
    """Encode ``text`` strictly. Raises ``InputError`` when ``encoding`` has no room for a character."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise InputError(
            f"{name}:{line}: {_display(encoding)} cannot hold U+{ord(text[error.start]):04X}; convert the file to UTF-8"
        ) from error


def write_text(path: Path, text: str, encoding: str = "utf-8", *, like: Path | None = None) -> None:
    """Write a file in one step: after an interruption it holds either the old text or the new one.

    A link is followed; what it points to is replaced. The permissions of an existing file stay; a new file takes
    those of ``like``. Raises ``InputError`` when the file cannot be written, or ``encoding`` cannot hold the text.
    """
    write_bytes(path, encode_text(text, str(path), encoding), like=like)


def write_bytes(path: Path, data: bytes, *, like: Path | None = None) -> None:
    """Write bytes in one step, as ``write_text`` does. Raises ``InputError`` when the file cannot be written."""
    try:
        target = path.resolve(strict=False)
        model = target if target.exists() else like
        if target.exists() and not (target.is_file() and os.access(target, os.W_OK)):
            raise InputError(f"{path}: {'is not writable' if target.is_file() else 'is not a regular file'}")
        _replace(target, data, model.stat() if model else None)
    except OSError as error:
        raise InputError(f"{path}: could not be written: {_reason(error)}") from error


def find_files(paths: Iterable[Path], *, outside: Path | None = None) -> Iterator[tuple[Path, Path]]:
    """The files that ``paths`` stand for, each with its path relative to the argument it was found under.

    Folders are searched for text files (``TEXT_SUFFIXES``), in order of name; hidden entries, ``SKIPPED_FOLDERS`` and
    links to folders are left out, and so is everything below ``outside``. Other paths are given as they are, whether
    they exist or not, and so is a folder that cannot be opened: reading them tells what is wrong. No file comes twice.
    """
    seen: set[Path] = set()
    barred = outside.resolve() if outside else None
    for path in paths:
        found = _walk(path, barred) if path.is_dir() else iter((path,))
        for file in found:
            real = file.resolve()
            if real not in seen:
                seen.add(real)
                yield file, file.relative_to(path) if file != path else Path(file.name)


def _walk(folder: Path, barred: Path | None) -> Iterator[Path]:
    if barred and folder.resolve() == barred:
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink() and entry.name not in SKIPPED_FOLDERS:
                yield from _walk(entry, barred)
        elif entry.suffix.lower() in TEXT_SUFFIXES:
            yield entry


def _replace(target: Path, data: bytes, model: os.stat_result | None) -> None:
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:  # noqa: PTH123
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if model:
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(temporary, model.st_uid, model.st_gid)
            temporary.chmod(stat.S_IMODE(model.st_mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _display(codec: str) -> str:
    return codec.upper() if codec.startswith("utf") else codec


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
