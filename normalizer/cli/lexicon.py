"""``normalizer lexicon``: a group of commands about the tables, one file per command."""

from __future__ import annotations

import click

from normalizer.cli.lazy import LazyGroup

SECTIONS = {
    "Commands": {
        "lint": "normalizer.cli.lexicon_lint:lint",
    },
}


@click.group(cls=LazyGroup, sections=SECTIONS)
def lexicon() -> None:
    """Check and change the tables that the knowledge is kept in."""
