"""``normalizer lexicon lint``: what is wrong with tables, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.inputs import emit
from normalizer.errors import NormalizerError

if TYPE_CHECKING:
    from normalizer.lexicon.lint import Finding
    from normalizer.lexicon.table import Table


@click.command(epilog="The exit code is 1 when there are findings, 3 when a table could not be read.")
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Rewrite the tables with everything put right that can be, without asking.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="Tell nothing but findings and errors.")
@click.pass_context
def lint(ctx: click.Context, paths: Sequence[Path], fix: bool, form: str, quiet: bool) -> None:
    """Check tables: form, order, duplicates, wrong pairs, tiers.

    PATH is a table, or a folder of tables (*.tsv). Without PATH the shipped tables are checked. What cannot be put
    right mechanically is left for you, with advice; docs/lexicons.md explains every code.
    """
    from normalizer.lexicon.frequency import load_frequencies
    from normalizer.lexicon.lint import fix_table, lint_table, lint_together
    from normalizer.lexicon.table import format_table, load_table, parse_table
    from normalizer.resources import lexicon_path

    if fix and not paths:
        raise click.UsageError("--fix rewrites files: name them.")
    frequencies = load_frequencies()
    tables: list[Table] = []
    findings: list[Finding] = []
    changed = failed = 0
    for path in _files(paths or [lexicon_path("en/tables")]):
        try:
            table = load_table(path)
            if fix:
                fixed = format_table(fix_table(table, frequencies))
                if fixed != path.read_bytes().decode("utf-8"):
                    _rewrite(path, fixed)
                    changed += 1
                    table = parse_table(fixed, str(path))
        except NormalizerError as error:
            click.echo(f"error: {error}", err=True)
            failed += 1
            continue
        tables.append(table)
        findings += lint_table(table, frequencies)
    known = set(findings)
    findings += [finding for finding in lint_together(table.rows for table in tables) if finding not in known]
    emit(_as_json(findings) if form == "json" else _as_text(findings))
    if not quiet:
        click.echo(_summary(len(tables), changed, findings), err=True)
    ctx.exit(3 if failed else 1 if findings else 0)


def _files(paths: Sequence[Path]) -> list[Path]:
    found = [file for path in paths for file in (sorted(path.glob("*.tsv")) if path.is_dir() else [path])]
    if not found:
        raise click.UsageError(f"no tables (*.tsv) in {', '.join(map(str, paths))}.")
    return list(dict.fromkeys(found))


def _rewrite(path: Path, text: str) -> None:
    from normalizer.files import write_text

    write_text(path, text)


def _as_text(findings: Sequence[Finding]) -> str:
    return "".join(f"{f.place}: {f.code}: {f.message}; {f.advice}\n" for f in findings)


def _as_json(findings: Sequence[Finding]) -> str:
    records = []
    for finding in findings:
        path, _, line = finding.place.rpartition(":")
        rest = finding._asdict()
        del rest["place"]
        records.append({"path": path, "line": int(line), **rest})
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def _summary(tables: int, changed: int, findings: Sequence[Finding]) -> str:
    fixable = sum(finding.fixable for finding in findings)
    parts = [f"{tables} table{'s' * (tables != 1)}", f"{len(findings)} finding{'s' * (len(findings) != 1)}"]
    if fixable:
        parts.append(f"{fixable} of them can be fixed with --fix")
    if changed:
        parts.append(f"{changed} rewritten")
    return ", ".join(parts)
