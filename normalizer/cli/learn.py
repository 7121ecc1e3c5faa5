"""``normalizer learn``: adapt to a spinner from one's own text. One file per subcommand."""

from __future__ import annotations

import click

from normalizer.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    sections={
        "Without originals": {
            "weights": "normalizer.cli.learn_weights:weights",
            "suggest": "normalizer.cli.learn_suggest:suggest",
        },
        "From originals and copies": {"pairs": "normalizer.cli.learn_pairs:pairs"},
        "From review": {"decisions": "normalizer.cli.learn_decisions:decisions"},
    },
)
def learn() -> None:
    """Adapt to a spinner: weights from spun text, new pairs, reviewers' decisions."""
