"""``normalizer learn decisions``: reviewers' decisions become weights and rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from normalizer.cli.learn_options import base_option, check_output, output_option
from normalizer.cli.options import RunOptions, run_options


@click.command(
    epilog="Name all decisions files at once: one that is named in two runs counts twice. The "
    "terminal session and the HTML page of 'review' write them."
)
@click.argument("paths", metavar="DECISIONS…", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option("The overlay to write; --lexicon takes it.")
@base_option
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where rules against rejected edits go. Default: the nearest normalizer.toml or pyproject.toml, or a new one.",
)
@click.option("--no-rules", is_flag=True, help="Write weights only, no rules.")
@run_options
def decisions(
    paths: Sequence[Path],
    output: Path,
    overwrite: bool,
    lexicon: Sequence[Path],
    config: Path | None,
    no_rules: bool,
    run: RunOptions,
) -> None:
    """Learn from review: accepted edits get surer, rejected ones do not return, corrected ones become pairs.

    Writes the new weights as an overlay, rules against rejected edits into the configuration, and pairs that reviewers
    wrote themselves beside the overlay, as a table for review.
    """
    from normalizer.config import add_ignore, config_for_rules, read_config, shown_path
    from normalizer.errors import InputError
    from normalizer.language_model import LanguageModel, shipped_model_path
    from normalizer.learn.lexicon import extended_channel
    from normalizer.learn.overlay import write_overlay
    from normalizer.learn.proposals import write_proposals
    from normalizer.learn.reviewed import collect, proposals, rules, updated
    from normalizer.review.decisions import read_decisions

    check_output(output, overwrite)
    verdicts = collect([read_decisions(path) for path in paths])
    if not verdicts.total:
        raise InputError(f"{', '.join(map(str, paths))}: nothing is decided there yet; review first, then learn")
    target = config or config_for_rules(Path.cwd())
    if target.exists():
        read_config(target)
    model = LanguageModel(shipped_model_path())
    entries = updated(verdicts, extended_channel(lexicon, model), model)
    lines = write_overlay(output, entries, [f"Learnt from {verdicts.total} decisions"])
    run.note(f"{verdicts.total} decisions changed {lines} surfaces: {output}")
    written = proposals(verdicts)
    if written:
        table = output.with_name(f"{output.stem}.corrected.tsv")
        write_proposals(table, written, "written by reviewers")
        run.note(f"{len(written)} pairs that reviewers wrote are in the overlay, and listed in {table}")
    if not no_rules:
        added = sum(add_ignore(target, rule.original, rule.replacement) for rule in rules(verdicts))
        run.note(f"{added} new rule{'s' * (added != 1)} against rejected edits: {shown_path(target)}")
