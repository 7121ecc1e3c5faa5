"""Ways out for a changed text: standard output, a diff, in place, or another folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from normalizer.cli.inputs import STDIN, Source, emit
from normalizer.cli.options import RunOptions
from normalizer.errors import InputError
from normalizer.files import encode_text, write_text
from normalizer.restoration import Restoration

Deliver = Callable[[Source, Restoration], None]
"""What to do with a changed input. Raises ``InputError`` when it cannot be done."""


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``-w``, ``-o``, ``--diff`` and ``--word-diff``."""
    for option in reversed(
        [
            click.option("-w", "--write", is_flag=True, help="Change the files in place."),
            click.option(
                "-o",
                "--output-dir",
                metavar="DIR",
                type=click.Path(path_type=Path, file_okay=False),
                help="Write the changed files into DIR, in the same tree as below PATH.",
            ),
            click.option("--diff", is_flag=True, help="Print a unified diff for 'patch -p0' and write nothing."),
            click.option("--word-diff", is_flag=True, help="Print changed lines with the changed words marked."),
        ]
    ):
        function = option(function)
    return function


def deliver_to(
    files: Sequence[tuple[Path, Path]],
    run: RunOptions,
    *,
    write: bool,
    output_dir: Path | None,
    diff: bool,
    word_diff: bool,
    several: bool = False,
) -> Deliver:
    """The way out that the options ask for.

    ``files`` are the inputs, each with its path in an output folder; ``several`` tells that they do not fit into one
    standard output even if there is only one. Raises ``UsageError`` when the inputs do not go with the options.
    """
    given = [("-w", write), ("-o", output_dir), ("--diff", diff), ("--word-diff", word_diff)]
    chosen = [option for option, value in given if value]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude each other.")
    if diff:
        return _show_diff if run.columns else _print_diff
    if word_diff:
        return lambda source, result: _print_word_diff(source, result, run)
    if write or output_dir:
        if any(path == STDIN for path, _ in files):
            raise click.UsageError("standard input is changed to standard output; name files to use -w or -o.")
        if output_dir is None:
            return _write_in_place
        targets = {path: output_dir / relative for path, relative in files}
        _check_targets(targets)
        return lambda source, result: _write_elsewhere(source, result, targets[source.path])
    if len(files) > 1 or several:
        raise click.UsageError("several files need -w (in place), -o DIR, --diff or --word-diff.")
    return _print


def _print(source: Source, result: Restoration) -> None:
    emit(encode_text(result.restored, source.name, source.encoding))


def _print_diff(source: Source, result: Restoration) -> None:
    # A diff mixes paths and contents; encodings that are not supersets of ASCII cannot hold both.
    encoding = "utf-8" if source.encoding.startswith(("utf-16", "utf-32")) else source.encoding
    emit(encode_text(result.diff(source.name), source.name, encoding))


def _show_diff(source: Source, result: Restoration) -> None:
    from normalizer.review.columns import harmless

    emit(harmless(result.diff(source.name)))


def _print_word_diff(source: Source, result: Restoration, run: RunOptions) -> None:
    from normalizer.review.diff import word_diff

    emit(word_diff(result.original, result.edits, source.name, color=run.color, width=run.columns))


def _write_in_place(source: Source, result: Restoration) -> None:
    if result.restored != result.original:
        write_text(source.path, result.restored, source.encoding)


def _write_elsewhere(source: Source, result: Restoration, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{target.parent}: could not be created: {(error.strerror or str(error)).lower()}") from error
    write_text(target, result.restored, source.encoding, like=source.path)


def _check_targets(targets: dict[Path, Path]) -> None:
    sources: dict[Path, Path] = {}
    for source, target in targets.items():
        if target in sources:
            raise click.UsageError(f"{sources[target]} and {source} would both be written to {target}.")
        if target.resolve() == source.resolve():
            raise click.UsageError(f"{source} would be overwritten; -w does that.")
        sources[target] = source
