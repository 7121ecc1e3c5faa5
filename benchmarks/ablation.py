"""What each layer of the lexicon adds: F0.5 and coverage without it.

    python benchmarks/ablation.py SHARED [--wordnet FOLDER]

The weights are those of the whole lexicon; a layer that is left out takes its pairs along. SHARED has the goldens,
FOLDER the gold files that ``thesaurus_spinner.py`` wrote.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from robustness import witnesses

from normalizer import Normalizer
from normalizer.channel import Channel
from normalizer.evaluation.coverage import Coverage, coverage
from normalizer.evaluation.gold import Gold, parse_gold
from normalizer.evaluation.scoring import score_text, total
from normalizer.lexicon.compile import compile_folder
from normalizer.resources import CHANNEL, TOPICS, lexicon_path

GENERAL = {"core", "phrases", "numbers"}


def layers(scratch: Path) -> Iterator[tuple[str, Path]]:
    """The name of every row, and its lexicon folder."""
    shipped = lexicon_path("en")
    every = {path.stem for path in (shipped / "tables").glob("*.tsv")}
    kept = {
        "core, phrases, numbers": GENERAL,
        "and institutions": GENERAL | {"institutions"},
        "and the other domains": every - {"tortured"},
    }
    for number, (name, tables) in enumerate(kept.items()):
        folder = scratch / str(number)
        shutil.copytree(shipped, folder)
        for path in (folder / "tables").glob("*.tsv"):
            if path.stem not in tables:
                path.unlink()
        compile_folder(folder)
        yield name, folder
    yield "all, as shipped", shipped
    folder = scratch / "thesaurus"
    shutil.copytree(shipped, folder)
    (folder / "thesaurus.tsv").write_text("# normalizer channel 2\n", encoding="utf-8")
    yield "all without the thesaurus layer", folder
    folder = scratch / "topics"
    shutil.copytree(shipped, folder)
    (folder / TOPICS).unlink()
    yield "all without the directions of words", folder


def f_half(normalizer: Normalizer, golds: list[Gold]) -> str:
    if not golds:
        return "-"
    return f"{total([score_text(gold, normalizer.analyze(gold.source).restored) for gold in golds]).f_half:.3f}"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("shared", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--wordnet", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(shared: Path, wordnet: Path | None) -> None:
    """Print a row for every layer."""
    goldens = shared / "goldens"
    golds = [parse_gold(path.read_text(encoding="utf-8")) for path in sorted((goldens / "spun").glob("*.gold.txt"))]
    folders = sorted(wordnet.glob("*.gold.txt")) if wordnet else []
    garbled = [parse_gold(path.read_text(encoding="utf-8")) for path in folders]
    click.echo("layers | surfaces | goldens | other draws | keeps some | WordNet | coverage of the goldens")
    with tempfile.TemporaryDirectory() as scratch:
        for name, folder in layers(Path(scratch)):
            normalizer = Normalizer(lexicon=folder)
            others = [
                witnesses(normalizer, goldens, numbers).rpartition(" ")[2] for numbers in ((1, 2, 3, 4, 5), (6, 7))
            ]
            decoder = normalizer.decoder_for("replaces-all")
            covered = sum((coverage(gold, decoder) for gold in golds), Coverage()).share
            figures = [f"{len(Channel([folder / CHANNEL])):,}", f_half(normalizer, golds), *others]
            click.echo(" | ".join([name, *figures, f_half(normalizer, garbled), f"{covered:.3f}"]))


if __name__ == "__main__":
    main()
