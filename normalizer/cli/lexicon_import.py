"""``normalizer lexicon import``: pairs from the files of other tools, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.inputs import emit

if TYPE_CHECKING:
    from normalizer.lexicon.importing import Given

FORMATS = ("auto", "table", "spinner", "spintax", "codespell", "typos", "vale", "languagetool", "csv")


def _columns(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> dict[str, str]:
    from normalizer.lexicon.formats.columns import NAMES

    columns = {}
    for item in value:
        ours, mark, theirs = (part.strip() for part in item.partition("="))
        if not mark or not theirs or ours not in NAMES:
            raise click.BadParameter(
                f"{item!r}: write OURS=THEIRS, where OURS is one of {', '.join(NAMES)}.", ctx, param
            )
        columns[ours] = theirs
    return columns


@click.command("import", epilog="The exit code is 3 when a file could not be read or held no pair at all.")
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="TABLE", type=click.Path(path_type=Path), help="Write the table to this file.")
@click.option("--overwrite", is_flag=True, help="Replace TABLE if it is there.")
@click.option("--pos", type=click.Choice(["n", "v", "adj", "adv", "x"]), default="x", show_default=True)
@click.option(
    "--tier",
    type=click.Choice(["fingerprint", "spun", "context", "report"]),
    default="spun",
    show_default=True,
    help="The tier of pairs of which the file says nothing.",
)
@click.option("--domain", default="", metavar="NAME", help="The domain of all entries.")
@click.option("--source", default="", metavar="TEXT", help="Where the entries come from, for the table's source.")
@click.option(
    "--column", "columns", multiple=True, callback=_columns, metavar="OURS=THEIRS", help="Name a column of a CSV file."
)
@click.option("--all-refused", is_flag=True, help="List everything that was refused, not only the first 20.")
@click.option("-q", "--quiet", is_flag=True, help="No report.")
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    form: str,
    paths: Sequence[Path],
    output: Path | None,
    overwrite: bool,
    all_refused: bool,
    quiet: bool,
    **given: Any,
) -> None:
    """Make a table of the pairs in files of other tools.

    FORMAT is auto, or one of spinner (key|variant|variant), spintax ({a|b|c}), codespell, typos, vale, languagetool
    (confusion sets), csv (named columns, such as a list of tortured phrases) and table (our own). The report tells what
    was taken, merged and refused, with line numbers.
    """
    from normalizer.errors import InputError
    from normalizer.files import write_text
    from normalizer.lexicon.importing import import_files, summary

    if output is not None and output.exists() and not overwrite:
        raise click.UsageError(f"{output} is there already; --overwrite replaces it.")
    options = _given(given)
    imported = import_files(paths, form, options)
    if not quiet:
        most = len(max((report.refused for report in imported.reports), key=len)) if all_refused else 20
        for line in summary(imported.reports, most):
            click.echo(line, err=True)
    if not imported.rows:
        raise InputError(f"{', '.join(map(str, paths))}: no pair was taken, so nothing is written")
    text = imported.table(options)
    if output is None:
        emit(text)
    else:
        write_text(output, text)


def _given(values: dict[str, Any]) -> Given:
    from normalizer.lexicon.importing import Given

    return Given(values["pos"], values["tier"], values["domain"], values["source"], values["columns"])
