"""Rules that a review ends in: what is never to be proposed again goes into the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.inputs import STDIN
from normalizer.cli.options import RunOptions
from normalizer.errors import NormalizerError

if TYPE_CHECKING:
    from normalizer.review.decisions import NeverAgain


def write_rules(
    rules: Iterable[NeverAgain], files: Mapping[str, Path], config: Path | None, run: RunOptions, *, dry: bool = False
) -> bool:
    """Write the rules that concern ``files`` (by the path of their document) or no document, and tell so.

    They go to ``config``, or else to the configuration of the rule's document, or else to that of the working folder.
    With ``dry`` nothing is written. Returns False when some could not be written; the reasons are told.
    """
    from normalizer.config import add_ignore, config_for_rules, shown_path

    done = True
    for rule in rules:
        if rule.path and rule.path not in files:
            continue
        try:
            target = config or config_for_rules(_place(files.get(rule.path)))
            if dry:
                run.note(f"{shown_path(target)}: never again {rule}; written when the edits are applied")
            elif add_ignore(target, rule.original, rule.replacement):
                run.note(f"{shown_path(target)}: never again {rule}")
        except NormalizerError as error:
            click.echo(f"error: never again {rule} is not written: {error}", err=True)
            done = False
    return done


def _place(file: Path | None) -> Path:
    """Where the configuration is looked for: the file, or the working folder when there is none."""
    return Path.cwd() if file is None or file == STDIN or not file.parent.is_dir() else file
