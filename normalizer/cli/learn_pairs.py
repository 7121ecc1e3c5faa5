"""``normalizer learn pairs``: mine substitutions from aligned articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from normalizer.cli.learn_options import check_output, corpus_options, output_option
from normalizer.cli.options import RunOptions, run_options


@click.command(
    epilog="Nothing enters a lexicon by itself: review the table, then name it with --lexicon, or give it to "
    "'learn weights'."
)
@click.argument("paths", metavar="[ORIGINALS COPIES | PAIRS]", nargs=-1, required=True)
@output_option("The table of pairs to write, for review; contexts and evidence go beside it, as .jsonl.")
@corpus_options
@click.option("--original-field", default="original", show_default=True, metavar="NAME", help="In PAIRS.")
@click.option("--copy-field", default="copy", show_default=True, metavar="NAME", help="In PAIRS.")
@click.option(
    "--min-count", type=click.IntRange(1), default=2, show_default=True, help="Places at which a pair must be seen."
)
@click.option(
    "--overlay",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the weights that the counts give, as an overlay for --lexicon.",
)
@run_options
def pairs(
    paths: Sequence[str],
    output: Path,
    overwrite: bool,
    form: str | None,
    text_field: str,
    id_field: str | None,
    original_field: str,
    copy_field: str,
    min_count: int,
    overlay: Path | None,
    run: RunOptions,
) -> None:
    """Mine pairs of canonical wording and variant from originals and their spun copies.

    ORIGINALS and COPIES are two files, or two corpora in which the original of each copy is searched for. PAIRS is one
    table with both in every row.
    """
    from normalizer.learn.mining import Input, mine_paths
    from normalizer.learn.pairs import MiningSettings
    from normalizer.learn.proposals import write_proposals

    if len(paths) > 2:
        raise click.UsageError("name ORIGINALS and COPIES, or one table of pairs.")
    check_output(output, overwrite)
    if overlay:
        check_output(overlay, overwrite)
    given = Input(tuple(paths), form, text_field, id_field, original_field, copy_field)
    mined = mine_paths(given, MiningSettings(least_count=min_count), quiet=run.quiet)
    lines = write_proposals(output, mined.proposals, f"mined from {mined.articles} aligned articles")
    run.note(
        f"{len(mined.proposals)} pairs from {mined.articles} aligned articles, for review: {output}; "
        f"contexts and evidence: {lines}"
    )
    if overlay:
        from normalizer.learn.aligned import from_mined
        from normalizer.learn.lexicon import shipped_channel
        from normalizer.learn.overlay import write_overlay

        header = [f"Counted by 'normalizer learn pairs' in {mined.articles} aligned articles"]
        lines_changed = write_overlay(overlay, from_mined(mined, shipped_channel()), header)
        run.note(f"{lines_changed:,} surfaces changed: {overlay}")
    left = Counter({"articles identical": mined.identical, "articles too unlike": mined.unlike, **mined.skipped})
    told = ", ".join(f"{count} {reason}" for reason, count in left.most_common() if count)
    if told:
        run.note(f"left out: {told}")
