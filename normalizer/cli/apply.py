"""``normalizer apply``: make the edits that reviewers accepted, or undo them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from normalizer.cli.delivery import Deliver, deliver_to, output_options
from normalizer.cli.inputs import STDIN, Inputs, Source
from normalizer.cli.options import RunOptions, run_options
from normalizer.cli.rules import write_rules
from normalizer.cli.summary import number
from normalizer.errors import EditError, InputError
from normalizer.restoration import Restoration

if TYPE_CHECKING:
    from normalizer.review.decisions import Decisions, ReviewedDocument

_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Target:
    """An input, its path below an output folder, and the decisions about it."""

    path: Path
    relative: Path
    document: ReviewedDocument


@dataclass(slots=True)
class Application:
    """How decisions are applied, and what came of it."""

    deliver: Deliver | None
    run: RunOptions
    encoding: str | None
    """The encoding that the user named; otherwise each document's own counts."""
    revert: bool
    rebase: bool
    partial: bool
    refused: frozenset[str]
    files: set[str] = field(default_factory=set)
    """The documents that were done."""
    changed: int = 0
    edits: int = 0
    lost: int = 0
    failed: bool = False
    documents: dict[str, ReviewedDocument] = field(default_factory=dict)

    def __call__(self, target: Target) -> None:
        """Apply or revert the decisions about one input. Problems are told and remembered."""
        run = replace(self.run, encoding=self.encoding or target.document.encoding)
        inputs = Inputs([target.path], run)
        for source in inputs:
            try:
                self._apply(replace(source, relative=target.relative), target.document)
            except (EditError, InputError) as error:
                inputs.fail(InputError(str(error)))
        self.failed |= inputs.failed

    def _apply(self, source: Source, document: ReviewedDocument) -> None:
        from normalizer.review.application import apply_decisions, revert_decisions
        from normalizer.review.decisions import describe

        if document.path in self.refused and not self.partial:
            raise EditError(f"{source.name}: left alone because reviewers disagree; --partial applies the rest")
        document = replace(document, encoding=source.encoding)
        outcome = (revert_decisions if self.revert else apply_decisions)(document, source.text, rebase=self.rebase)
        self.documents[document.path] = replace(outcome.document, path=document.path)
        for lost in outcome.lost:
            click.echo(f"{source.name}: no clear place for {describe(lost.chosen or lost.edit)}", err=True)
        self.lost += len(outcome.lost)
        if outcome.lost and not self.partial and self.deliver is not None:
            places = number(len(outcome.lost), "edit")
            raise EditError(f"{source.name}: left alone because {places} could not be placed; --partial makes the rest")
        if outcome.state == "idle":
            self.run.note(f"{source.name}: {'nothing to revert' if self.revert else 'applied already'}")
        if self.deliver is not None:
            self.deliver(source, Restoration(source.text, outcome.edits))
        self.files.add(document.path)
        self.changed += outcome.text != source.text
        self.edits += len(outcome.edits)


@click.command(
    epilog="Exit codes: 1 when --diff or --word-diff shows changes, or --save leaves conflicts or lost edits; 3 when a "
    "file was refused."
)
@click.argument("decisions", type=_FILE)
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), required=False)
@output_options
@click.option("--revert", is_flag=True, help="Undo what was applied: the file is again, byte for byte, as reviewed.")
@click.option("--rebase", is_flag=True, help="In a file that has changed, find the places of the edits again.")
@click.option("--partial", is_flag=True, help="Make the edits that can be made when others conflict or are not found.")
@click.option("--merge", type=_FILE, multiple=True, help="Also another reviewer's decisions; repeatable.")
@click.option(
    "--save",
    type=_FILE,
    help="Write the decisions, merged and with their new places, to FILE. Without -w, -o or --diff nothing is applied.",
)
@click.option("--no-rules", is_flag=True, help="Write no ignore rules for what is never to be proposed again.")
@click.option(
    "--config", type=_FILE, metavar="FILE", help="Write the rules into FILE, not into the nearest configuration."
)
@run_options
@click.pass_context
def apply(
    ctx: click.Context,
    decisions: Path,
    paths: Sequence[Path],
    write: bool,
    output_dir: Path | None,
    diff: bool,
    word_diff: bool,
    revert: bool,
    rebase: bool,
    partial: bool,
    merge: Sequence[Path],
    save: Path | None,
    no_rules: bool,
    config: Path | None,
    run: RunOptions,
) -> None:
    """Apply the edits that were accepted in a review.

    DECISIONS is the file that 'normalizer review' or its HTML page wrote. Without PATH the documents that it names are
    changed. One document goes to standard output; several need -w, -o or --diff. A file that is not what was reviewed
    is refused. What a reviewer never wants to see again is written into the configuration.
    """
    if revert and save:
        raise click.UsageError("--save and --revert exclude each other.")
    merged, conflicting = _read([decisions, *merge])
    if not merged.documents and not merged.never_again:
        run.note("nothing to apply")
        return
    inputs, targets = _targets(merged, paths, run, output_dir)
    only_save = save is not None and not (write or output_dir or diff or word_diff)
    deliver = None
    if not only_save:
        outputs = [(target.path, target.relative) for target in targets]
        several = inputs is not None and inputs.folders
        deliver = deliver_to(
            outputs, run, write=write, output_dir=output_dir, diff=diff, word_diff=word_diff, several=several
        )
    named = ctx.get_parameter_source("encoding") not in (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP)
    application = Application(
        deliver, run, run.encoding if named else None, revert, rebase, partial or only_save, conflicting
    )
    for target in targets:
        application(target)
    if save is not None:
        _save(save, merged, application)
    _summarise(application, merged, targets, run, wrote=write or output_dir is not None)
    if not no_rules and not revert and not only_save:
        files = {target.document.path: target.path for target in targets if target.document.path in application.files}
        application.failed |= not write_rules(merged.never_again, files, config, run, dry=diff or word_diff)
    if application.failed or (inputs is not None and inputs.failed):
        ctx.exit(3)
    if ((diff or word_diff) and application.changed) or (only_save and (conflicting or application.lost)):
        ctx.exit(1)


def _read(files: Sequence[Path]) -> tuple[Decisions, frozenset[str]]:
    """The decisions of all files as one, and the paths of the documents on which they disagree."""
    from normalizer.review.decisions import read_decisions
    from normalizer.review.merging import merge_decisions

    read = [read_decisions(path) for path in files]
    if len(read) == 1:
        return read[0], frozenset()
    merged, conflicts = merge_decisions(read)
    for conflict in conflicts:
        click.echo(str(conflict), err=True)
    return merged, frozenset(conflict.path for conflict in conflicts)


def _targets(
    decisions: Decisions, paths: Sequence[Path], run: RunOptions, output_dir: Path | None
) -> tuple[Inputs | None, list[Target]]:
    """The inputs to change, with the decisions about each."""
    if not paths:
        return None, [
            Target(Path(document.path), _inside(Path(document.path)), document) for document in decisions.documents
        ]
    inputs = Inputs(paths, run, outside=output_dir)
    targets = []
    for path, relative in inputs.files:
        document = _document_for(path, decisions)
        if document is None and len(inputs) == len(decisions.documents) == 1:
            document = decisions.documents[0]
        if document is not None:
            targets.append(Target(path, relative, document))
        elif path in paths:
            inputs.fail(InputError(f"{path}: there are no decisions about this file"))
    return inputs, targets


def _document_for(path: Path, decisions: Decisions) -> ReviewedDocument | None:
    """The decisions about the file: by its path, or else by its bytes."""
    from normalizer.review.document import digest

    if path == STDIN:
        return next((document for document in decisions.documents if document.path == "-"), None)
    real = path.resolve()
    for document in decisions.documents:
        if document.path != "-" and Path(document.path).resolve() == real:
            return document
    try:
        sha256 = digest(path.read_bytes())
    except OSError:
        return None
    return next((document for document in decisions.documents if document.sha256 == sha256), None)


def _inside(path: Path) -> Path:
    """The path as one below an output folder, whatever it is."""
    return Path(path.name) if path.is_absolute() or ".." in path.parts else path


def _save(path: Path, decisions: Decisions, application: Application) -> None:
    from normalizer.review.decisions import Decisions, write_decisions

    write_decisions(
        path,
        Decisions(
            tuple(application.documents.get(document.path, document) for document in decisions.documents),
            decisions.never_again,
        ),
    )


def _summarise(
    application: Application, decisions: Decisions, targets: Sequence[Target], run: RunOptions, *, wrote: bool
) -> None:
    files = len(application.files)
    if wrote and files:
        verb = "reverted" if application.revert else "changed"
        run.note(f"{application.changed} of {number(files, 'file')} {verb}, {number(application.edits, 'edit')}")
    undecided = sum(edit.decision == "undecided" for target in targets for edit in target.document.edits)
    if undecided and not application.revert:
        run.note(f"{number(undecided, 'edit')} undecided and left out")
