"""Fit the calibration of edit confidence, one for every kind of engine, and report it on articles not used for it.

    python benchmarks/fit_calibration.py GOLDENS --output lexicons/en/calibration.json

GOLDENS has ``spun/*.gold.txt``, ``clean/*.txt`` and ``witnesses/*/*.txt``. A gold file of another engine (such as those
that ``thesaurus_spinner.py`` writes) can be added with ``--also``; its name has to begin with the article's number.
``normalizer evaluate GOLD… --refit FILE`` does the same with gold files alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rapidfuzz.distance import Levenshtein

from normalizer import Normalizer
from normalizer.calibration import Calibration, write_calibrations
from normalizer.edits import Edit
from normalizer.evaluation.calibration import Judged, expected_calibration_error
from normalizer.evaluation.gold import parse_gold
from normalizer.evaluation.refit import LEAST_POSTERIOR, Judgement, judged_changes, refit
from normalizer.features import logit
from normalizer.restoration import Engine
from normalizer.text.tokens import words

Document = tuple[str, Engine, list[Judgement]]


def judged_by_original(normalizer: Normalizer, spun: str, original: str) -> tuple[Engine, list[Judgement]]:
    """The judged changes of a spun text and its original: a change is right when it brings the text closer to it."""
    engine, proposals = normalizer.proposals(spun)
    likely = {p.edit: p.features for p in proposals if p.features and p.features[0] >= logit(LEAST_POSTERIOR)}
    return engine, [(likely[edit], right) for edit, right in _closer(spun, original, likely)]


def _closer(spun: str, original: str, edits: Iterable[Edit]) -> Iterator[tuple[Edit, bool]]:
    lines = original.split("\n")
    for edit in edits:
        number = spun.count("\n", 0, edit.start)
        begin = spun.rfind("\n", 0, edit.start) + 1
        stop = spun.find("\n", edit.end)
        line, target = spun[begin : stop if stop >= 0 else len(spun)], words(lines[number])
        restored = line[: edit.start - begin] + edit.replacement + line[edit.end - begin :]
        if words(restored) != words(line):
            before = Levenshtein.distance(words(line), target)
            yield edit, Levenshtein.distance(words(restored), target) < before


def collect(normalizer: Normalizer, goldens: Path, also: Iterable[Path]) -> Iterator[Document]:
    """(article's number, engine, judged changes) of every spun text."""
    for path in (*sorted((goldens / "spun").glob("*.gold.txt")), *also):
        engine, judgements = judged_changes(normalizer, parse_gold(path.read_text(encoding="utf-8")))
        yield path.name[:2], engine, judgements
    for path in sorted((goldens / "witnesses").glob("*/*.txt")):
        original = (goldens / "clean" / f"{path.parent.name}.txt").read_text(encoding="utf-8")
        engine, judgements = judged_by_original(normalizer, path.read_text(encoding="utf-8"), original)
        if engine != "replaces-all":  # the goldens speak for that one
            yield path.parent.name[:2], engine, judgements


def report(name: str, judged: list[Judged], safe: float) -> None:
    """Print how good the probabilities of some edits are."""
    made = [j for j in judged if j.confidence >= 0.6]
    tier = [j for j in judged if j.confidence >= safe]
    right = sum(j.right for j in tier)
    click.echo(
        f"{name}: {len(judged)} edits, expected calibration error {expected_calibration_error(judged):.3f}, "
        f"{expected_calibration_error(made):.3f} over the {len(made)} made by default; "
        f"safe from {safe:.2f}: {right} of {len(tier)} right ({right / max(1, len(tier)):.3f})"
    )


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("goldens", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--also", type=click.Path(path_type=Path, exists=True), multiple=True, help="Another gold file.")
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True)
def main(goldens: Path, output: Path, also: tuple[Path, ...]) -> None:
    """Fit on odd articles, report on even ones, write the calibration file."""
    documents = list(collect(Normalizer(), goldens, also))
    engines: dict[str, Calibration] = {}
    for fitted in refit(document for document in documents if int(document[0]) % 2):
        calibration = engines[fitted.engine] = fitted.calibration
        report(f"{fitted.engine}, cross-validated", list(fitted.held_out), calibration.safe)
        unseen = [
            Judged(calibration(features), right)
            for article, engine, judgements in documents
            if int(article) % 2 == 0 and engine == fitted.engine
            for features, right in judgements
        ]
        report(f"{fitted.engine}, held out", unseen, calibration.safe)
    output.write_text(write_calibrations(engines), encoding="utf-8")


if __name__ == "__main__":
    main()
