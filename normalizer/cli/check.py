"""``normalizer check``: report findings, change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from normalizer.cli.inputs import Inputs, emit, restorations
from normalizer.cli.options import EngineOptions, RunOptions, engine_options, paths_argument, run_options
from normalizer.cli.summary import Summary, number
from normalizer.restoration import Restoration
from normalizer.review.json_report import json_report
from normalizer.review.listing import listing

Report = Callable[..., Iterator[str]]
FORMATS: dict[str, Report] = {"text": listing, "json": json_report}


@click.command(epilog="The exit code is 1 when there are findings.")
@paths_argument
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@engine_options
@run_options
@click.pass_context
def check(ctx: click.Context, paths: Sequence[Path], form: str, engine: EngineOptions, run: RunOptions) -> None:
    """Report what fix would change, and change nothing.

    Without PATH, or with -, standard input is checked. Folders are searched for .txt and .md files.
    """
    inputs = Inputs(paths, run)
    summary = Summary(engine)

    def results() -> Iterator[tuple[str, Restoration]]:
        for source, restoration in restorations(inputs, engine.normalizer(), run):
            summary.add(restoration)
            yield source.name, restoration

    for piece in FORMATS[form](results(), color=run.color):
        emit(piece)
    if form == "text":
        run.note(f"{number(summary.edits, 'finding')} in {number(summary.files, 'file')}")
    if summary.held_back:
        run.note(summary.hint())
    ctx.exit(3 if inputs.failed else bool(summary.edits))
