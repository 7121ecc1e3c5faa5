"""``normalizer detect``: how likely each document is spun."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from normalizer.cli.configured import config_option
from normalizer.cli.inputs import Inputs, emit
from normalizer.cli.options import EngineOptions, RunOptions, lexicon_options, paths_argument, run_options
from normalizer.restoration import Detection


@click.command()
@paths_argument
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
@config_option
@lexicon_options
@run_options
@click.pass_context
def detect(
    ctx: click.Context,
    paths: Sequence[Path],
    form: str,
    lexicon: tuple[Path, ...],
    default_lexicons: bool,
    run: RunOptions,
) -> None:
    """Tell how likely each document is spun.

    Also by what kind of engine, and on what evidence: the strongest three reasons, or all with --verbose. Without
    PATH, or with -, standard input is judged. Folders are searched for .txt and .md files.
    """
    inputs = Inputs(paths, run)
    normalizer = EngineOptions(lexicon=lexicon, default_lexicons=default_lexicons).normalizer()
    if form == "table" and not run.quiet:
        emit(f"{'spun':>6}  {'engine':<12}  document\n")
    for source in inputs:
        detection = normalizer.detect(source.text)
        shown = None if run.verbose else 3
        emit(_row(source.name, detection, shown) if form == "table" else _record(source.name, detection))
    if inputs.failed:
        ctx.exit(3)


def _row(name: str, detection: Detection, shown: int | None) -> str:
    lines = [f"{detection.spun_probability:6.4f}  {detection.engine:<12}  {name}"]
    lines += [f"{'':22}{reason}" for reason in detection.evidence[:shown]]
    return "\n".join(lines) + "\n"


def _record(name: str, detection: Detection) -> str:
    path = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return json.dumps({"path": path, **detection.to_dict()}, ensure_ascii=False) + "\n"
