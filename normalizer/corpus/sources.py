"""Which files a run reads, and where each one's output goes."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.corpus.formats import FORMATS, OUTPUTS, SUFFIXES, codec
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

    ``target``: its output, a path or URL; several sources may share one. ``size``: stored bytes; ``changed``: when it
    was last modified, as its file system tells.
    """

    name: str
    form: str
    target: str
    compression: str | None
    size: int
    changed: str
    files: tuple[tuple[str, str], ...] = ()

    def codec(self, settings: Settings) -> Codec:
        """The codec that reads the source. Raises ``InputError``."""
        if self.form == "text":
            from normalizer.corpus.formats.text import TextCodec

            return TextCodec(self.files, settings)
        return codec(self.form, self.name, settings)

    def to_dict(self) -> dict[str, Any]:
        """The source as plain data, to be compared when a run is resumed."""
        return {**asdict(self), "files": [list(file) for file in self.files]}


def find_sources(pattern: str, output: str, form: str | None = None) -> list[Source]:
    """The sources that a path, folder, glob or URL stands for, in order of name, with their targets.

    One data file goes to ``output`` itself unless that is a folder; several go below ``output`` under their own names,
    or all into one file when ``output`` is named like JSON lines. ``form`` overrides what the suffixes say.

    Raises ``InputError`` when there is nothing to read, ``ConfigError`` when inputs and output do not go together.
    """
    found = _find(pattern)
    below = found if len(found) == 1 else [file for file in found if not _belongs_to(file[0], output)]
    known = [(*file, form or _form(file[0])) for file in below]
    single = len(known) == 1 and not _is_folder(pattern)
    if single and not known[0][4]:
        raise ConfigError(f"{pattern}: the name does not tell its format; name one with --format: {', '.join(FORMATS)}")
    usable = [(name, relative, size, changed, kind) for name, relative, size, changed, kind in known if kind]
    if not usable:
        raise InputError(f"{pattern}: nothing to read there; data files end in {', '.join(SUFFIXES)}")
    tables = [file for file in usable if file[4] != "text"]
    texts = [file for file in usable if file[4] == "text"]
    suffix, compression = split_suffix(output)
    to_file = suffix in SUFFIXES and not output.endswith("/") and not Path(output).is_dir()
    sources = [_table(*file, output, to_file=to_file, alone=single) for file in tables]
    if texts:
        if to_file and not (single and suffix in (".txt", ".text", ".md", ".markdown")):
            raise ConfigError(f"{output}: text files are written to a folder; {pattern} cannot become one file")
        names = [(name, Path(output).name if to_file else relative) for name, relative, *_ in texts]
        folder = str(Path(output).parent) if to_file else output
        if is_url(folder):
            raise ConfigError(f"{output}: trees of text files can be written to local folders only")
        size, changed = sum(file[2] for file in texts), max(file[3] for file in texts)
        sources.append(Source(pattern, "text", folder, None, size, changed, tuple(names)))
    _check(sources, compression, to_file=to_file)
    return sources


def find_inputs(pattern: str, form: str | None = None) -> list[Source]:
    """The sources that a path, folder, glob or URL stands for, in order of name, to be read only: they have no target.

    Raises ``InputError`` when there is nothing to read, ``ConfigError`` when a file's name does not tell its format.
    """
    known = [(*file, form or _form(file[0])) for file in _find(pattern)]
    if len(known) == 1 and not _is_folder(pattern) and not known[0][4]:
        raise ConfigError(f"{pattern}: the name does not tell its format; name one with --format: {', '.join(FORMATS)}")
    tables = [
        Source(name, kind, "", None, size, changed) for name, _, size, changed, kind in known if kind and kind != "text"
    ]
    texts = [(name, relative) for name, relative, *_, kind in known if kind == "text"]
    if texts:
        sizes = [(file[2], file[3]) for file in known if file[4] == "text"]
        size, changed = sum(size for size, _ in sizes), max(changed for _, changed in sizes)
        tables.append(Source(pattern, "text", "", None, size, changed, tuple(texts)))
    if not tables:
        raise InputError(f"{pattern}: nothing to read there; data files end in {', '.join(SUFFIXES)}")
    return tables


def _table(
    name: str, relative: str, size: int, changed: str, form: str, output: str, *, to_file: bool, alone: bool
) -> Source:
    written = OUTPUTS[form]
    if to_file:
        suffix, compression = split_suffix(output)
        if SUFFIXES[suffix] != written:
            raise ConfigError(
                f"{name} is {form} and is written as {written}; {output} is named like {SUFFIXES[suffix]}"
            )
        return Source(name, form, output, compression, size, changed)
    if alone and not Path(output).is_dir() and not output.endswith("/") and not is_url(output):
        compression = COMPRESSIONS.get(Path(output).suffix)
        return Source(name, form, output, compression, size, changed)
    compression = split_suffix(relative)[1]
    if form == "warc":
        stem = relative.removesuffix(Path(relative).suffix) if compression else relative
        relative = f"{stem}.jsonl{Path(relative).suffix if compression else ''}"
    return Source(name, form, f"{output.rstrip('/')}/{relative}", compression, size, changed)


def _check(sources: list[Source], compression: str | None, *, to_file: bool) -> None:
    if to_file and len(sources) > 1 and any(OUTPUTS[s.form] != "jsonl" for s in sources):
        raise ConfigError("only JSON lines can be joined into one file; name a folder as OUTPUT")
    targets: dict[str, str] = {}
    for source in sources:
        if source.form == "parquet" and source.compression:
            raise ConfigError(f"{source.target}: Parquet is compressed inside; leave out the last suffix")
        if source.form == "text":
            continue
        if source.target in targets and not to_file:
            raise ConfigError(f"{targets[source.target]} and {source.name} would both be written to {source.target}")
        targets[source.target] = source.name
        if not is_url(source.name) and not is_url(source.target) and _same(source.name, source.target):
            raise ConfigError(f"{source.name} would be overwritten; name another OUTPUT")
    for source in sources:
        if source.form == "text" and any(_same(name, f"{source.target}/{rel}") for name, rel in source.files):
            raise ConfigError(f"{source.name} would be overwritten; name another OUTPUT")


def _find(pattern: str) -> list[tuple[str, str, int, str]]:
    """Name, path below the argument, size and time of every file, in order of name."""
    if is_url(pattern):
        return _find_remote(pattern)
    path = Path(pattern)
    if path.is_dir():
        return [_described(name, str(name.relative_to(path).as_posix())) for name in _walk(path)]
    if path.exists() or not glob.has_magic(pattern):
        return [_described(path, path.name)]
    names = sorted(Path(name) for name in glob.glob(pattern, recursive=True) if not os.path.isdir(name))  # noqa: PTH112, PTH207
    if not names:
        raise InputError(f"{pattern}: no file matches")
    root = Path(os.path.commonpath([str(name.parent) for name in names]))
    return [_described(name, name.relative_to(root).as_posix()) for name in names]


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


def _form(name: str) -> str | None:
    return SUFFIXES.get(split_suffix(name)[0])


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
