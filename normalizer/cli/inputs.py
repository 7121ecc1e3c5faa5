"""The inputs of a command: standard input, files, folders. One that cannot be read does not stop the others."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.options import RunOptions
from normalizer.errors import InputError
from normalizer.files import decode_text, find_files, read_text

if TYPE_CHECKING:
    from normalizer.pipeline import Normalizer
    from normalizer.restoration import Restoration

STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class Source:
    """An input that was read. ``relative`` is its path below the argument that it was found under."""

    name: str
    path: Path
    relative: Path
    text: str
    encoding: str


class Inputs:
    """The inputs that ``paths`` stand for; iterating reads them one by one. ``failed`` tells whether any could not be.

    No path stands for standard input. Folders give files of text, or those whose names end in ``suffix``; nothing
    below ``outside``.
    """

    def __init__(
        self, paths: Sequence[Path], run: RunOptions, *, outside: Path | None = None, suffix: str = ""
    ) -> None:
        self.run = run
        self.failed = False
        self.folders = any(path.is_dir() for path in paths)
        self.files: list[tuple[Path, Path]] = []
        if not paths or STDIN in paths:
            self.files.append((STDIN, STDIN))
        self.files += [
            (path, relative)
            for path, relative in find_files([path for path in paths if path != STDIN], outside=outside)
            if path.name.endswith(suffix) or path in paths
        ]
        if not self.files:
            run.note(f"warning: no text files ({suffix or '.txt, .md'}) below {', '.join(map(str, paths))}")

    def __len__(self) -> int:
        return len(self.files)

    def __iter__(self) -> Iterator[Source]:
        for path, relative in self.files:
            try:
                yield self._read(path, relative)
            except InputError as error:
                self.fail(error)

    def fail(self, error: InputError) -> None:
        """Report an input (or output) as unusable, and remember that one was."""
        self.failed = True
        click.echo(f"error: {error}", err=True)

    def _read(self, path: Path, relative: Path) -> Source:
        if path == STDIN:
            if sys.stdin is None:
                raise InputError("-: standard input is closed; name a file")
            if sys.stdin.isatty():
                self.run.note("reading standard input; end it with Ctrl-D (on Windows Ctrl-Z and Enter)")
            file = decode_text(sys.stdin.buffer.read(), "-", self.run.encoding)
        else:
            file = read_text(path, self.run.encoding)
        return Source(_display(path), path, relative, file.text, file.encoding)


def restorations(
    sources: Iterable[Source], normalizer: Normalizer, run: RunOptions
) -> Iterator[tuple[Source, Restoration]]:
    """Analyse the sources in order, with as many processes as were asked for."""
    waiting: deque[Source] = deque()

    def texts() -> Iterator[str]:
        for source in sources:
            waiting.append(source)
            yield source.text

    for restoration in normalizer.pipe(texts(), jobs=run.workers):
        yield waiting.popleft(), restoration


def emit(output: str | bytes) -> None:
    """Write to standard output: text as UTF-8, whatever the locale; bytes as they are."""
    data = output.encode("utf-8", "surrogateescape") if isinstance(output, str) else output
    if sys.stdout is None:
        raise InputError("standard output is closed")
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


def _display(path: Path) -> str:
    """The path as messages and diffs show it: relative to the working folder when it is below."""
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return str(path)
