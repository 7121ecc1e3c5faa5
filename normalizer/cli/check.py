"""``normalizer check``: report findings, change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from normalizer.cli.configured import config_option, configured
from normalizer.cli.inputs import STDIN, Inputs, Source, emit
from normalizer.cli.options import EngineOptions, RunOptions, engine_options, paths_argument, run_options
from normalizer.cli.summary import Summary, number
from normalizer.errors import InputError
from normalizer.files import read_text, write_text
from normalizer.restoration import Restoration
from normalizer.review.baseline import Baseline, fingerprints, read_baseline

Report = Callable[..., Iterator[str]]
FORMATS = {
    "text": "normalizer.review.listing:listing",
    "json": "normalizer.review.json_report:json_report",
    "sarif": "normalizer.review.sarif:sarif",
    "rdjson": "normalizer.review.rdjson:rdjson",
    "rdjsonl": "normalizer.review.rdjson:rdjsonl",
    "github": "normalizer.review.github:github",
}


@click.command(epilog="The exit code is 1 when there are findings.")
@paths_argument
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Report only findings that are not in FILE.",
)
@click.option("--write-baseline", is_flag=True, help="Write all findings into the baseline; report none.")
@config_option
@engine_options
@run_options
@click.pass_context
def check(
    ctx: click.Context,
    paths: Sequence[Path],
    form: str,
    baseline: Path | None,
    write_baseline: bool,
    engine: EngineOptions,
    run: RunOptions,
) -> None:
    """Report what fix would change, and change nothing.

    Without PATH, or with -, standard input is checked. Folders are searched for .txt and .md files.
    """
    if write_baseline and baseline is None:
        raise click.UsageError("--write-baseline needs --baseline FILE.")
    inputs = Inputs(paths, run)
    summary = Summary(engine)
    results = configured(inputs, engine, run)
    if baseline is not None:
        known = _read(baseline, write_baseline)
        if write_baseline:
            _write(baseline, known, results, run)
            ctx.exit(3 if inputs.failed else 0)
        results = ((source, known.unknown(_key(source, baseline), found)) for source, found in results)

    def counted() -> Iterator[tuple[str, Restoration]]:
        for source, restoration in results:
            summary.add(restoration)
            yield source.name, restoration

    for piece in _report(form, run)(counted(), color=run.color):
        emit(piece)
    if form == "text":
        run.note(f"{number(summary.edits, 'finding')} in {number(summary.files, 'file')}")
    if summary.held_back:
        run.note(summary.hint())
    ctx.exit(3 if inputs.failed else bool(summary.edits))


def _report(form: str, run: RunOptions) -> Report:
    module, name = FORMATS[form].split(":")
    report: Report = getattr(import_module(module), name)
    return partial(report, evidence=run.verbose) if form == "text" else report


def _read(path: Path, may_be_new: bool) -> Baseline:
    if not path.exists():
        if may_be_new:
            return Baseline({})
        raise InputError(f"{path}: no such baseline; make it with --write-baseline")
    return read_baseline(read_text(path).text, str(path))


def _write(path: Path, known: Baseline, results: Iterator[tuple[Source, Restoration]], run: RunOptions) -> None:
    found = {_key(source, path): fingerprints(restoration) for source, restoration in results}
    gone = [name for name in known.files if name != str(STDIN) and not (path.resolve().parent / name).exists()]
    write_text(path, known.updated(found, gone).to_json())
    count = sum(sum(prints.values()) for prints in found.values())
    run.note(f"{number(count, 'finding')} in {number(len(found), 'file')} written to {path}")


def _key(source: Source, baseline: Path) -> str:
    """The path that a baseline knows a source by: relative to the baseline's folder when it is below."""
    if source.path == STDIN:
        return str(STDIN)
    real, folder = source.path.resolve(), baseline.resolve().parent
    name = real.relative_to(folder) if real.is_relative_to(folder) else real
    return name.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
