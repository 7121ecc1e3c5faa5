"""Bytes in and out: local files and fsspec URLs, compressed by gzip, zstd, xz or bz2."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from normalizer.errors import ConfigError, InputError

MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bz2",
}
SUFFIXES = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd", ".xz": "xz", ".bz2": "bz2"}

BUCKETS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oci", "oss", "r2"})
"""Schemes without folders: making the "folder" of a misspelt URL would make a bucket."""


def is_url(name: str) -> bool:
    """Whether a name is an fsspec URL rather than a path.

    >>> is_url("s3://bucket/a.jsonl"), is_url("C:/a.jsonl"), is_url("a.jsonl")
    (True, False, False)
    """
    return "://" in name


def filesystem(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path on it. Raises ``ConfigError`` when a package is missing."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ConfigError(f"{url}: URLs need fsspec; install normalizer[corpus]") from error
    try:
        found, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{url}: {error}") from error
    return found, path


def upload(file: Path, url: str) -> None:
    """Copy a local file to a URL. Folders are made where there are any; buckets never are. Raises ``OSError``."""
    system, path = filesystem(url)
    protocols = {system.protocol} if isinstance(system.protocol, str) else set(system.protocol)
    if not protocols & BUCKETS:
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
    system.put_file(str(file), path)


class Counted(io.RawIOBase):
    """A binary stream that counts the bytes read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Never: what is compressed is read from the start."""
        return False

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; 0 at the end."""
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)

    def close(self) -> None:
        """Close the stream below as well."""
        self.stream.close()
        super().close()


class Piecewise(io.RawIOBase):
    """Reads a stream in the pieces it has ready, so that nothing before a broken place is lost; leaves it open.

    ``failure``: what was raised while reading, for the sake of callers below whom it gets lost.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.failure: Exception | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; 0 at the end."""
        try:
            data: bytes = self.stream.read1(len(buffer))  # type: ignore[attr-defined]
        except Exception as error:
            self.failure = error
            raise
        buffer[: len(data)] = data
        return len(data)


class Input:
    """An open source: ``stream`` gives uncompressed bytes, ``consumed`` counts stored ones.

    With ``expand=False``, ``stream`` gives stored bytes, and ``expanded`` a stream of uncompressed ones.
    """

    def __init__(self, name: str, *, expand: bool = True) -> None:
        raw = open_binary(name)
        if name == "-":
            head = raw.peek(6)[:6]  # type: ignore[attr-defined]
        else:
            head = raw.read(6)
            raw.seek(0)
        self.head = head
        self.compression = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
        self._counted = Counted(raw)
        self._raw = raw
        below = cast(BinaryIO, io.BufferedReader(self._counted, 1 << 18))
        self.stream: IO[bytes] = below
        if expand:
            self.stream = self.expanded()

    def expanded(self) -> IO[bytes]:
        """A stream of uncompressed bytes."""
        return self.stream if self.compression is None else _decompress(cast(BinaryIO, self.stream), self.compression)

    @property
    def consumed(self) -> int:
        """Stored bytes read so far."""
        return self._counted.count

    def skip(self, offset: int) -> None:
        """Go to an offset (uncompressed bytes) from the start: at once where the source allows it."""
        if self.compression is None and self._raw.seekable():
            self._raw.seek(offset)
            self._counted.count = offset
            return
        while offset > 0:
            block = self.stream.read(min(offset, 1 << 20))
            if not block:
                return
            offset -= len(block)

    def close(self) -> None:
        """Close the source."""
        self.stream.close()
        self._counted.close()


@contextmanager
def opened(name: str, *, expand: bool = True) -> Iterator[Input]:
    """An open source; whatever breaks while it is read becomes an ``InputError`` that says where."""
    source: Input | None = None
    try:
        source = Input(name, expand=expand)
        if expand and not source.head and Path(name).suffix.lower() in SUFFIXES:
            raise EOFError("the file is empty")
        yield source
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, _ZstdError) as error:
        kind = source.compression if source else "compressed"
        where = source.consumed if source else 0
        raise InputError(f"{name}: broken {kind} data near byte {where}: {error}; fetch the file again") from error
    except OSError as error:
        kind = f"broken {source.compression} data: " if source and source.compression and not error.errno else ""
        raise InputError(f"{name}: {kind}{(error.strerror or str(error)).lower()}") from error
    finally:
        if source is not None:
            with suppress(Exception):
                source.close()


def open_binary(name: str) -> BinaryIO:
    """Open a path, a URL or standard input (``-``) for reading bytes. Raises ``OSError``."""
    if name == "-":
        return Path(os.devnull).open("rb") if sys.stdin is None else open(0, "rb", closefd=False)
    if is_url(name):
        found, path = filesystem(name)
        return cast(BinaryIO, found.open(path, "rb"))
    return Path(name).open("rb")


def compressor(file: BinaryIO, compression: str | None) -> IO[bytes]:
    """A stream that writes compressed bytes to ``file``. Parts that are written so can be joined as they are.

    Raises ``ConfigError`` when zstd is wanted and not installed.
    """
    if compression == "gzip":
        return cast(IO[bytes], gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0))
    if compression == "bz2":
        return cast(IO[bytes], bz2.BZ2File(file, "wb"))
    if compression == "xz":
        return cast(IO[bytes], lzma.LZMAFile(file, "wb"))
    if compression == "zstd":
        return cast(IO[bytes], _zstandard().ZstdCompressor().stream_writer(file, closefd=False))
    return file


def split_suffix(name: str) -> tuple[str, str | None]:
    """The format suffix of a name, in lower case, and the compression that a further suffix stands for.

    >>> split_suffix("a/b.JSONL.gz"), split_suffix("b.parquet"), split_suffix("README")
    (('.jsonl', 'gzip'), ('.parquet', None), ('', None))
    """
    base = name.rstrip("/").rsplit("/", 1)[-1]
    stem, suffix = os.path.splitext(base)  # noqa: PTH122
    compression = SUFFIXES.get(suffix.lower())
    if compression:
        suffix = os.path.splitext(stem)[1]  # noqa: PTH122
    return suffix.lower(), compression


class _ZstdError(Exception):
    """A zstd stream that ends in the middle or is damaged."""


class _ZstdReader(io.RawIOBase):
    """Decompresses zstd frames, and notices when the last one is cut off."""

    def __init__(self, below: BinaryIO) -> None:
        self.below = below
        self.module = _zstandard()
        self.frame: Any = None
        self.compressed = b""
        self.plain = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.plain:
            if not self.compressed:
                self.compressed = self.below.read(1 << 16)
            if not self.compressed:
                if self.frame is not None:
                    raise _ZstdError("the data ends in the middle of a frame")
                return 0
            if self.frame is None:
                self.frame = self.module.ZstdDecompressor().decompressobj()
            try:
                self.plain = memoryview(self.frame.decompress(self.compressed))
            except self.module.ZstdError as error:
                raise _ZstdError(str(error)) from error
            self.compressed = b""
            if self.frame.eof:
                self.compressed = self.frame.unused_data
                self.frame = None
        count = min(len(buffer), len(self.plain))
        buffer[:count] = self.plain[:count]
        self.plain = self.plain[count:]
        return count


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise ConfigError("zstd files need the package zstandard; install normalizer[corpus]") from error
    return zstandard


def _decompress(below: BinaryIO, compression: str) -> IO[bytes]:
    if compression == "gzip":
        return io.BufferedReader(Piecewise(cast(IO[bytes], gzip.GzipFile(fileobj=below))), 1 << 18)
    if compression == "bz2":
        return cast(IO[bytes], bz2.BZ2File(below))
    if compression == "xz":
        return cast(IO[bytes], lzma.LZMAFile(below))
    return io.BufferedReader(_ZstdReader(below), 1 << 18)
