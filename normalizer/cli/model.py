"""``normalizer model``: the language model. One file per subcommand."""

from __future__ import annotations

import click

from normalizer.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    sections={
        "Commands": {
            "build": "normalizer.cli.model_build:build",
            "info": "normalizer.cli.model_info:info",
        }
    },
)
def model() -> None:
    """Build a language model from your own clean text, and look at one."""
