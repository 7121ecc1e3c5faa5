"""``normalizer lexicon export``: the pairs of tables in the formats of other tools."""

from __future__ import annotations

from pathlib import Path

import click

from normalizer.cli.inputs import emit
from normalizer.cli.lexicon_import import FORMATS
from normalizer.cli.lexicon_tables import chosen_rows
from normalizer.cli.options import lexicon_options


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS[1:]))
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to this file.")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@click.option("--forms", is_flag=True, help="Write every inflected form, for tools that do not inflect.")
@click.option("--domain", metavar="NAME", help="Only entries of this domain.")
@lexicon_options
@click.option("-q", "--quiet", is_flag=True, help="No report.")
def export(
    form: str,
    output: Path | None,
    overwrite: bool,
    forms: bool,
    domain: str | None,
    lexicon: tuple[Path, ...],
    default_lexicons: bool,
    quiet: bool,
) -> None:
    """Write the pairs of the tables in FORMAT, one of those that import reads.

    Pairs that a format has no room for (phrases, conditions) are counted, and the first ones listed.
    """
    from normalizer.files import write_text
    from normalizer.lexicon.exporting import export_rows

    if output is not None and output.exists() and not overwrite:
        raise click.UsageError(f"{output} is there already; --overwrite replaces it.")
    rows = [row for row in chosen_rows(lexicon, default_lexicons) if domain in (None, row.domain)]
    exported = export_rows(rows, form, forms=forms)
    if output is None:
        emit(exported.text)
    else:
        write_text(output, exported.text)
    if not quiet:
        refused = exported.refused
        click.echo(f"{len(rows)} entries, {len(refused)} pairs left out", err=True)
        for _, reason, text in refused[:5]:
            click.echo(f"left out: {text}: {reason}", err=True)
        if len(refused) > 5:
            click.echo(f"{len(refused) - 5} more left out", err=True)
