"""The tables that the commands of ``normalizer lexicon`` look into, and the options that name them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from normalizer.lexicon.table import Row

format_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def chosen_rows(lexicon: Iterable[Path], default_lexicons: bool) -> Iterator[Row]:
    """The rows of the shipped tables and of those that ``--lexicon`` names; compiled files have none.

    Raises ``LexiconError`` with file and line, ``ConfigError`` for a path that does not exist.
    """
    from normalizer.errors import ConfigError
    from normalizer.lexicon.compile import read_tables
    from normalizer.lexicon.extending import is_table, table_files_of
    from normalizer.lexicon.table import read_table
    from normalizer.resources import lexicon_path

    if not default_lexicons and not lexicon:
        raise ConfigError("without the default lexicons there is nothing to look into; name a lexicon")
    if default_lexicons:
        yield from read_tables(lexicon_path("en"))
    for path in lexicon:
        for file in table_files_of(path):
            if is_table(file):
                yield from read_table(file)


def short_place(place: str) -> str:
    """``file:line`` as people like it: relative to the working folder, or the name alone for a shipped table."""
    from normalizer.config import shown_path
    from normalizer.resources import lexicon_path

    path, _, line = place.rpartition(":")
    file = Path(path)
    shown = file.name if file.is_relative_to(lexicon_path("en")) else shown_path(file)
    return f"{shown}:{line}"


def as_json(value: Any) -> str:
    """JSON for machines: two spaces, no escapes, a line end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
