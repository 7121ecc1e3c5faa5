"""Build the shipped channel: tables in, EM over unlabelled spun text, learned weights and channel file out.

    python -m normalizer.learn.build lexicons/en --spun SPUN.jsonl.xz --clean CLEAN.jsonl.xz

``learned.tsv.xz`` keeps the weights of all pairs, so that ``python -m normalizer.lexicon.compile`` can make a new channel
when the tables change, without the corpora. Deterministic: the same tables, corpora and options give the same file.
"""

from __future__ import annotations

import json
import lzma
import random
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from normalizer.errors import InputError
from normalizer.language_model import LanguageModel
from normalizer.learn.weights import (
    Counts,
    Prior,
    add_counts,
    expected_counts,
    flat,
    load_decoder,
    normal,
    reestimate,
    seed_replaced,
    surface_counts,
    write_channel,
)
from normalizer.lexicon.compile import LEARNED, LEAST_SHARE, compile_folder, read_tables, write_learned
from normalizer.lexicon.extending import MODEL
from normalizer.lexicon.inflection import expand, expand_all
from normalizer.lexicon.merging import marks_of
from normalizer.lexicon.numbers import read_numbers
from normalizer.parallel import ordered_map


def read_texts(path: Path) -> list[str]:
    """The texts of a JSON-lines corpus (field ``text``), plain or xz-compressed."""
    opener = partial(lzma.open, path, "rt") if path.suffix == ".xz" else partial(path.open, "r")
    try:
        with opener(encoding="utf-8") as stream:
            return [json.loads(line)["text"] for line in stream]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: not a JSON-lines corpus with a 'text' field ({error})") from error


def count_parallel(texts: Sequence[str], channel: Path, model: Path, numbers: Path, jobs: int) -> Counts:
    """The E-step over a corpus, in ``jobs`` processes; the result does not depend on their number."""
    size = 40
    batches = [texts[start : start + size] for start in range(0, len(texts), size)]
    decoder = load_decoder(channel, model, read_numbers(numbers))
    return add_counts(ordered_map(partial(expected_counts, decoder), batches, jobs))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--spun", type=click.Path(path_type=Path, exists=True), required=True, help="Spun corpus (JSON lines).")
@click.option("--clean", type=click.Path(path_type=Path, exists=True), required=True, help="Clean corpus (JSON lines).")
@click.option("--rounds", default=5, show_default=True, help="EM iterations; the last two read the whole corpus.")
@click.option("--sample", default=400, show_default=True, help="Documents read by the other iterations.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--output", type=click.Path(path_type=Path), help="Channel file (default: FOLDER/channel.tsv).")
def main(folder: Path, spun: Path, clean: Path, rounds: int, sample: int, jobs: int, output: Path | None) -> None:
    """Estimate channel weights for the tables in FOLDER and write the channel file."""
    rows = list(read_tables(folder))
    table, marks = expand_all(rows), marks_of(pair for row in rows for pair in expand(row))
    model_path, numbers_path = folder / MODEL, folder / "numbers.tsv"
    model = LanguageModel(model_path)
    spun_texts, clean_texts = read_texts(spun), read_texts(clean)
    keys = {normal(canonical) for canonical in table}
    estimate = flat(table, seed_replaced(surface_counts(clean_texts, keys), surface_counts(spun_texts, keys), keys))
    some = random.Random(1).sample(spun_texts, min(sample, len(spun_texts)))
    counts: Counts | None = None
    with tempfile.TemporaryDirectory() as scratch:
        channel = Path(scratch) / "channel.tsv"
        for number in range(1, rounds + 1):
            least = LEAST_SHARE / 4 if number == rounds else 0.0
            write_channel(channel, estimate, counts, model, marks=marks, least_share=least)
            texts = some if number <= rounds - 2 else spun_texts
            counts = count_parallel(texts, channel, model_path, numbers_path, jobs)
            estimate = reestimate(table, counts, Prior())
            click.echo(f"round {number}: {counts.log_likelihood / counts.tokens:.4f} nats a token", err=True)
        header = (
            "Weights of all pairs, learned by normalizer.learn.build",
            f"{len(spun_texts)} unlabelled spun documents, {rounds} rounds",
        )
        write_channel(channel, estimate, counts, model, header=header, least_probability=0.0)
        write_learned(folder / LEARNED, channel)
    click.echo(f"{compile_folder(folder, output)} lines", err=True)


if __name__ == "__main__":
    main()
