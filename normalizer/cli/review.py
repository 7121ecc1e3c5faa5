"""``normalizer review``: accept or reject suggested edits."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.configured import config_option, configurations, configured
from normalizer.cli.inputs import STDIN, Inputs
from normalizer.cli.options import EngineOptions, RunOptions, engine_options, paths_argument, run_options
from normalizer.cli.rules import write_rule
from normalizer.cli.summary import Summary, number
from normalizer.errors import InputError

if TYPE_CHECKING:
    from normalizer.review.decisions import Decisions, ReviewedDocument
    from normalizer.review.document import Document
    from normalizer.review.session import Session
    from normalizer.review.terminal import By

DECISIONS = "normalizer-decisions.json"


@click.command()
@paths_argument
@click.option(
    "-d",
    "--decisions",
    type=click.Path(path_type=Path, dir_okay=False),
    default=DECISIONS,
    show_default=True,
    metavar="FILE",
    help="The file that keeps the decisions. If it is there, the review goes on where it was left.",
)
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write one self-contained page for a browser instead.",
)
@click.option(
    "--by",
    type=click.Choice(["edit", "sentence"]),
    default="edit",
    show_default=True,
    help="What to decide about at a time; the key t changes it.",
)
@click.option(
    "--reviewer", default="", envvar="NORMALIZER_REVIEWER", metavar="NAME", help="Sign the decisions with this name."
)
@config_option
@engine_options
@run_options
@click.pass_context
def review(
    ctx: click.Context,
    paths: Sequence[Path],
    decisions: Path,
    html: Path | None,
    by: By,
    reviewer: str,
    engine: EngineOptions,
    run: RunOptions,
) -> None:
    """Accept or reject suggested edits, one by one.

    Every decision is saved at once; 'normalizer apply' makes the accepted edits. Without PATH a review that was begun
    goes on with the documents in the decisions file. Folders are searched for .txt and .md files.
    """
    if html is not None:
        _write_page(ctx, paths, html, engine, run)
        return
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        raise click.UsageError("a review needs a terminal; --html FILE writes a page for a browser instead.")
    if not paths and not decisions.exists():
        raise click.UsageError(f"name files or folders to review; there is no {decisions} to go on with.")
    _in_terminal(ctx, paths, decisions, by, reviewer, engine, run)


def _write_page(ctx: click.Context, paths: Sequence[Path], html: Path, engine: EngineOptions, run: RunOptions) -> None:
    from normalizer.review.html import write_report

    inputs, summary = Inputs(paths, run), Summary(engine)
    documents = _analyse(inputs, engine, summary, run)
    write_report(html, documents, threshold=engine.normalizer().min_confidence)
    run.note(f"{html}: {number(summary.edits, 'edit')} in {number(summary.files, 'file')}")
    ctx.exit(3 if inputs.failed else 0)


def _in_terminal(
    ctx: click.Context,
    paths: Sequence[Path],
    file: Path,
    by: By,
    reviewer: str,
    engine: EngineOptions,
    run: RunOptions,
) -> None:
    from normalizer.review.decisions import Decisions, DecisionsWriter, read_decisions
    from normalizer.review.session import Session
    from normalizer.review.terminal import Terminal

    writer = DecisionsWriter(file)
    known = read_decisions(file) if file.exists() else Decisions()
    failed = False
    summary = Summary(engine)
    if paths:
        inputs = Inputs(paths, run)
        documents = _analyse(inputs, engine, summary, run)
        decisions, texts = _join(known, documents, inputs)
        failed = inputs.failed
    else:
        decisions = known
        texts, failed = _read_again(known, run)
    session = Session(decisions, texts, save=writer.write, reviewer=reviewer)
    if not session.places:
        run.note("nothing to review" + (f"; {summary.hint()}" if summary.held_back else ""))
        ctx.exit(3 if failed else 0)
    try:
        Terminal(session, by=by, never_again=partial(write_rule, configurations().named), color=run.color).run()
    except EOFError:  # the terminal has gone
        pass
    finally:
        if session.unsaved:
            _rescue(session, file)
    _summarise(session, file, summary, run)
    ctx.exit(3 if failed else 0)


def _analyse(inputs: Inputs, engine: EngineOptions, summary: Summary, run: RunOptions) -> list[Document]:
    from normalizer.files import encode_text
    from normalizer.review.document import Document

    if len(inputs) > 20:
        run.note(f"reading {number(len(inputs), 'file')}")
    documents = []
    for source, restoration in configured(inputs, engine, run):
        summary.add(restoration)
        path = "-" if source.path == STDIN else Path(source.name).as_posix()
        data = encode_text(source.text, source.name, source.encoding)
        documents.append(Document.of(path, data, source.text, restoration, source.encoding))
    return documents


def _join(known: Decisions, documents: Sequence[Document], inputs: Inputs) -> tuple[Decisions, dict[str, str]]:
    """The decisions made so far with what was found now; the texts of the documents to review, by path."""
    from normalizer.review.decisions import Decisions, ReviewedDocument

    joined = {document.path: document for document in known.documents}
    texts: dict[str, str] = {}
    for document in documents:
        found = ReviewedDocument.of(document)
        before = joined.get(document.path)
        if before is not None and before.sha256 != found.sha256:
            inputs.fail(_changed(before, document.text))
            continue
        joined[document.path] = found if before is None else before.extended(found)
        texts[document.path] = document.text
    return Decisions(tuple(joined.values()), known.never_again), texts


def _read_again(known: Decisions, run: RunOptions) -> tuple[dict[str, str], bool]:
    """The texts of the documents in a decisions file, by path; and whether any could not be read or has changed."""
    from normalizer.review.application import is_reviewed_text

    texts: dict[str, str] = {}
    failed = False
    for document in known.documents:
        if document.path == "-":
            run.note("-: standard input cannot be read again; pipe it in and name - to go on with it")
            continue
        inputs = Inputs([Path(document.path)], replace(run, encoding=document.encoding))
        for source in inputs:
            if is_reviewed_text(replace(document, encoding=source.encoding), source.text):
                texts[document.path] = source.text
            else:
                inputs.fail(_changed(document, source.text))
        failed |= inputs.failed
    return texts, failed


def _changed(document: ReviewedDocument, text: str) -> InputError:
    from normalizer.review.application import is_applied_text

    if is_applied_text(document, text):
        return InputError(f"{document.path}: its decisions have been applied; -d FILE begins a new review")
    return InputError(
        f"{document.path}: has changed since it was reviewed; 'normalizer apply --rebase --save FILE' moves the "
        "decisions to the new text, -d FILE begins a new review"
    )


def _rescue(session: Session, file: Path) -> None:
    """Save what could not be saved; if it still cannot, in another place. Raises ``InputError`` that names it."""
    from tempfile import gettempdir

    from normalizer.review.decisions import write_decisions

    try:
        session.save()
        return
    except InputError as error:
        reason = error
    for folder in (file.parent, Path(gettempdir())):
        number = 2
        while (place := folder / f"{file.stem}-{number}.json").exists():
            number += 1
        try:
            write_decisions(place, session.decisions)
        except InputError:
            continue
        raise InputError(f"{reason} The decisions are in {place} now.")
    raise reason


def _summarise(session: Session, file: Path, summary: Summary, run: RunOptions) -> None:
    count = session.count()
    run.note(
        f"{count['accepted']} accepted, {count['corrected']} corrected, {count['rejected']} rejected, "
        f"{count['undecided']} undecided"
    )
    if count["accepted"] or count["corrected"]:
        run.note(f"normalizer apply {file} makes the changes")
    if count["undecided"] and len(session.places) > count["undecided"]:
        run.note(f"normalizer review -d {file} goes on")
    if summary.held_back:
        run.note(summary.hint())
