"""How well spun texts are told from clean ones: AUC for several kinds of spinner and length, and the default threshold.

    python benchmarks/detection.py SHARED [--half even] [--wordnet DIR] [--limit N]

SHARED has ``corpora/{clean,spun-unlabelled}.jsonl.xz`` and ``goldens/{clean,witnesses}``. Spinners that keep words and
the plain thesaurus spinner are simulated on clean articles (``channel_spinner.py``, ``thesaurus_spinner.py``), which
are then compared with the clean articles themselves. The gate was tuned on documents of odd number; ``--half even``
(the default) reports the others.
"""

from __future__ import annotations

import json
import lzma
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click
from channel_spinner import ChannelSpinner, garbled
from thesaurus_spinner import read_synonyms, spin

from normalizer import Normalizer
from normalizer.channel import Channel
from normalizer.evaluation.gold import parse_gold
from normalizer.resources import lexicon_path
from normalizer.restoration import Detection

Judge = Callable[[str], Detection]


def auc(spun: Sequence[float], clean: Sequence[float]) -> float:
    """The probability that a spun text scores higher than a clean one (Mann-Whitney; ties count half)."""
    ordered = sorted(clean)
    wins = sum(bisect_left(ordered, x) + bisect_right(ordered, x) for x in spun)
    return wins / (2.0 * len(spun) * len(clean))


def read_half(path: Path, half: str, limit: int) -> list[tuple[int, str]]:
    """(number, text) of the documents of a corpus whose number is odd, even, or either."""
    wanted = {"odd": (1,), "even": (0,), "all": (0, 1)}[half]
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        documents = [(number, json.loads(line)["text"]) for number, line in enumerate(stream)]
    return [document for document in documents if document[0] % 2 in wanted][: limit or None]


def passage(text: str, size: int, seed: int) -> str | None:
    """A random stretch of ``size`` words, None when the text is too short."""
    words = text.split(" ")
    if len(text.split()) < size + 10:
        return None
    start = random.Random(seed).randrange(0, len(words) - size)
    return " ".join(words[start : start + size])


def compare(name: str, judge: Judge, spun: Iterable[str], clean: Iterable[str]) -> None:
    """Print how well two sets are told apart."""
    found, other = [judge(text) for text in spun], [judge(text) for text in clean]
    area = auc([d.log_odds for d in found], [d.log_odds for d in other])
    caught = sum(d.verdict == "spun" for d in found)
    alarms = sum(d.verdict == "spun" for d in other)
    unsure = sum(d.verdict == "too-short" for d in (*found, *other))
    kinds = sorted({d.engine for d in found if d.verdict == "spun"})
    named = ", ".join(f"{kind} {sum(d.engine == kind for d in found)}" for kind in kinds)
    click.echo(
        f"{name:34} AUC {area:.4f}   found {caught} of {len(found)}   false alarms {alarms} of {len(other)}   "
        f"too short {unsure}   ({named})"
    )


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("shared", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--half", type=click.Choice(["odd", "even", "all"]), default="even", show_default=True)
@click.option("--limit", default=0, show_default=True, help="Most documents of each corpus; 0 for all.")
@click.option("--wordnet", type=click.Path(path_type=Path), default=Path("/usr/share/wordnet"), show_default=True)
@click.option("--thesaurus", default=300, show_default=True, help="Articles for the thesaurus spinner, which is slow.")
def main(shared: Path, half: str, limit: int, wordnet: Path, thesaurus: int) -> None:
    """Print all figures."""
    judge = Normalizer().detect
    clean = read_half(shared / "corpora" / "clean.jsonl.xz", half, limit)
    spun = read_half(shared / "corpora" / "spun-unlabelled.jsonl.xz", half, limit)
    long = [text for _, text in clean if len(text.split()) >= 150]
    compare("spun, 150+ words", judge, [t for _, t in spun if len(t.split()) >= 150], long)
    for size in (40, 60, 100):
        pieces = [[p for n, t in part if (p := passage(t, size, n))] for part in (spun, clean)]
        compare(f"spun, passages of {size} words", judge, *pieces)
    channel = Channel([lexicon_path("en") / "channel.tsv"])
    for kept in (0.3, 0.5):
        made = []
        for seed in (11, 12, 13):
            spinner = ChannelSpinner(channel, rate=1 - kept, seed=seed)
            for number, text in clean[seed - 11 :: 3]:
                if len(text.split()) >= 150:
                    made.append(garbled(text, spinner.substitutions(text, number)))
        compare(f"keeps {kept:.0%} of the words, 150+", judge, made, long)
        if kept == 0.3:
            pieces = [[p for n, t in enumerate(part) if (p := passage(t, 60, n))] for part in (made, long)]
            compare("keeps 30 %, passages of 60 words", judge, *pieces)
    if (wordnet / "data.noun").is_file():
        synonyms = read_synonyms(wordnet)
        known: dict[str, list[str]] = {}
        sample = [(number, text) for number, text in clean if "[[" not in text][:thesaurus]
        for rate in (0.25, 0.5, 0.8):
            texts = [parse_gold(spin(text, synonyms, rate, number, known)).source for number, text in sample]
            compare(
                f"thesaurus, {rate:.0%} of the words, 150+", judge, [t for t in texts if len(t.split()) >= 150], long
            )
    witnesses = [p.read_text(encoding="utf-8") for p in sorted((shared / "goldens" / "witnesses").glob("*/[67].txt"))]
    compare("witnesses of the keeping engine", judge, witnesses, long)


if __name__ == "__main__":
    main()
