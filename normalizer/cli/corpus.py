"""``normalizer corpus``: restore data sets."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from normalizer.cli.configured import config_option, settings_of, tell_files
from normalizer.cli.inputs import emit
from normalizer.cli.options import EngineOptions, RunOptions, engine_options, run_options

if TYPE_CHECKING:
    from normalizer.corpus.sources import Source
    from normalizer.corpus.treatment import Treatment, Treatments

WRITTEN = ("jsonl", "csv", "tsv", "parquet")
FORMATS = ("jsonl", "csv", "tsv", "parquet", "text", "warc")


@click.command(
    epilog="The exit code is 3 when something could not be processed; everything else is in the output all the same."
)
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
@click.option("--format", "form", type=click.Choice(FORMATS), help="The input's format, if its name does not tell.")
@click.option(
    "--output-format",
    "output_form",
    type=click.Choice(WRITTEN),
    help="The output's format, if its name does not tell and it is not the input's.",
)
@click.option("--text-field", default="text", show_default=True, metavar="NAME", help="The field to restore.")
@click.option("--id-field", metavar="NAME", help="The field that identifies documents; repeated ids are reported.")
@click.option("--edits-field", metavar="NAME", help="Add a field with edits, spun probability and engine.")
@click.option("--keep-original", metavar="NAME", help="Add a field with the text as it was.")
@click.option("--filter", "keep", type=click.Choice(["spun", "clean"]), help="Write only these documents.")
@click.option(
    "--on-error",
    type=click.Choice(["skip", "fail", "keep"]),
    default="skip",
    show_default=True,
    help="A document that cannot be processed is left out, stops the run, or is passed on as it is.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N documents.")
@click.option("--sample", type=click.FloatRange(0, 1, min_open=True), metavar="P", help="Take this share of documents.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Another seed, another sample.")
@click.option(
    "--max-document-size",
    type=click.IntRange(1),
    default=10_000_000,
    show_default=True,
    metavar="BYTES",
    help="Larger documents count as errors.",
)
@click.option(
    "--part-size",
    type=click.IntRange(1),
    default=1_000_000,
    show_default=True,
    metavar="BYTES",
    help="How much input an interruption may cost.",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
@click.option("--overwrite", is_flag=True, help="Replace outputs, and drop an interrupted run.")
@click.option("--work-dir", type=click.Path(path_type=Path), metavar="DIR", help="Where unfinished parts are kept.")
@click.option("--engine", "runner", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--ray-address", metavar="ADDRESS", help="The Ray cluster to use; default: one on this machine.")
@config_option
@engine_options
@run_options
@click.pass_context
def corpus(
    ctx: click.Context,
    /,
    source: str,
    output: str,
    form: str | None,
    output_form: str | None,
    runner: Literal["local", "ray"],
    ray_address: str | None,
    resume: bool,
    overwrite: bool,
    work_dir: Path | None,
    max_document_size: int,
    engine: EngineOptions,
    run: RunOptions,
    keep_original: str | None,
    **fields: Any,
) -> None:
    """Restore a data set: JSON lines, CSV, Parquet, folders of text, web archives.

    INPUT is a file, a folder, a glob in quotes, or a URL; .gz, .zst, .xz and .bz2 are read and written. Of each
    document one field is restored, everything else stays as it is. OUTPUT is a file for one input, or a folder; named
    like another format (.jsonl, .csv, .tsv, .parquet), it is converted to that. With - for INPUT or OUTPUT, JSON lines
    come from standard input or go to standard output.
    """
    from normalizer.corpus.pouring import pour
    from normalizer.corpus.progress import progress
    from normalizer.corpus.report import counted
    from normalizer.corpus.run import Run, execute, local_engine, work_folder
    from normalizer.corpus.settings import Settings
    from normalizer.corpus.sources import find_sources

    if resume and overwrite:
        raise click.UsageError("--resume and --overwrite contradict each other.")
    if output == "-":
        if resume or runner == "ray" or output_form not in (None, "jsonl"):
            raise click.UsageError("Standard output takes JSON lines; --resume, --engine ray and others need a file.")
        output, output_form = f"{os.devnull}.jsonl", "jsonl"  # a name that says what is written
    if source == "-" and runner == "ray":
        raise click.UsageError("--engine ray cannot read standard input; name a file.")
    if ray_address and runner != "ray":
        raise click.UsageError("--ray-address needs --engine ray.")
    settings = Settings(original_field=keep_original, encoding=run.encoding, max_size=max_document_size, **fields)
    sources = find_sources(source, output, form, output_form)
    single = len({s.target for s in sources}) == 1 and sources[0].target == output and not sources[0].tree
    to_stdout = output == f"{os.devnull}.jsonl"
    work = work_folder(output, single=single)
    if work_dir:
        work = work_dir / f"{Path(output).name}.unfinished"
    plan = Run(sources, "-" if to_stdout else output, settings, _treatments(engine, sources), work)
    if run.verbose:
        tell_files(run)
    if runner == "ray":
        from normalizer.corpus.ray_engine import ray_engine

        execution = ray_engine(ray_address, run.jobs)
    else:
        execution = local_engine(run.workers)
    try:
        with progress(sum(s.size for s in sources), quiet=run.quiet) as observer:
            if to_stdout:
                report = pour(plan, run.workers, emit, lambda text: click.echo(f"error: {text}", err=True), observer)
            else:
                report = execute(plan, execution, observer, resume=resume, overwrite=overwrite)
    except KeyboardInterrupt:
        if not to_stdout:
            run.note(f"what is finished is in {work}; the same command with --resume goes on")
        raise
    run.note(report.summary().rstrip("\n"))
    for error in report.broken.values():
        click.echo(f"error: {error}", err=True)
    if report.quarantine:
        failed = counted(report.statistics.errors, "document")
        click.echo(f"error: {failed} could not be processed: {report.quarantine}", err=True)
    ctx.exit(report.exit_code)


def _treatments(engine: EngineOptions, sources: Iterable[Source]) -> Treatments:
    """The engine and the rules for every file; files with the same settings share them."""
    from normalizer.corpus.storage import is_url
    from normalizer.corpus.treatment import Treatment, Treatments

    settings = settings_of(engine)
    known: dict[Any, Treatment] = {}

    def treatment(path: Path | None) -> Treatment:
        options, rules = key = settings(path)
        if key not in known:
            known[key] = Treatment(options.normalizer(), rules)
        return known[key]

    general = treatment(None)
    names = (name for source in sources for name in (source.name, *(file for file, _ in source.files)))
    found = {name: treatment(None if is_url(name) else Path(name)) for name in names}
    return Treatments(general, {name: one for name, one in found.items() if one is not general})
