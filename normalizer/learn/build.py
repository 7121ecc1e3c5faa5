"""Build the shipped channel: tables in, EM over unlabelled spun text, channel file out.

    python -m normalizer.learn.build lexicons/en --spun SPUN.jsonl.xz --clean CLEAN.jsonl.xz

Deterministic: the same tables, corpora and options give the same file.
"""

from __future__ import annotations

import json
import lzma
import random
import tempfile
from collections.abc import Iterator, Sequence
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
from normalizer.lexicon.inflection import expand_all
from normalizer.lexicon.numbers import read_numbers
from normalizer.lexicon.table import read_table
from normalizer.parallel import ordered_map

LEAST_SHARE = 0.04
"""Candidates that explain less of a surface's occurrences are left out of the shipped channel."""


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


def tables(folder: Path) -> Iterator[Path]:
    """The table files of a lexicon folder, in order."""
    yield from sorted((folder / "tables").glob("*.tsv"))


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
    table = expand_all(row for path in tables(folder) for row in read_table(path))
    model_path, numbers_path = folder / "news-3gram.klm", folder / "numbers.tsv"
    model = LanguageModel(model_path)
    spun_texts, clean_texts = read_texts(spun), read_texts(clean)
    keys = {normal(canonical) for canonical in table}
    estimate = flat(table, seed_replaced(surface_counts(clean_texts, keys), surface_counts(spun_texts, keys), keys))
    some = random.Random(1).sample(spun_texts, min(sample, len(spun_texts)))
    counts: Counts | None = None
    with tempfile.TemporaryDirectory() as scratch:
        channel = Path(scratch) / "channel.tsv"
        for number in range(1, rounds + 1):
            write_channel(channel, estimate, counts, model, least_share=LEAST_SHARE / 4 if number == rounds else 0.0)
            texts = some if number <= rounds - 2 else spun_texts
            counts = count_parallel(texts, channel, model_path, numbers_path, jobs)
            estimate = reestimate(table, counts, Prior())
            click.echo(f"round {number}: {counts.log_likelihood / counts.tokens:.4f} nats a token", err=True)
    header = (
        "Channel weights, made by normalizer.learn.build from the tables here; format: normalizer/channel.py",
        f"{len(spun_texts)} unlabelled spun documents, {rounds} rounds",
    )
    target = output or folder / "channel.tsv"
    lines = write_channel(target, estimate, counts, model, header=header, least_share=LEAST_SHARE)
    click.echo(f"{lines} lines", err=True)


if __name__ == "__main__":
    main()
