"""``normalizer lexicon list``: the entries of the tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.inputs import emit
from normalizer.cli.lexicon_tables import chosen_rows, format_option
from normalizer.cli.options import lexicon_options

if TYPE_CHECKING:
    from normalizer.lexicon.table import Row


@click.command("list")
@click.option("--domain", metavar="NAME", help="Only entries of this domain.")
@click.option(
    "--tier",
    type=click.Choice(["fingerprint", "spun", "context", "report"]),
    help="Only entries that have variants of this tier.",
)
@click.option("--pos", type=click.Choice(["n", "v", "adj", "adv", "x"]), help="Only entries of this part of speech.")
@lexicon_options
@format_option
def list_(
    domain: str | None,
    tier: str | None,
    pos: str | None,
    lexicon: tuple[Path, ...],
    default_lexicons: bool,
    form: str,
) -> None:
    """List the entries of the tables, in their own format.

    With json every entry is an object on a line of its own.
    """
    for row in chosen_rows(lexicon, default_lexicons):
        if domain in (None, row.domain) and pos in (None, row.part_of_speech) and (tier is None or tier in row.tiers):
            emit(_line(row) if form == "text" else _record(row))


def _line(row: Row) -> str:
    from normalizer.lexicon.table import format_row

    return format_row(row) + "\n"


def _record(row: Row) -> str:
    import json

    pairs = zip(row.variants, row.weights, row.tiers, strict=True)
    record: dict[str, Any] = {
        "canonical": row.canonical,
        "part_of_speech": row.part_of_speech,
        "variants": [{"text": variant.text, "weight": round(weight, 4), "tier": t} for variant, weight, t in pairs],
        "condition": {name.rstrip("_"): list(words) for name, words in row.condition._asdict().items() if words},
        "domain": row.domain,
        "note": row.note,
        "source": row.source,
        "place": row.place,
    }
    return json.dumps(record, ensure_ascii=False) + "\n"
