"""``normalizer learn weights``: channel weights from unlabelled spun text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.learn_options import base_option, check_output, corpus_options, output_option
from normalizer.cli.options import RunOptions, run_options

if TYPE_CHECKING:
    from normalizer.learn.gain import Gain


@click.command(
    epilog="An interrupted run goes on where it stopped when the same command is given again. The overlay is for "
    "--lexicon."
)
@click.argument("paths", metavar="CORPUS…", nargs=-1, required=True)
@output_option("The overlay to write: the weights that changed.")
@corpus_options
@base_option
@click.option(
    "--clean", metavar="CORPUS", multiple=True, help="Clean text of the same kind, to see which words vanish."
)
@click.option("--flat", is_flag=True, help="Start from the tables, with all variants of an entry equal.")
@click.option("--no-thesaurus", is_flag=True, help="Consider no pairs but those of the lexicon.")
@click.option("--rounds", type=click.IntRange(1), help="The last two read everything.  [default: 4; 8 with --flat]")
@click.option("--sample", type=click.IntRange(1), default=400, show_default=True, help="Documents in the other rounds.")
@click.option(
    "--prior",
    type=click.FloatRange(0, min_open=True),
    default=8.0,
    show_default=True,
    metavar="N",
    help="How many documents with a word the weights at the start are worth.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Another seed, another sample.")
@click.option("--assume", type=click.Choice(["auto", "spun"]), default="auto", show_default=True)
@click.option("--model", "model_path", metavar="FILE", type=click.Path(path_type=Path), help="The language model.")
@run_options
def weights(
    paths: Sequence[str],
    output: Path,
    overwrite: bool,
    form: str | None,
    text_field: str,
    id_field: str | None,
    lexicon: Sequence[Path],
    clean: Sequence[str],
    flat: bool,
    no_thesaurus: bool,
    rounds: int | None,
    sample: int,
    prior: float,
    seed: int,
    assume: str,
    model_path: Path | None,
    run: RunOptions,
) -> None:
    """Learn channel weights from spun text without labels or originals.

    CORPUS is a file, a folder, a glob or a URL: JSON lines, CSV, Parquet, text; compressed or not. Documents that do
    not look spun are left out.
    """
    from normalizer.errors import ConfigError
    from normalizer.learn.adapt import Request, adapt, work_folder
    from normalizer.learn.em import Round, Settings
    from normalizer.learn.overlay import write_overlay
    from normalizer.learn.weights import Prior

    work = work_folder(output)
    if overwrite:
        work.remove()
    check_output(output, overwrite)
    if flat and lexicon:
        raise ConfigError("--flat starts from the shipped tables and --lexicon from other weights; choose one")
    rounds = rounds or (8 if flat else 4)
    settings = Settings(
        rounds=rounds, sample=sample, seed=seed, prior=Prior(variants=prior), assume_spun=assume == "spun"
    )
    request = Request(
        tuple(paths),
        output,
        form,
        text_field,
        id_field,
        tuple(lexicon),
        flat,
        not no_thesaurus,
        model_path,
        run.workers,
        tuple(clean),
    )

    def tell(done: Round) -> None:
        run.note(
            f"round {done.number}: {done.documents:,} documents; held-out log-likelihood {done.held_out:.4f} nats a "
            f"token, {done.explained:.1%} of the text explained as substitutions"
        )

    try:
        learnt = adapt(request, settings, tell, quiet=run.quiet)
    except KeyboardInterrupt:
        run.note(f"what is counted so far is in {work.path}; the same command goes on there")
        raise
    left = learnt.documents - learnt.spun
    if learnt.gain is not None:
        run.note(_told(learnt.gain))
    header = [f"Learnt by 'normalizer learn weights' from {learnt.spun} spun documents, {rounds} rounds"]
    lines = write_overlay(output, learnt.changed, header)
    work.remove()
    run.note(
        f"{lines:,} surfaces changed: {output}" + (f"; {left} documents that do not look spun left out" if left else "")
    )


def _told(gain: Gain) -> str:
    """What held-out documents say of the weights that were learnt."""
    if gain.documents < 2:
        return "too few documents to hold any out: whether they are explained any better is not known"
    figures = f"{gain.documents} held-out documents gain {gain.mean:.4f} nats a token, give or take {gain.error:.4f}"
    if gain.beyond_chance:
        return figures
    return f"{figures}: chance may explain that, so the weights stay as they are"
