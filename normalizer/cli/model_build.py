"""``normalizer model build``: a language model from one's own clean text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from normalizer.cli.learn_options import check_output, corpus_options, output_option
from normalizer.cli.options import RunOptions, run_options


def _weight(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """``auto`` becomes -1."""
    if value is None or value == "auto":
        return None if value is None else -1.0
    try:
        weight = float(value)
    except ValueError:
        weight = 0.0
    if not 0.0 < weight < 1.0:
        raise click.BadParameter(f"{value!r} is neither 'auto' nor a number between 0 and 1.", ctx, param)
    return weight


@click.command(epilog="--model takes what is written, in every command that restores.")
@click.argument("paths", metavar="TEXT…", nargs=-1, required=True)
@output_option("The model to write: ARPA text if the name ends in .arpa, else a KenLM binary like the shipped one.")
@corpus_options
@click.option(
    "--interpolate",
    metavar="auto|W",
    callback=_weight,
    help="Also write MODEL.json, a mixture in which this model has the weight W and the shipped one the rest; auto "
    "finds the weight that explains held-out documents best.",
)
@click.option(
    "--min-count", type=click.IntRange(1), default=1, show_default=True, help="Rarer words become the unknown word."
)
@click.option(
    "--prune-bigrams",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Leave out those seen at most so often.",
)
@click.option(
    "--prune-trigrams",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Leave out those seen at most so often.",
)
@run_options
def build(
    paths: Sequence[str],
    output: Path,
    overwrite: bool,
    form: str | None,
    text_field: str,
    id_field: str | None,
    interpolate: float | None,
    min_count: int,
    prune_bigrams: int,
    prune_trigrams: int,
    run: RunOptions,
) -> None:
    """Build a trigram model (modified Kneser-Ney) from a clean corpus.

    TEXT is a file, a folder, a glob or a URL: JSON lines, CSV, Parquet, text; compressed or not. Every fiftieth
    document is held out to measure the model.
    """
    from normalizer.errors import ConfigError
    from normalizer.language_model import LanguageModel, load_model, shipped_model_path
    from normalizer.learn.model import build as building
    from normalizer.learn.model.kneser_ney import Pruning
    from normalizer.learn.texts import Corpus

    check_output(output, overwrite)
    if output.suffix == ".json":
        raise ConfigError(f"{output}: .json is for mixtures; name the model with .klm or .arpa")
    mixture = output.with_suffix(".json")
    if interpolate is not None:
        check_output(mixture, overwrite)
    corpus = Corpus(paths, form, text_field, id_field)
    pruning = Pruning(prune_bigrams, prune_trigrams)
    built = building.build(corpus, output, least_count=min_count, pruning=pruning, quiet=run.quiet)
    own, shipped = LanguageModel(output), LanguageModel(shipped_model_path())
    sizes = " / ".join(f"{count:,}" for count in built.ngrams)
    run.note(f"{built.documents:,} documents, {built.tokens:,} tokens, {sizes} n-grams: {output}")
    held_out = built.held_out
    if held_out:
        figures = (
            f"this model {building.perplexity(own, held_out):.0f}, shipped {building.perplexity(shipped, held_out):.0f}"
        )
        run.note(f"perplexity on {len(held_out)} held-out documents: {figures}")
    if interpolate is None:
        return
    if interpolate < 0:
        if not held_out:
            raise ConfigError("--interpolate auto needs at least 50 documents; name a weight, such as 0.5")
        interpolate = building.best_weights([own, shipped], held_out)[0]
    building.write_mixture(mixture, [(output, interpolate), (None, 1.0 - interpolate)])
    told = f"mixture with weight {interpolate:.2f}: {mixture}"
    if held_out:
        told += f", perplexity {building.perplexity(load_model(mixture), held_out):.0f}"
    run.note(told)
