"""``normalizer fix``: restore texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from normalizer.cli.configured import config_option, configured
from normalizer.cli.delivery import deliver_to, output_options
from normalizer.cli.inputs import Inputs
from normalizer.cli.options import EngineOptions, RunOptions, engine_options, paths_argument, run_options
from normalizer.cli.summary import Summary, number
from normalizer.errors import InputError


@click.command(epilog="With --diff or --word-diff the exit code is 1 when anything would change.")
@paths_argument
@output_options
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
    inputs = Inputs(paths, run, outside=output_dir)
    summary = Summary(engine)
    deliver = deliver_to(
        inputs.files, run, write=write, output_dir=output_dir, diff=diff, word_diff=word_diff, several=inputs.folders
    )
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
