"""``normalizer detect``: how likely each document is spun."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from normalizer.cli.configured import config_option
from normalizer.cli.inputs import Inputs, Source, emit
from normalizer.cli.options import EngineOptions, RunOptions, lexicon_options, paths_argument, run_options
from normalizer.restoration import Detection
from normalizer.text.lines import LineIndex


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

    Also by what kind of engine, how much of it a spinner wrote, and on what evidence and where: the strongest three
    reasons, or all with --verbose, then the spun passages too. The verdict is too-short for fewer than 40 words and
    for evidence that does not decide. Without PATH, or with -, standard input is judged. Folders are searched for .txt
    and .md files.
    """
    inputs = Inputs(paths, run)
    normalizer = EngineOptions(lexicon=lexicon, default_lexicons=default_lexicons).normalizer()
    if form == "table" and not run.quiet:
        emit(f"{'spun':>6}  {'verdict':<9}  {'engine':<12}  {'garbled':>7}  document\n")
    for source in inputs:
        detection = normalizer.detect(source.text)
        emit(_table(source, detection, run.verbose) if form == "table" else _record(source.name, detection))
    if inputs.failed:
        ctx.exit(3)


def _table(source: Source, detection: Detection, everything: bool) -> str:
    lines = [
        f"{detection.spun_probability:6.4f}  {detection.verdict:<9}  {detection.engine:<12}  "
        f"{detection.garbled:>7.1%}  {source.name}"
    ]
    places = LineIndex(source.text).position
    for finding in detection.findings if everything else detection.findings[:3]:
        where = ", ".join("{}:{}".format(*places(start)) for start, _ in finding.places)
        lines.append(f"{'':8}{where}: {finding.reason}")
    if everything and detection.verdict != "clean":
        for passage in detection.passages:
            (first, column), (last, end) = places(passage.start), places(passage.end)
            lines.append(f"{'':8}{first}:{column}-{last}:{end}: passage, spun {passage.spun_probability:.4f}")
    return "\n".join(lines) + "\n"


def _record(name: str, detection: Detection) -> str:
    path = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return json.dumps({"path": path, **detection.to_dict()}, ensure_ascii=False) + "\n"
