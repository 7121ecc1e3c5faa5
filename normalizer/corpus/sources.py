"""Which files a run reads, and where each one's output goes."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.corpus.formats import FORMATS, OUTPUTS, SUFFIXES, WRITTEN, codec
from normalizer.corpus.settings import Settings
from normalizer.corpus.storage import SUFFIXES as COMPRESSIONS
from normalizer.corpus.storage import filesystem, is_url, split_suffix
from normalizer.errors import ConfigError, InputError
from normalizer.files import SKIPPED_FOLDERS

if TYPE_CHECKING:
    from normalizer.corpus.records import Codec


@dataclass(frozen=True, slots=True)
class Source:
    """One input file, or one tree of text files (``files``: name and relative path of each).

    ``target``: its output, a path or URL; several sources may share one. ``written``: its format.
    ``size``: stored bytes; ``changed``: when it was last modified, as its file system tells.
    """

    name: str
    form: str
    target: str
    compression: str | None
    size: int
    changed: str
    files: tuple[tuple[str, str], ...] = ()
    written: str = ""

    @property
    def tree(self) -> bool:
        """Whether each document is written to a file of its own below ``target``."""
        return self.written == "text"

    @property
    def converted(self) -> bool:
        """Whether the output has another format than the input."""
        return self.written != OUTPUTS[self.form]

    @property
    def table(self) -> bool:
        """Whether the output is made of JSON lines when all of them are there."""
        return self.converted and self.written != "jsonl"

    @property
    def part_compression(self) -> str | None:
        """The compression of finished parts."""
        return None if self.table else self.compression

    def codec(self, settings: Settings) -> Codec:
        """The codec that reads the source. Raises ``InputError``."""
        return codec(self.form, self.name, settings, self.files, rows=self.converted)

    def to_dict(self) -> dict[str, Any]:
        """The source as plain data, to be compared when a run is resumed."""
        return {**asdict(self), "files": [list(file) for file in self.files]}


def find_sources(pattern: str, output: str, form: str | None = None, output_form: str | None = None) -> list[Source]:
    """The sources that a path, folder, glob or URL stands for, in order of name, with their targets.

    One data file goes to ``output`` itself unless that is a folder; several go below ``output`` under their own names,
    or all into one file when ``output`` is named like one. ``form`` and ``output_form`` override what the suffixes say.

    ``-`` is standard input.

    Raises ``InputError`` when there is nothing to read, ``ConfigError`` when inputs and output do not go together.
    """
    if pattern == "-":
        form = form or "jsonl"
        if form not in ("jsonl", "warc"):
            raise ConfigError(f"standard input can be jsonl or warc; {form} has to be read from a file")
        return [_Place.of(output, output_form, alone=True).table("-", f"stdin.{form}", 0, "", form)]
    found = _find(pattern)
    below = found if len(found) == 1 else [file for file in found if not _belongs_to(file[0], output)]
    alone = len(below) == 1 and not _is_folder(pattern)
    known = [(*file, form or _form(file[0], in_folder=_is_folder(pattern))) for file in below]
    if alone and not known[0][4]:
        raise ConfigError(f"{pattern}: the name does not tell its format; name one with --format: {', '.join(FORMATS)}")
    usable = [(name, relative, size, changed, kind) for name, relative, size, changed, kind in known if kind]
    if not usable:
        raise InputError(f"{pattern}: nothing to read there; data files end in {', '.join(SUFFIXES)}")
    place = _Place.of(output, output_form, alone=alone)
    texts = [file for file in usable if file[4] == "text"]
    sources = [place.table(*file) for file in usable if file[4] != "text"]
    if texts:
        sources.append(place.texts(pattern, texts))
    _check(sources, to_file=place.to_file)
    return sources


def find_inputs(pattern: str, form: str | None = None) -> list[Source]:
    """The sources that a path, folder, glob or URL stands for, in order of name, to be read only: they have no target.

    Raises ``InputError`` when there is nothing to read, ``ConfigError`` when a file's name does not tell its format.
    """
    known = [(*file, form or _form(file[0], in_folder=_is_folder(pattern))) for file in _find(pattern)]
    if len(known) == 1 and not _is_folder(pattern) and not known[0][4]:
        raise ConfigError(f"{pattern}: the name does not tell its format; name one with --format: {', '.join(FORMATS)}")
    tables = [
        Source(name, kind, "", None, size, changed, (), OUTPUTS[kind])
        for name, _, size, changed, kind in known
        if kind and kind != "text"
    ]
    texts = [(name, relative) for name, relative, *_, kind in known if kind == "text"]
    if texts:
        sizes = [(file[2], file[3]) for file in known if file[4] == "text"]
        size, changed = sum(size for size, _ in sizes), max(changed for _, changed in sizes)
        tables.append(Source(pattern, "text", "", None, size, changed, tuple(texts), "text"))
    if not tables:
        raise InputError(f"{pattern}: nothing to read there; data files end in {', '.join(SUFFIXES)}")
    return tables


@dataclass(frozen=True, slots=True)
class _Place:
    """Where outputs go. ``form``: the format that was asked for; ``to_file``: ``output`` is named like a data file."""

    output: str
    form: str | None
    to_file: bool
    alone: bool

    @classmethod
    def of(cls, output: str, form: str | None, *, alone: bool) -> _Place:
        suffix = split_suffix(output)[0]
        to_file = suffix in SUFFIXES and not output.endswith("/") and not Path(output).is_dir()
        return cls(output, form or (SUFFIXES[suffix] if to_file else None), to_file, alone)

    def table(self, name: str, relative: str, size: int, changed: str, form: str) -> Source:
        """The source that a data file makes."""
        written = self.form or OUTPUTS[form]
        if written not in WRITTEN:
            raise ConfigError(f"{name}: {form} cannot be written as {written}; OUTPUT can be {', '.join(WRITTEN)}")
        folder = Path(self.output).is_dir() or self.output.endswith("/") or is_url(self.output)
        if self.to_file or (self.alone and not folder):
            compression = COMPRESSIONS.get(Path(self.output).suffix.lower())
            return Source(name, form, self.output, compression, size, changed, (), written)
        compression = split_suffix(relative)[1]
        if written != form:
            packed = Path(relative).suffix if compression else ""
            stem = relative.removesuffix(packed)
            compression = None if written == "parquet" else compression
            relative = f"{stem.removesuffix(Path(stem).suffix)}.{written}{packed if compression else ''}"
        target = f"{self.output.rstrip('/')}/{relative}"
        return Source(name, form, target, compression, size, changed, (), written)

    def texts(self, pattern: str, texts: list[tuple[str, str, int, str, str]]) -> Source:
        """The source that a tree of text files makes."""
        size, changed = sum(file[2] for file in texts), max(file[3] for file in texts)
        files = tuple((name, relative) for name, relative, *_ in texts)
        written = self.form or "text"
        if written != "text":
            if written not in WRITTEN:
                raise ConfigError(f"{pattern}: text cannot be written as {written}")
            target = self.output if self.to_file else f"{self.output.rstrip('/')}/texts.{written}"
            return Source(pattern, "text", target, split_suffix(target)[1], size, changed, files, written)
        if self.to_file and not self.alone:
            raise ConfigError(
                f"{self.output}: text files are written to a folder, or into a table such as out.jsonl; "
                f"{pattern} cannot become one text file"
            )
        if self.to_file:
            files = ((files[0][0], Path(self.output).name),)
        folder = str(Path(self.output).parent) if self.to_file else self.output
        if is_url(folder):
            raise ConfigError(f"{self.output}: trees of text files can be written to local folders only")
        return Source(pattern, "text", folder, None, size, changed, files, written)


def _check(sources: list[Source], *, to_file: bool) -> None:
    if to_file and len(sources) > 1 and any(not s.converted and s.written != "jsonl" for s in sources):
        kind = sources[0].written
        raise ConfigError(f"several {kind} files cannot be joined into one; name a folder as OUTPUT, or a .jsonl file")
    targets: dict[str, str] = {}
    for source in sources:
        if source.written == "parquet" and source.compression:
            raise ConfigError(f"{source.target}: Parquet is compressed inside; leave out the last suffix")
        if source.tree:
            continue
        if source.target in targets and not to_file:
            raise ConfigError(f"{targets[source.target]} and {source.name} would both be written to {source.target}")
        targets[source.target] = source.name
        names = [source.name, *(name for name, _ in source.files)]
        for name in names:
            if not is_url(name) and not is_url(source.target) and _same(name, source.target):
                raise ConfigError(f"{name} would be overwritten; name another OUTPUT")
    for source in sources:
        if source.tree and any(_same(name, f"{source.target}/{rel}") for name, rel in source.files):
            raise ConfigError(f"{source.name} would be overwritten; name another OUTPUT")


def _find(pattern: str) -> list[tuple[str, str, int, str]]:
    """Name, path below the argument, size and time of every file, in order of name."""
    if is_url(pattern):
        return _find_remote(pattern)
    path = Path(pattern)
    if path.is_dir():
        return [_listed(name, name.relative_to(path).as_posix()) for name in _walk(path)]
    if path.exists() or not glob.has_magic(pattern):
        return [_described(path, path.name)]
    names = sorted(Path(name) for name in glob.glob(pattern, recursive=True) if not os.path.isdir(name))  # noqa: PTH112, PTH207
    if not names:
        raise InputError(f"{pattern}: no file matches")
    root = Path(os.path.commonpath([str(name.parent) for name in names]))
    return [_listed(name, name.relative_to(root).as_posix()) for name in names]


def _listed(path: Path, relative: str) -> tuple[str, str, int, str]:
    """One of many files: if it cannot be read, that is told when its turn comes."""
    try:
        return _described(path, relative)
    except InputError:
        return str(path), relative, 0, ""


def _described(path: Path, relative: str) -> tuple[str, str, int, str]:
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    return str(path), relative, status.st_size, str(status.st_mtime_ns)


def _walk(folder: Path) -> Iterable[Path]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir():
            if not entry.is_symlink() and entry.name not in SKIPPED_FOLDERS:
                yield from _walk(entry)
        else:
            yield entry


def _find_remote(url: str) -> list[tuple[str, str, int, str]]:
    system, path = filesystem(url)
    try:
        if glob.has_magic(path):
            names = sorted(name for name in system.glob(path) if not system.isdir(name))
            root = path[: min(path.find(char) for char in "*?[" if char in path)].rpartition("/")[0]
        elif system.isdir(path):
            names, root = sorted(system.find(path)), path.rstrip("/")
        else:
            names, root = [path], path.rpartition("/")[0]
        described = []
        for name in names:
            info = system.info(name)
            changed = info.get("mtime") or info.get("LastModified") or info.get("ETag") or info.get("etag") or ""
            described.append((_url(system, url, name), name[len(root) :].lstrip("/"), info["size"] or 0, str(changed)))
    except (OSError, NotImplementedError) as error:
        raise InputError(f"{url}: {str(error) or type(error).__name__}") from error
    if not described:
        raise InputError(f"{url}: no file matches")
    return described


def _url(system: Any, url: str, name: str) -> str:
    return name if is_url(name) else f"{url.split('://')[0]}://{name}"


def _form(name: str, *, in_folder: bool) -> str | None:
    """What a name tells. JSON lines may be called ``.json``, but in a folder such a file may be anything."""
    suffix, compression = split_suffix(name)
    if suffix == ".json" and in_folder and compression is None:
        return None
    return SUFFIXES.get(suffix)


def _is_folder(pattern: str) -> bool:
    return not is_url(pattern) and Path(pattern).is_dir()


def _belongs_to(name: str, output: str) -> bool:
    """Whether a file is an output of an earlier run, or its report or quarantine."""
    if is_url(name) or is_url(output):
        return False
    path, target = Path(name).resolve(), Path(output).resolve()
    return (
        target in path.parents
        or path == target
        or (path.name.startswith(f"{target.name}.") and path.parent == target.parent)
    )


def _same(a: str, b: str) -> bool:
    return Path(a).resolve() == Path(b).resolve()
