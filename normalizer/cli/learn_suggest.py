"""``normalizer learn suggest``: new pairs without any originals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from normalizer.cli.learn_options import base_option, check_output, corpus_options, output_option
from normalizer.cli.options import RunOptions, run_options


@click.command(
    epilog="Nothing enters a lexicon by itself: review the table, then name it with --lexicon, or give it to "
    "'learn weights'."
)
@click.argument("paths", metavar="CORPUS…", nargs=-1, required=True)
@output_option("The table of pairs to write, for review; contexts and evidence go beside it, as .jsonl.")
@click.option("--clean", metavar="CORPUS", multiple=True, help="Clean text of the same kind, to compare with.")
@corpus_options
@base_option
@click.option("--assume", type=click.Choice(["auto", "spun"]), default="auto", show_default=True)
@run_options
def suggest(
    paths: Sequence[str],
    output: Path,
    overwrite: bool,
    clean: Sequence[str],
    form: str | None,
    text_field: str,
    id_field: str | None,
    lexicon: Sequence[Path],
    assume: str,
    run: RunOptions,
) -> None:
    """Suggest pairs that the lexicon lacks: words that surge in spun text, for words that vanish from it.

    CORPUS is spun text. It is compared with the text that --clean names, or with the language model.
    """
    from normalizer.channel import Channel
    from normalizer.language_model import load_model, shipped_model_path
    from normalizer.learn.discover import discover, write_words
    from normalizer.learn.lexicon import extended_channel
    from normalizer.learn.proposals import write_proposals
    from normalizer.learn.texts import Corpus
    from normalizer.resources import lexicon_path

    check_output(output, overwrite)
    model = load_model(shipped_model_path())
    found = discover(
        Corpus(paths, form, text_field, id_field),
        Corpus(clean, form, text_field, id_field) if clean else None,
        extended_channel(lexicon, model),
        Channel([lexicon_path("en/thesaurus.tsv")]),
        model,
        assume_spun=assume == "spun",
        quiet=run.quiet,
    )
    lines = write_proposals(output, found.proposals, f"suggested from {found.spun} spun documents")
    words = output.with_name(f"{output.stem}.words.tsv")
    write_words(words, found)
    run.note(f"{len(found.proposals)} pairs, for review: {output}; contexts and evidence: {lines}")
    run.note(f"{len(found.vanished)} words vanish, {len(found.surges)} surge: {words}")
