"""``normalizer fix``: restore texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from normalizer.cli.configured import config_option, configured
from normalizer.cli.inputs import STDIN, Inputs, Source, emit
from normalizer.cli.options import EngineOptions, RunOptions, engine_options, paths_argument, run_options
from normalizer.cli.summary import Summary, number
from normalizer.errors import InputError
from normalizer.files import encode_text, write_text
from normalizer.restoration import Restoration

Deliver = Callable[[Source, Restoration], None]
"""What to do with a restored input."""


@click.command(epilog="With --diff or --word-diff the exit code is 1 when anything would change.")
@paths_argument
@click.option("-w", "--write", is_flag=True, help="Restore the files in place.")
@click.option(
    "-o",
    "--output-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the restored files into DIR, in the same tree as below PATH.",
)
@click.option("--diff", is_flag=True, help="Print a unified diff for 'patch -p0' and write nothing.")
@click.option("--word-diff", is_flag=True, help="Print changed lines with the changed words marked; write nothing.")
@config_option
@engine_options
@run_options
@click.pass_context
def fix(
    ctx: click.Context,
    paths: Sequence[Path],
    write: bool,
    output_dir: Path | None,
    diff: bool,
    word_diff: bool,
    engine: EngineOptions,
    run: RunOptions,
) -> None:
    """Restore texts to their canonical wording.

    Without PATH, or with -, standard input is restored to standard output. One file is restored to standard output
    too; several files, or a folder (searched for .txt and .md), need -w, -o or --diff.
    """
    chosen = [
        option
        for option, given in [("-w", write), ("-o", output_dir), ("--diff", diff), ("--word-diff", word_diff)]
        if given
    ]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude each other.")
    inputs = Inputs(paths, run, outside=output_dir)
    summary = Summary(engine)
    deliver = _deliver_to(inputs, write, output_dir, diff, word_diff, run)
    for source, restoration in configured(inputs, engine, run):
        try:
            deliver(source, restoration)
        except InputError as error:
            inputs.fail(error)
        else:
            summary.add(restoration)
    if write or output_dir:
        files, edits = number(summary.files, "file"), number(summary.edits, "edit")
        run.note(f"{summary.changed} of {files} restored, {edits}")
    if (diff or word_diff or run.verbose) and summary.held_back:
        run.note(summary.hint())
    if inputs.failed:
        ctx.exit(3)
    if (diff or word_diff) and summary.edits:
        ctx.exit(1)


def _deliver_to(
    inputs: Inputs, write: bool, output_dir: Path | None, diff: bool, word_diff: bool, run: RunOptions
) -> Deliver:
    """The way out that the options ask for. Raises ``UsageError`` when the inputs do not go with it."""
    if diff:
        return _print_diff
    if word_diff:
        return lambda source, restoration: _print_word_diff(source, restoration, run)
    if write or output_dir:
        if any(path == STDIN for path, _ in inputs.files):
            raise click.UsageError("standard input is restored to standard output; name files to use -w or -o.")
        if output_dir is None:
            return _write_in_place
        targets = {path: output_dir / relative for path, relative in inputs.files}
        _check_targets(targets)
        return lambda source, restoration: _write_elsewhere(source, restoration, targets[source.path])
    if len(inputs) > 1 or inputs.folders:
        raise click.UsageError("several files need -w (in place), -o DIR, --diff or --word-diff.")
    return _print_restored


def _print_restored(source: Source, restoration: Restoration) -> None:
    emit(encode_text(restoration.restored, source.name, source.encoding))


def _print_diff(source: Source, restoration: Restoration) -> None:
    # A diff mixes paths and contents; encodings that are not supersets of ASCII cannot hold both.
    encoding = "utf-8" if source.encoding.startswith(("utf-16", "utf-32")) else source.encoding
    emit(encode_text(restoration.diff(source.name), source.name, encoding))


def _print_word_diff(source: Source, restoration: Restoration, run: RunOptions) -> None:
    from normalizer.review.diff import word_diff

    emit(word_diff(restoration.original, restoration.edits, source.name, color=run.color))


def _write_in_place(source: Source, restoration: Restoration) -> None:
    if restoration.restored != restoration.original:
        write_text(source.path, restoration.restored, source.encoding)


def _write_elsewhere(source: Source, restoration: Restoration, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{target.parent}: could not be created: {(error.strerror or str(error)).lower()}") from error
    write_text(target, restoration.restored, source.encoding, like=source.path)


def _check_targets(targets: dict[Path, Path]) -> None:
    sources: dict[Path, Path] = {}
    for source, target in targets.items():
        if target in sources:
            raise click.UsageError(f"{sources[target]} and {source} would both be written to {target}.")
        if target.resolve() == source.resolve():
            raise click.UsageError(f"{source} would be overwritten; -w does that.")
        sources[target] = source
