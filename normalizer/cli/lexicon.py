"""``normalizer lexicon``: a group of commands about the tables, one file per command."""

from __future__ import annotations

import click

from normalizer.cli.lazy import LazyGroup

SECTIONS = {
    "Look": {
        "show": "normalizer.cli.lexicon_show:show",
        "list": "normalizer.cli.lexicon_list:list_",
        "stats": "normalizer.cli.lexicon_stats:stats",
        "explain": "normalizer.cli.lexicon_explain:explain",
    },
    "Keep": {
        "lint": "normalizer.cli.lexicon_lint:lint",
        "import": "normalizer.cli.lexicon_import:import_",
        "export": "normalizer.cli.lexicon_export:export",
    },
}


@click.group(cls=LazyGroup, sections=SECTIONS)
def lexicon() -> None:
    """Check and change the tables that the knowledge is kept in."""
