"""Options that the subcommands of ``learn`` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from normalizer.errors import ConfigError

Command = Callable[..., Any]
FORMATS = ("jsonl", "csv", "tsv", "parquet", "text", "warc")


def corpus_options(function: Command) -> Command:
    """Add the options that say how corpora are read."""
    for option in (
        click.option("--id-field", metavar="NAME", help="The field that identifies documents."),
        click.option(
            "--text-field", default="text", show_default=True, metavar="NAME", help="The field with the text."
        ),
        click.option("--format", "form", type=click.Choice(FORMATS), help="The format, if the names do not tell."),
    ):
        function = option(function)
    return function


def output_option(what: str) -> Callable[[Command], Command]:
    """Add ``-o FILE`` and ``--overwrite``."""

    def decorate(function: Command) -> Command:
        function = click.option("--overwrite", is_flag=True, help="Replace an output that exists.")(function)
        return click.option(
            "-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help=what
        )(function)

    return decorate


def base_option(function: Command) -> Command:
    """Add ``--lexicon FILE``, repeatable: overlays that are learnt upon."""
    option = click.option(
        "--lexicon",
        metavar="FILE",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        help="An overlay or table to start from, on top of the shipped lexicon. May be repeated.",
    )
    return option(function)


def check_output(path: Path, overwrite: bool) -> None:
    """Refuse to write over a file that nobody asked to replace. Raises ``ConfigError``."""
    if path.exists() and not overwrite:
        raise ConfigError(f"{path} exists; name another file, or replace it with --overwrite")
    if not path.absolute().parent.is_dir():
        raise ConfigError(f"{path}: there is no folder {path.parent}; make it first")
