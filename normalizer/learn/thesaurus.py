"""Build the thesaurus layer from WordNet: what a plain thesaurus spinner, whose table nobody knows, may have written.

    python -m normalizer.learn.thesaurus lexicons/en --wordnet DIR

DIR holds the files of WordNet 3.0 (``data.noun`` and so on), as Debian's ``wordnet-base`` installs them. The output is
``thesaurus.tsv``, a channel, and ``thesaurus-weights.tsv``, the weight of evidence of single words for such a spinner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from normalizer.channel import Channel
from normalizer.errors import InputError
from normalizer.evidence import GateSettings, weight
from normalizer.language_model import LanguageModel
from normalizer.learn.weights import Estimate, normal, write_channel
from normalizer.lexicon.inflection import expand_all, zipf
from normalizer.lexicon.sorted_lines import SORTED
from normalizer.lexicon.table import PartOfSpeech, Row, Variant

_FILES: dict[str, PartOfSpeech] = {"noun": "n", "verb": "v", "adj": "adj", "adv": "adv"}
MOST_VARIANTS = 12
"""Variants a word at most; members of its first senses come first."""

COMMON, FUNCTION_WORDS = 3.3, 6.3
"""Canonical wordings are words of at least this frequency, and less than that one (Zipf scale, wordfreq)."""

RATE = 0.28
"""The share of its words that a thesaurus spinner is taken to replace, in the weights of evidence.

At 0.28 clean articles score at most -5.8 (700 of them) and spun ones of 450 words at least +2.5.
"""


def read_wordnet(folder: Path) -> Iterator[Row]:
    """WordNet as table rows: a common word, its part of speech, the other members of its synsets.

    Raises ``InputError`` when the files are not there.
    """
    for name, part in _FILES.items():
        path = folder / f"data.{name}"
        try:
            lines = path.read_text(encoding="latin-1").splitlines()
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read ({error.strerror}); name a folder with WordNet's files"
            ) from error
        variants: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            if not line.startswith(" "):
                members = synset(line)
                for member in members:
                    variants[member] += [other for other in members if other != member]
        for canonical, others in sorted(variants.items()):
            if " " not in canonical and COMMON <= zipf(canonical) < FUNCTION_WORDS:
                yield Row(canonical, part, tuple(map(Variant, dict.fromkeys(others)))[:MOST_VARIANTS])


def synset(line: str) -> list[str]:
    """The lower-case members of a synset, from a line of a WordNet data file.

    >>> synset("00001740 03 n 02 great_ape 0 pongid 0 000 | any of the large apes")
    ['great ape', 'pongid']
    """
    fields = line.split()
    count = int(fields[3], 16)
    members = (word.partition("(")[0].replace("_", " ") for word in fields[4 : 4 + 2 * count : 2])
    return [member for member in members if member.islower()]


def uniform(rows: Iterable[Row]) -> Estimate:
    """A channel in which every variant of a word is equally likely: nothing is known of the spinner's taste."""
    table = expand_all(row for row in rows if row.variants)
    variants = {canonical: {normal(v): 1.0 / len(of) for v in of} for canonical, of in table.items()}
    return Estimate(variants, {normal(canonical): 0.99 for canonical in table})


def write_weights(channel: Channel, path: Path, header: str) -> int:
    """Write the weight of evidence (natural log) of every single-word surface; returns the number of lines."""
    lines = []
    for surface in channel.surfaces():
        entry = channel.get(surface)
        if entry is not None and " " not in surface:
            value = weight(entry, RATE, GateSettings().clip)
            if abs(value) >= 0.1:
                lines.append(f"{surface}\t{value:.2f}")
    path.write_text("\n".join([f"# {header}", SORTED, *sorted(lines), ""]), encoding="utf-8")
    return len(lines)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--wordnet", type=click.Path(path_type=Path, exists=True), default=Path("/usr/share/wordnet"))
def main(folder: Path, wordnet: Path) -> None:
    """Write the thesaurus layer of the lexicon in FOLDER."""
    header = "Derived from WordNet 3.0 (licence: WORDNET-LICENSE) by normalizer.learn.thesaurus"
    model = LanguageModel(folder / "news-3gram.klm")
    target = folder / "thesaurus.tsv"
    lines = write_channel(target, uniform(read_wordnet(wordnet)), None, model, header=(header,), least_share=0.04)
    weights = write_weights(Channel([target]), folder / "thesaurus-weights.tsv", header)
    click.echo(f"{lines} surfaces, {weights} weights", err=True)


if __name__ == "__main__":
    main()
