"""``normalizer evaluate``: measure restoration against gold files, and damage on clean text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.inputs import Inputs, Source, emit, restorations
from normalizer.cli.options import EngineOptions, RunOptions, engine_options, run_options
from normalizer.errors import InputError
from normalizer.evaluation.calibration import Judged, expected_calibration_error, judge_edits
from normalizer.evaluation.damage import Damage, damage
from normalizer.evaluation.floors import pin, read_floors, regressions, write_floors
from normalizer.evaluation.gold import Gold, parse_gold
from normalizer.evaluation.report import Evaluation, reliability_diagram
from normalizer.evaluation.scoring import Score, score_text
from normalizer.files import read_text, write_text

if TYPE_CHECKING:
    from normalizer.pipeline import Normalizer

GOLD_SUFFIX = ".gold.txt"


@click.command(epilog="The exit code is 1 when a figure is worse than pinned.")
@click.argument("paths", metavar="GOLD…", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--clean",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Clean texts, of which no word may change: measure the damage on them. May be repeated.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--slots", is_flag=True, help="Also list every missed, wrong and stray edit.")
@click.option("--coverage", is_flag=True, help="Also tell for how many slots the lexicon knows the right answer.")
@click.option("--calibration", is_flag=True, help="Also show the reliability diagram of the edits' confidence.")
@click.option(
    "--refit",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fit the confidence anew on these gold files and write it to FILE, a lexicon folder's calibration.json.",
)
@click.option(
    "--floors",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Compare the figures with those pinned in FILE.",
)
@click.option("--update-floors", is_flag=True, help="Pin the figures in FILE, unless one got worse.")
@click.option("--allow-regression", is_flag=True, help="Pin them even if one got worse.")
@engine_options
@run_options
@click.pass_context
def evaluate(
    ctx: click.Context,
    paths: Sequence[Path],
    clean: Sequence[Path],
    form: str,
    slots: bool,
    coverage: bool,
    calibration: bool,
    refit: Path | None,
    floors: Path | None,
    update_floors: bool,
    allow_regression: bool,
    engine: EngineOptions,
    run: RunOptions,
) -> None:
    """Measure precision, recall, F0.5, calibration and damage.

    GOLD is a file in the gold format, or a folder of *.gold.txt files.
    """
    if not paths and not clean:
        raise click.UsageError("name gold files, or clean ones with --clean.")
    if (update_floors and floors is None) or (allow_regression and not update_floors):
        raise click.UsageError("--update-floors needs --floors FILE, and --allow-regression needs --update-floors.")
    if refit is not None and not paths:
        raise click.UsageError("--refit needs gold files.")
    normalizer = engine.normalizer()
    scores: dict[str, Score] = {}
    judged: list[Judged] = []
    harm: Damage | None = None
    failed = False
    if paths:
        golds = Inputs(paths, run, suffix=GOLD_SUFFIX)
        scores, judged = _score(golds, normalizer, run)
        failed |= golds.failed
    if clean:
        texts = Inputs(clean, run)
        harm = sum((damage(restoration) for _, restoration in restorations(texts, normalizer, run)), Damage())
        failed |= texts.failed
    evaluation = Evaluation(scores, tuple(judged), harm)
    if form == "json":
        emit(json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        emit(evaluation.to_table())
    if slots:
        emit("".join(f"{name}: {note}\n" for name, score in scores.items() for note in score.notes))
    if calibration and form == "table":
        emit(reliability_diagram(judged))
    if coverage and form == "table":
        emit(_coverage(paths, normalizer, run))
    if failed:
        ctx.exit(3)
    if refit is not None:
        _refit(paths, refit, normalizer, run)
    if floors is not None and _worse(evaluation.figures, floors, update_floors, allow_regression):
        ctx.exit(1)


def _score(inputs: Inputs, normalizer: Normalizer, run: RunOptions) -> tuple[dict[str, Score], list[Judged]]:
    golds: dict[str, Gold] = {}

    def garbled() -> Iterator[Source]:
        for source in inputs:
            try:
                gold = parse_gold(source.text, source.name)
            except InputError as error:
                inputs.fail(error)
            else:
                golds[source.name] = gold
                yield replace(source, text=gold.source)

    scores: dict[str, Score] = {}
    judged: list[Judged] = []
    for source, restoration in restorations(garbled(), normalizer, run):
        gold = golds.pop(source.name)
        try:
            scores[source.name] = score_text(gold, restoration.restored, source.name)
        except InputError as error:
            inputs.fail(error)
        judged += judge_edits(gold, restoration.edits)
    return scores, judged


def _coverage(paths: Sequence[Path], normalizer: Normalizer, run: RunOptions) -> str:
    """The share of slots whose right answer is among the candidates, of every gold file and of all."""
    from normalizer.evaluation.coverage import Coverage, coverage

    decoder = normalizer.decoder_for("replaces-all")
    golds = Inputs(paths, run, suffix=GOLD_SUFFIX)
    found = {source.name: coverage(parse_gold(source.text, source.name), decoder) for source in golds}
    found["total"] = sum(found.values(), Coverage())
    return "".join(
        f"covered {one.covered:>5} of {one.slots:>5}  {one.share:.4f}  {name}\n" for name, one in found.items()
    )


def _refit(paths: Sequence[Path], output: Path, normalizer: Normalizer, run: RunOptions) -> None:
    """Fit the confidence on gold files, tell how good it is on those that each fit did not see, and write it."""
    from normalizer.calibration import read_calibrations, write_calibrations
    from normalizer.evaluation.refit import judged_changes, refit

    golds = [(source.name, parse_gold(source.text, source.name)) for source in Inputs(paths, run, suffix=GOLD_SUFFIX)]
    fitted = refit((name, *judged_changes(normalizer, gold)) for name, gold in golds)
    if not fitted:
        raise InputError("too few edits to fit a confidence; name at least two gold files, with 100 edits or more")
    for found in fitted:
        least = found.calibration.safe
        safe = [judged for judged in found.held_out if judged.confidence >= least]
        run.note(
            f"{found.engine}: {len(found.held_out)} edits, expected calibration error "
            f"{expected_calibration_error(found.held_out):.4f} (cross-validated); safe from {least:.2f}, "
            f"{sum(judged.right for judged in safe)} of {len(safe)} right"
        )
    known = read_calibrations(output) if output.exists() else {}
    write_text(output, write_calibrations({**known, **{found.engine: found.calibration for found in fitted}}))


def _worse(figures: Mapping[str, float], path: Path, update: bool, allow_regression: bool) -> bool:
    """Compare with the pinned figures, pin them anew when asked to; whether something got worse than allowed."""
    pinned = read_floors(read_text(path).text, str(path)) if path.exists() or not update else {}
    worse = regressions(figures, pinned)
    for sentence in worse:
        click.echo(f"{'warning' if allow_regression else 'error'}: {sentence}", err=True)
    if worse and not allow_regression:
        return True
    if update:
        write_text(path, write_floors(pin(figures, pinned)))
    return False
