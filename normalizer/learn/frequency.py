"""Build the frequency lexicon: what wordfreq and the language model misjudge, counted in clean text.

    python -m normalizer.learn.frequency lexicons/en --clean CLEAN.jsonl.xz

Words that are newer than wordfreq, and those phrases of the tables that are commoner than their parts suggest (a
trigram model takes "every step of the way" for a rarity). Deterministic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import log10
from pathlib import Path

import click

from normalizer.language_model import LanguageModel
from normalizer.learn.texts import Corpus
from normalizer.lexicon.compile import table_files
from normalizer.lexicon.frequency import Frequencies
from normalizer.lexicon.inflection import expand
from normalizer.lexicon.table import read_table
from normalizer.text.tokens import tokenize, words

LEAST_TEXTS = 4
"""Texts that a word or phrase must stand in, so that one article's favourite does not count."""

PHRASE_GAP, WORD_GAP = 0.5, 1.0
"""How far (Zipf scale) the count must be above what is known otherwise."""


def surfaces(paths: Iterable[Path]) -> set[str]:
    """Every wording of the tables, canonicals and variants in all their forms, as normalised words."""
    found: set[str] = set()
    for path in paths:
        for row in read_table(path):
            for pair in expand(row):
                found.update((" ".join(words(pair.canonical)), " ".join(words(pair.variant))))
    return found


def count(texts: Iterable[str], wanted: Iterable[str]) -> tuple[Counter[str], Counter[str], int]:
    """Occurrences, and texts with an occurrence, of all words and of the wanted phrases; the number of tokens."""
    phrases = [phrase for phrase in wanted if " " in phrase]
    occurrences: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    total = 0
    heads: dict[str, int] = {}
    known = frozenset(phrases)
    for phrase in phrases:
        head = phrase.partition(" ")[0]
        heads[head] = max(heads.get(head, 0), phrase.count(" ") + 1)
    for text in texts:
        norms = [token.norm for token in tokenize(text)]
        total += len(norms)
        here: Counter[str] = Counter(norm for norm in norms if norm.isalpha())
        for start, norm in enumerate(norms):
            for end in range(start + 2, min(start + heads.get(norm, 0), len(norms)) + 1):
                phrase = " ".join(norms[start:end])
                if phrase in known:
                    here[phrase] += 1
        occurrences.update(here)
        documents.update(here.keys())
    return occurrences, documents, total


def misjudged(
    occurrences: Counter[str], documents: Counter[str], total: int, model: LanguageModel
) -> Iterator[tuple[str, float]]:
    """The words and phrases whose count says much more than wordfreq and the model do, with their frequencies."""
    plain = Frequencies(model, {})
    for phrase in sorted(occurrences):
        if documents[phrase] >= LEAST_TEXTS:
            value = log10(occurrences[phrase] / total) + 9.0
            gap = value - plain.zipf(phrase)
            if gap >= (PHRASE_GAP if " " in phrase else WORD_GAP):
                yield phrase, value


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--clean", type=click.Path(path_type=Path, exists=True), required=True, help="Clean corpus (JSON lines).")
def main(folder: Path, clean: Path) -> None:
    """Write frequency.tsv of the lexicon in FOLDER."""
    counted = count((text.text for text in Corpus([str(clean)])), surfaces(table_files(folder)))
    lines = [
        f"{phrase}\t{value:.1f}" for phrase, value in misjudged(*counted, LanguageModel(folder / "news-3gram.klm"))
    ]
    header = (
        "# Frequencies (Zipf scale: log10 of occurrences in a thousand million words) of words newer than wordfreq and",
        "# of phrases that the language model underrates; counted in clean text by normalizer.learn.frequency.",
    )
    (folder / "frequency.tsv").write_text("\n".join([*header, *lines, ""]), encoding="utf-8")
    click.echo(f"{len(lines)} words and phrases", err=True)


if __name__ == "__main__":
    main()
