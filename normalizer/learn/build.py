"""Build the shipped channel: tables in, EM over unlabelled spun text, learned weights and channel file out.

    python -m normalizer.learn.build lexicons/en --spun SPUN.jsonl.xz --clean CLEAN.jsonl.xz

The same learning as ``normalizer learn weights``, from the tables' own weights. ``learned.tsv.xz`` keeps the weights of
all pairs, so that ``python -m normalizer.lexicon.compile`` can make a new channel when the tables change, without the
corpora. Deterministic: the same tables, corpora and options give the same file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from normalizer.language_model import LanguageModel
from normalizer.learn.em import Learner, Round, Settings, Tools
from normalizer.learn.start import from_rows
from normalizer.learn.state import StateFolder
from normalizer.learn.texts import Corpus
from normalizer.learn.weights import Prior, write_channel
from normalizer.lexicon.compile import LEARNED, LEAST_SHARE, compile_folder, read_tables, write_learned
from normalizer.resources import MODEL


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--spun", required=True, metavar="CORPUS", help="Spun corpus.")
@click.option("--clean", metavar="CORPUS", help="Clean corpus, to see which words vanish.")
@click.option("--rounds", default=7, show_default=True, help="EM iterations; the last five read the whole corpus.")
@click.option("--sample", default=400, show_default=True, help="Documents read by the other iterations.")
@click.option("--prior", default=2.0, show_default=True, help="What the tables' weights are worth, in counts.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--output", type=click.Path(path_type=Path), help="Channel file (default: FOLDER/channel.tsv).")
def main(
    folder: Path, spun: str, clean: str | None, rounds: int, sample: int, prior: float, jobs: int, output: Path | None
) -> None:
    """Estimate channel weights for the tables in FOLDER and write the channel file."""
    settings = Settings(
        rounds=rounds,
        whole=5,
        averaged=3,
        sample=sample,
        seed=1,
        prior=Prior(variants=prior),
        least_share=LEAST_SHARE,
        assume_spun=True,
    )
    with tempfile.TemporaryDirectory() as scratch:
        learner = Learner(
            Corpus([spun]),
            from_rows(read_tables(folder), equal=False),
            Tools(folder / MODEL, folder / "numbers.tsv", jobs, quiet=False),
            StateFolder(Path(scratch), {}),
            settings,
            clean=Corpus([clean]) if clean else None,
            observe=_tell,
        )
        learnt = learner.run()
        channel = Path(scratch) / "learned.tsv"
        header = (
            "Weights of all pairs, learned by normalizer.learn.build",
            f"{learnt.spun} unlabelled spun documents, {rounds} rounds",
        )
        model = LanguageModel(folder / MODEL)
        write_channel(channel, learnt.estimate, learnt.counts, model, header=header, least_probability=0.0)
        write_learned(folder / LEARNED, channel)
    click.echo(f"{compile_folder(folder, output)} lines", err=True)


def _tell(done: Round) -> None:
    click.echo(
        f"round {done.number}: {done.documents} documents; held out {done.held_out:.4f} nats a token, "
        f"{done.explained:.1%} explained",
        err=True,
    )


if __name__ == "__main__":
    main()
