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
    from normalizer.review.terminal import WrittenRule


def write_rules(
    rules: Iterable[NeverAgain], files: Mapping[str, Path], config: Path | None, run: RunOptions, *, dry: bool = False
) -> bool:
    """Write the rules that concern ``files`` (by the path of their document) or no document, and tell so.

    Those of other documents wait until these are applied. Rules go to ``config``, or else to the configuration of the
    rule's document, or else to that of the working folder. With ``dry`` nothing is written.

    Returns False when some could not be written; the reasons are told.
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


def write_rule(named: Path | None, document: str, original: str, replacement: str) -> WrittenRule:
    """Write one rule, into the configuration ``named`` or the one nearest to the document, so that it can be undone."""
    from normalizer.config import add_ignore, config_for_rules, shown_path
    from normalizer.files import write_text
    from normalizer.review.terminal import WrittenRule

    target = named or config_for_rules(_place(None if document == "-" else Path(document)))
    before = target.read_bytes() if target.exists() else None
    name = shown_path(target)
    if not add_ignore(target, original, replacement):
        return WrittenRule(f"the rule is in {name} already", lambda: "")
    after = target.read_bytes()

    def take_back() -> str:
        if not target.exists() or target.read_bytes() != after:
            return f"the rule stays in {name}, which has changed since"
        if before is None:
            target.unlink()
        else:
            write_text(target, before.decode("utf-8"))
        return f"rule taken out of {name}"

    return WrittenRule(f"rule written to {name}", take_back)


def _place(file: Path | None) -> Path:
    """Where the configuration is looked for: the file, or the working folder when there is none."""
    return Path.cwd() if file is None or file == STDIN else file
