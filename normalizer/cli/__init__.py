"""The command line: one file per command, all of them thin.

Nothing here imports the engine before a command runs, so ``--version``, ``--help`` and completion are instant.
"""

from __future__ import annotations

import click

from normalizer import __version__
from normalizer.cli.lazy import LazyGroup

SECTIONS = {
    "Restore": {
        "fix": "normalizer.cli.fix:fix",
        "corpus": "normalizer.cli.corpus:corpus",
    },
    "Review": {
        "review": "normalizer.cli.review:review",
        "apply": "normalizer.cli.apply:apply",
    },
    "Inspect": {
        "check": "normalizer.cli.check:check",
        "detect": "normalizer.cli.detect:detect",
    },
    "Learn": {
        "learn": "normalizer.cli.learn:learn",
        "model": "normalizer.cli.model:model",
    },
    "Integrate": {
        "lsp": "normalizer.cli.lsp:lsp",
    },
    "Teach": {
        "lexicon": "normalizer.cli.lexicon:lexicon",
    },
    "Measure": {
        "evaluate": "normalizer.cli.evaluate:evaluate",
    },
}


@click.group(
    cls=LazyGroup,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 nothing found or all done; 1 findings (check, fix --diff); 2 wrong usage; "
    "3 an input could not be read; 130 interrupted.",
)
@click.version_option(__version__, "-V", "--version", prog_name="normalizer")
def cli() -> None:
    """Find text whose words were swapped for synonyms, and restore the canonical wording."""


def main() -> None:
    """The entry point of the ``normalizer`` command."""
    cli(prog_name="normalizer")
