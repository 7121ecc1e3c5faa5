"""Fit the calibration of edit confidence, one for every kind of engine, and report it on articles not used for it.

    python benchmarks/fit_calibration.py GOLDENS --output lexicons/en/calibration.json

GOLDENS has ``spun/*.gold.txt``, and for other engines ``witnesses/NAME/*.txt`` (independent spins of the article
``clean/NAME.txt``). Further gold files, of a thesaurus spinner for example, are named with ``--also``. Articles with
odd numbers are fitted on, those with even numbers reported.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rapidfuzz.distance import Levenshtein

from normalizer import Edit, Normalizer, apply_edits
from normalizer.calibration import Calibration, fit
from normalizer.evaluation.calibration import Judged, expected_calibration_error, judge_edits
from normalizer.evaluation.gold import parse_gold
from normalizer.text.tokens import words

LEAST = 0.3
"""Edits with a smaller posterior are never made, so they do not count in the fit."""

Sample = list[tuple[float, bool]]


def judged_by_gold(normalizer: Normalizer, path: Path) -> tuple[str, Sample]:
    """(likeliest engine, (posterior, right) of every edit) of a gold file."""
    gold = parse_gold(path.read_text(encoding="utf-8"))
    result = normalizer.analyze(gold.source)
    edits = [edit for edit in (*result.edits, *result.suggestions) if edit.confidence >= LEAST]
    return result.engine, [(j.confidence, j.right) for j in judge_edits(gold, edits)]


def judged_by_original(normalizer: Normalizer, spun: str, original: str) -> tuple[str, Sample]:
    """The same for a spun text and its original: an edit is right when it brings the text closer to the original."""
    result = normalizer.analyze(spun)
    edits = [edit for edit in (*result.edits, *result.suggestions) if edit.confidence >= LEAST]
    return result.engine, [(edit.confidence, right) for edit, right in _closer(spun, original, edits)]


def _closer(spun: str, original: str, edits: Iterable[Edit]) -> Iterator[tuple[Edit, bool]]:
    lines = original.split("\n")
    for edit in edits:
        number = spun.count("\n", 0, edit.start)
        begin = spun.rfind("\n", 0, edit.start) + 1
        stop = spun.find("\n", edit.end)
        line, target = spun[begin : stop if stop >= 0 else len(spun)], words(lines[number])
        moved = Edit(edit.start - begin, edit.end - begin, edit.original, edit.replacement, edit.kind, edit.confidence)
        before = Levenshtein.distance(words(line), target)
        yield edit, Levenshtein.distance(words(apply_edits(line, [moved])), target) < before


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("goldens", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--also", type=click.Path(path_type=Path, exists=True), multiple=True, help="Another gold file.")
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True)
def main(goldens: Path, output: Path, also: tuple[Path, ...]) -> None:
    """Fit on odd articles, report on even ones, write the calibration file."""
    output.unlink(missing_ok=True)  # the identity, while posteriors are collected
    normalizer = Normalizer()
    fitted: dict[str, Sample] = defaultdict(list)
    reported: dict[str, Sample] = defaultdict(list)
    for path in (*sorted((goldens / "spun").glob("*.gold.txt")), *also):
        odd = int(path.name[:2]) % 2
        engine, sample = judged_by_gold(normalizer, path)
        (fitted if odd else reported)[engine] += sample
    for path in sorted((goldens / "witnesses").glob("*/*.txt")):
        original = (goldens / "clean" / f"{path.parent.name}.txt").read_text(encoding="utf-8")
        engine, sample = judged_by_original(normalizer, path.read_text(encoding="utf-8"), original)
        if engine != "replaces-all":  # the goldens speak for that one
            (fitted if int(path.parent.name[:2]) % 2 else reported)[engine] += sample
    engines: dict[str, Calibration] = {}
    for engine, sample in sorted(fitted.items()):
        if len(sample) < 100:
            continue
        calibration = engines[engine] = fit(sample)
        for name, pairs in (("fitted", sample), ("held out", reported[engine])):
            judged = [Judged(calibration(posterior), right) for posterior, right in pairs]
            click.echo(
                f"{engine} {name}: {len(judged)} edits, "
                f"expected calibration error {expected_calibration_error(judged):.3f}"
            )
    data = {
        "version": 1,
        "engines": {name: {"slope": round(c.slope, 3), "shift": round(c.shift, 3)} for name, c in engines.items() if c},
    }
    output.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
