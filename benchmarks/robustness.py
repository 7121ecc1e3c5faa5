"""What the goldens alone do not show: clean corpora, mixed documents, short paragraphs, another engine.

    python benchmarks/robustness.py SHARED

SHARED has ``corpora/{clean,spun-unlabelled}.jsonl.xz`` and ``goldens/{spun,clean,witnesses}``.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

import click
from rapidfuzz.distance import Levenshtein

from normalizer import Normalizer
from normalizer.edits import LEXICAL_KINDS
from normalizer.evaluation.gold import parse_gold
from normalizer.evaluation.scoring import score_text, total
from normalizer.text.tokens import Token, tokenize


def clean_corpus(normalizer: Normalizer, path: Path) -> str:
    """Lexical edits and false alarms on clean articles."""
    words = edits = documents = alarms = 0
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            text = json.loads(line)["text"]
            result = normalizer.analyze(text)
            documents += 1
            words += len(text.split())
            edits += sum(edit.kind in LEXICAL_KINDS for edit in result.edits)
            alarms += result.spun_probability >= 0.5
    return f"{documents} documents, {words} words: {edits} lexical edits, {alarms} judged spun"


def spun_corpus(normalizer: Normalizer, path: Path) -> str:
    """How many spun articles are recognised."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        found = [normalizer.detect(json.loads(line)["text"]).spun_probability >= 0.5 for line in stream]
    return f"{sum(found)} of {len(found)} judged spun"


def clean_paragraphs(normalizer: Normalizer, path: Path) -> str:
    """The same for single paragraphs of at least 15 words, each a document of its own."""
    words = edits = paragraphs = 0
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            for text in json.loads(line)["text"].split("\n"):
                if len(text.split()) >= 15:
                    paragraphs += 1
                    words += len(text.split())
                    edits += sum(edit.kind in LEXICAL_KINDS for edit in normalizer.analyze(text).edits)
    return f"{paragraphs} paragraphs, {words} words: {edits} lexical edits"


def mixed(normalizer: Normalizer, goldens: Path) -> str:
    """Where the edits fall in documents whose paragraphs are spun and clean in turn."""
    inside = everything = 0
    for path in sorted((goldens / "spun").glob("*.gold.txt")):
        spun = parse_gold(path.read_text(encoding="utf-8")).source.split("\n")
        clean = (goldens / "clean" / path.name.replace(".gold", "")).read_text(encoding="utf-8").split("\n")
        for parity in (0, 1):
            lines = [(spun if number % 2 == parity else clean)[number] for number in range(len(spun))]
            text = "\n".join(lines)
            for edit in normalizer.analyze(text).edits:
                everything += 1
                inside += text.count("\n", 0, edit.start) % 2 == parity
    return f"{inside} of {everything} edits in the spun paragraphs ({inside / everything:.1%})"


def witnesses(normalizer: Normalizer, goldens: Path, numbers: tuple[int, ...]) -> str:
    """Precision, recall and F0.5 on independent spins, against slots made by aligning them with the originals."""
    scores = []
    for folder in sorted((goldens / "witnesses").iterdir()):
        original = (goldens / "clean" / f"{folder.name}.txt").read_text(encoding="utf-8")
        for number in numbers:
            spun = (folder / f"{number}.txt").read_text(encoding="utf-8")
            pairs = zip(spun.split("\n"), original.split("\n"), strict=True)
            gold = parse_gold("\n".join(aligned(a, b) for a, b in pairs))
            scores.append(score_text(gold, normalizer.analyze(gold.source).restored))
    score = total(scores)
    return f"precision {score.precision:.3f}, recall {score.recall:.3f}, F0.5 {score.f_half:.3f}"


def aligned(spun: str, original: str) -> str:
    """A spun line with a slot for every stretch of tokens that differs from the original."""
    a, b = tokenize(spun), tokenize(original)
    parts: list[str] = []
    done = 0
    for i, j, k, m in _differences(a, b):
        parts += (
            spun[done : a[i].start],
            f"[[{spun[a[i].start : a[j - 1].end]}->{original[b[k].start : b[m - 1].end]}]]",
        )
        done = a[j - 1].end
    return "".join([*parts, spun[done:]])


def _differences(a: list[Token], b: list[Token]) -> Iterator[tuple[int, int, int, int]]:
    """Differing stretches (start and end in ``a``, start and end in ``b``), none of them empty on either side."""
    codes = Levenshtein.opcodes([t.norm for t in a], [t.norm for t in b])
    stretches: list[list[int]] = []
    for code in codes:
        if code.tag != "equal":
            start, end, other, other_end = code.src_start, code.src_end, code.dest_start, code.dest_end
            if start == end or other == other_end:
                step = 1 if start > 0 and other > 0 else 0
                start, other = start - step, other - step
                end, other_end = end + 1 - step, other_end + 1 - step
            if stretches and start <= stretches[-1][1]:
                stretches[-1][1], stretches[-1][3] = max(end, stretches[-1][1]), max(other_end, stretches[-1][3])
            else:
                stretches.append([start, end, other, other_end])
    yield from ((i, min(j, len(a)), k, min(m, len(b))) for i, j, k, m in stretches)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("shared", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(shared: Path) -> None:
    """Print all figures."""
    normalizer, goldens = Normalizer(), shared / "goldens"
    click.echo(f"same engine, other draws: {witnesses(normalizer, goldens, (1, 2, 3, 4, 5))}")
    click.echo(f"engine that keeps some:   {witnesses(normalizer, goldens, (6, 7))}")
    click.echo(f"mixed documents:          {mixed(normalizer, goldens)}")
    click.echo(f"clean corpus:             {clean_corpus(normalizer, shared / 'corpora' / 'clean.jsonl.xz')}")
    click.echo(f"spun corpus:              {spun_corpus(normalizer, shared / 'corpora' / 'spun-unlabelled.jsonl.xz')}")
    click.echo(f"clean paragraphs:         {clean_paragraphs(normalizer, shared / 'corpora' / 'clean.jsonl.xz')}")


if __name__ == "__main__":
    main()
