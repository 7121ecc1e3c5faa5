"""A spinner made from the channel: garbles clean text the way the described engines do, as often as one likes.

Every run of the same seed gives the same text. An engine (``seed``) knows only some of the channel's keys and has its
own taste among their variants, so it is like the engine that the channel was learned from, but not the same. In one
document a key becomes one variant for each letter case; a variant is never spun again; the longest key comes first.

    python benchmarks/channel_spinner.py --rate 0.7 CLEAN.txt… --output-dir DIR
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from normalizer.channel import Channel
from normalizer.resources import lexicon_path
from normalizer.text.sentences import sentences
from normalizer.text.tokens import Token, words


class Substitution(NamedTuple):
    """``text[start:end]`` of the clean text became ``variant``."""

    start: int
    end: int
    original: str
    variant: str


class ChannelSpinner:
    """An engine. ``rate``: share of the known keys' places that it replaces. ``known``: share of the channel's keys
    (weighted by the probability that an engine has them) that it knows. ``taste``: exponent of the variants'
    probabilities is drawn around 1 with this spread, one number for each variant.
    """

    def __init__(
        self, channel: Channel, *, rate: float = 1.0, known: float = 0.9, taste: float = 0.7, seed: int = 1
    ) -> None:
        draw = random.Random(seed)
        self.rate, self.seed = rate, seed
        self.variants: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for surface in channel.surfaces():
            entry = channel.get(surface)
            for candidate in entry.candidates if entry else ():
                if candidate.probability > 0.005 and surface.replace(" ", "").isalpha():
                    weight = candidate.probability * 2.0 ** draw.gauss(0.0, taste)
                    self.variants[candidate.key].append((surface, weight))
        for key in list(self.variants):
            entry = channel.get(key)
            if draw.random() >= known * (entry.replaced if entry else 0.0):
                del self.variants[key]
        self.longest = max((key.count(" ") + 1 for key in self.variants), default=0)

    def substitutions(self, text: str, document: int = 0) -> Iterator[Substitution]:
        """What this engine changes in a text; ``document`` is the seed of its draws."""
        draw = random.Random(self.seed * 1_000_003 + document)
        drawn: dict[tuple[str, int], str] = {}
        for tokens in sentences(text):
            index = 0
            while index < len(tokens):
                end = self._longest_key(tokens, index)
                if end > index and draw.random() < self.rate:
                    original = text[tokens[index].start : tokens[end - 1].end]
                    key, case = _key(tokens[index:end]), _case(original)
                    if (key, case) not in drawn:
                        choices, weights = zip(*self.variants[key], strict=True)
                        drawn[key, case] = draw.choices(choices, weights)[0]
                    variant = _cased(drawn[key, case], case)
                    yield Substitution(tokens[index].start, tokens[end - 1].end, original, variant)
                index = max(end, index + 1)

    def _longest_key(self, tokens: list[Token], start: int) -> int:
        for end in range(min(len(tokens), start + self.longest), start, -1):
            if _key(tokens[start:end]) in self.variants:
                return end
        return start


def _key(tokens: Iterable[Token]) -> str:
    return " ".join(token.norm for token in tokens)


def _case(text: str) -> int:
    """0: lower case, 1: first letter, 2: every word, 3: capitals."""
    if len(text) > 1 and text.isupper():
        return 3
    parts = text.split()
    return 2 if len(parts) > 1 and all(part[:1].isupper() for part in parts) else int(text[:1].isupper())


def _cased(text: str, case: int) -> str:
    if case == 3:
        return text.upper()
    if case == 2:
        return " ".join(part[:1].upper() + part[1:] for part in text.split(" "))
    return text[:1].upper() + text[1:] if case else text


def garbled(text: str, substitutions: Iterable[Substitution]) -> str:
    """The spun text."""
    return _written(text, substitutions, "{variant}")


def gold(text: str, substitutions: Iterable[Substitution]) -> str:
    """The spun text as a gold file, with a slot for each substitution that scoring can see."""
    seen = (s for s in substitutions if words(s.variant) != words(s.original))
    return _written(text, seen, "[[{variant}->{original}]]")


def _written(text: str, substitutions: Iterable[Substitution], form: str) -> str:
    parts: list[str] = []
    done = 0
    for s in substitutions:
        parts += text[done : s.start], form.format(variant=s.variant, original=s.original)
        done = s.end
    return "".join([*parts, text[done:]])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--output-dir", "-o", type=click.Path(path_type=Path), required=True)
@click.option("--rate", default=1.0, show_default=True, help="Share of the known places that is replaced.")
@click.option("--seed", default=1, show_default=True)
def main(paths: tuple[Path, ...], output_dir: Path, rate: float, seed: int) -> None:
    """Spin clean texts and write them as gold files."""
    spinner = ChannelSpinner(Channel([lexicon_path("en") / "channel.tsv"]), rate=rate, seed=seed)
    output_dir.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(paths):
        text = path.read_text(encoding="utf-8")
        spun = gold(text, spinner.substitutions(text, number))
        (output_dir / f"{path.stem}.gold.txt").write_text(spun, encoding="utf-8")


if __name__ == "__main__":
    main()
