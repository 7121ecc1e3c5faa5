"""What learning gains: from flat and from shipped weights, on a spinner that nobody has seen, and from aligned pairs.

    python benchmarks/learning.py flat shipped new-spinner pairs suggest --shared ../shared [--documents N] [--jobs N]

``flat`` and ``shipped`` learn from the unlabelled spun corpus and score the goldens. ``new-spinner`` invents an engine:
for a random half of its keys the thesaurus's other variants take the place of the table's; it spins clean documents,
of which some are for learning and others for scoring. ``pairs`` mines the aligned goldens. ``suggest`` hides a random
half of the lexicon's surfaces and looks for them. Everything is drawn with a fixed seed.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from normalizer import Normalizer
from normalizer.channel import Channel, Entry
from normalizer.evaluation.gold import parse_gold
from normalizer.evaluation.scoring import Score, score_text, total
from normalizer.language_model import load_model, shipped_model_path
from normalizer.learn.adapt import Request, adapt, work_folder
from normalizer.learn.discover import discover
from normalizer.learn.em import Round, Settings
from normalizer.learn.lexicon import Known
from normalizer.learn.overlay import write_overlay
from normalizer.learn.pairs import Articles, mine
from normalizer.learn.texts import Corpus
from normalizer.learn.weights import Prior
from normalizer.lexicon.numbers import read_values
from normalizer.resources import lexicon_path
from normalizer.surface import render
from normalizer.text.sentences import sentences
from normalizer.text.tokens import words

LEARN, ALIGNED, TEST = 200, 50, 40
"""Documents of the new spinner: for learning without labels, for aligned pairs, and for scoring."""


class Document(NamedTuple):
    """A clean document, its spun copy, and the copy in the gold format."""

    original: str
    copy: str
    gold: str


class Engine:
    """A spinner that knows the keys of a channel: longest key first, one variant for each key and document.

    For a share ``changed`` of the keys its variants are those of the thesaurus that the channel does not have.
    """

    def __init__(self, channel: Channel, thesaurus: Channel, changed: float, seed: int) -> None:
        self.random = random.Random(seed)
        self.variants: dict[str, dict[str, float]] = {}
        own = _inverted(channel)
        other = _inverted(thesaurus)
        for key, of in sorted(own.items()):
            entry = channel.get(key)
            if entry is None or entry.replaced < 0.5 or not _plain(key):
                continue
            fresh = {surface: 1.0 for surface in other.get(key, {}) if surface not in of and _plain(surface)}
            use = self.random.random() < changed and bool(fresh)
            chosen = fresh if use else {surface: weight for surface, weight in of.items() if _plain(surface)}
            if chosen:
                self.variants[key] = chosen
        self.longest = max(key.count(" ") + 1 for key in self.variants)

    def spin(self, text: str) -> Document:
        """Spin one document, keeping one occurrence in twenty."""
        drawn: dict[str, str] = {}
        copy: list[str] = []
        gold: list[str] = []
        done = 0
        for tokens in sentences(text):
            index = 0
            while index < len(tokens):
                size = next(
                    (n for n in range(min(self.longest, len(tokens) - index), 0, -1) if self._has(tokens, index, n)), 0
                )
                if not size or self.random.random() < 0.05:
                    index += max(size, 1)
                    continue
                key = " ".join(token.norm for token in tokens[index : index + size])
                if key not in drawn:
                    of = self.variants[key]
                    drawn[key] = self.random.choices(list(of), list(of.values()))[0]
                start, end = tokens[index].start, tokens[index + size - 1].end
                spun = render(drawn[key], tokens, index, index + size)
                copy += text[done:start], spun
                gold += text[done:start], f"[[{spun}->{text[start:end]}]]"
                done = end
                index += size
        return Document(text, "".join([*copy, text[done:]]), "".join([*gold, text[done:]]))

    def _has(self, tokens: Sequence[object], index: int, size: int) -> bool:
        return " ".join(token.norm for token in tokens[index : index + size]) in self.variants  # type: ignore[attr-defined]


def _inverted(channel: Channel) -> dict[str, dict[str, float]]:
    """Key -> surface -> P(surface | key)."""
    found: dict[str, dict[str, float]] = {}
    for surface in channel.surfaces():
        entry = channel.get(surface)
        for candidate in entry.candidates if entry is not None else ():
            if candidate.condition is None:
                found.setdefault(candidate.key, {})[surface] = candidate.probability
    return found


def _plain(phrase: str) -> bool:
    return all(part.replace("-", "").replace("'", "").isalpha() for part in phrase.split())


def shipped(name: str) -> Channel:
    return Channel([lexicon_path("en") / f"{name}.tsv"])


def clean_texts(shared: Path, count: int) -> list[str]:
    """Some clean documents of ordinary length, without marks of the gold format."""
    with lzma.open(shared / "corpora" / "clean.jsonl.xz", "rt", encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    usable = [text for text in texts if 1500 < len(text) < 8000 and "[[" not in text and "]]" not in text]
    return random.Random(5).sample(usable, count)


def score(golds: Iterable[str], lexicons: Sequence[Path] = ()) -> Score:
    normalizer = Normalizer(lexicons=lexicons)
    scores = []
    for text in golds:
        gold = parse_gold(text)
        scores.append(score_text(gold, normalizer.analyze(gold.source).restored))
    return total(scores)


def goldens(shared: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((shared / "goldens" / "spun").glob("*.gold.txt"))]


def show(name: str, result: Score) -> None:
    figures = f"P {result.precision:.3f} R {result.recall:.3f} F0.5 {result.f_half:.4f}"
    print(f"{name:50} {figures}", flush=True)


def tell(done: Round) -> None:
    figures = f"held out {done.held_out:.4f} nats a token, explained {done.explained:.3f}"
    print(f"  round {done.number}: {done.documents} documents, {figures}", flush=True)


def learn(
    corpus: Path, target: Path, options: argparse.Namespace, *, flat: bool = False, lexicon: Sequence[Path] = ()
) -> Path:
    """Learn weights and write the overlay."""
    started = time.time()
    request = Request(
        (str(corpus),), target, flat=flat, jobs=options.jobs, thesaurus=not options.no_thesaurus, lexicon=tuple(lexicon)
    )
    settings = Settings(rounds=options.rounds, prior=Prior(variants=options.prior))
    learnt = adapt(request, settings, tell)
    lines = write_overlay(target, learnt.changed)
    work_folder(target).remove()
    if learnt.gain is not None:
        print(f"  held-out gain {learnt.gain.mean:.4f} nats a token, standard error {learnt.gain.error:.4f}")
    print(f"  {lines} lines, {time.time() - started:.0f} s", flush=True)
    return target


def spun_corpus(options: argparse.Namespace, folder: Path) -> Path:
    source = options.shared / "corpora" / "spun-unlabelled.jsonl.xz"
    if not options.documents:
        return Path(source)
    target = folder / "spun.jsonl"
    with lzma.open(source, "rt", encoding="utf-8") as stream:
        lines = stream.readlines()
    target.write_text("".join(random.Random(3).sample(lines, options.documents)), encoding="utf-8")
    return target


def from_flat(options: argparse.Namespace, folder: Path) -> None:
    show("goldens/spun, shipped weights", score(goldens(options.shared)))
    target = learn(spun_corpus(options, folder), folder / "flat.tsv", options, flat=True)
    show("goldens/spun, learnt from flat weights", score(goldens(options.shared), [target]))


def from_shipped(options: argparse.Namespace, folder: Path) -> None:
    show("goldens/spun, shipped weights", score(goldens(options.shared)))
    target = learn(spun_corpus(options, folder), folder / "shipped.tsv", options)
    show("goldens/spun, learnt from shipped weights", score(goldens(options.shared), [target]))


def new_spinner(options: argparse.Namespace, folder: Path) -> None:
    channel, thesaurus = shipped("channel"), shipped("thesaurus")
    texts = clean_texts(options.shared, LEARN + ALIGNED + TEST)
    old, new = Engine(channel, thesaurus, 0.0, 1), Engine(channel, thesaurus, 0.5, 1)
    learning, aligned, test = texts[:LEARN], texts[LEARN : LEARN + ALIGNED], texts[LEARN + ALIGNED :]
    before = score(old.spin(text).gold for text in test)
    show("spinner with the table's variants, shipped", before)
    golds = [new.spin(text).gold for text in test]
    lost = score(golds)
    show("new spinner, shipped", lost)
    loss = before.f_half - lost.f_half

    corpus = folder / "new.jsonl"
    corpus.write_text("".join(json.dumps({"text": new.spin(text).copy}) + "\n" for text in learning), encoding="utf-8")
    overlay = learn(corpus, folder / "new.tsv", options)
    after = score(golds, [overlay])
    show(f"new spinner, {LEARN} unlabelled documents", after)
    print(f"  recovered {(after.f_half - lost.f_half) / loss:.0%} of {loss:.3f}", flush=True)

    from normalizer.learn.aligned import overlay_entries

    articles = [Articles(str(n), doc.original, doc.copy) for n, doc in enumerate(map(new.spin, aligned))]
    entries = overlay_entries(articles, channel)
    target = folder / "aligned.tsv"
    write_overlay(target, entries)
    after = score(golds, [target])
    show(f"new spinner, {ALIGNED} aligned pairs", after)
    print(f"  recovered {(after.f_half - lost.f_half) / loss:.0%} of {loss:.3f}", flush=True)


def mined_pairs(options: argparse.Namespace, folder: Path) -> None:
    slots: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    every: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    articles = []
    for path in sorted((options.shared / "goldens" / "spun").glob("*.gold.txt")):
        gold = parse_gold(path.read_text(encoding="utf-8"))
        clean = options.shared / "goldens" / "clean" / path.name.replace(".gold.txt", ".txt")
        articles.append(Articles(path.name, clean.read_text(encoding="utf-8"), gold.source))
        for alternatives, garbled in _slots(gold.text):
            pairs = [core(words(right), words(garbled.strip("{}"))) for right in alternatives]
            slots[pairs[0]] += 1
            every.update(pairs)
    known = Known((shipped("channel"), shipped("thesaurus")))
    mined = mine(articles, read_values(lexicon_path("en/number-words.tsv")), known.word, known)
    found = {core(words(p.canonical), words(p.variant)) for p in mined.proposals}
    wanted = {pair for pair, count in slots.items() if count >= 2 and any(pair)}
    print(f"pairs: {len(found)} mined, precision {len(found & every) / len(found):.3f}")
    print(f"pairs: {len(wanted)} slots seen twice or more, recall {len(found & wanted) / len(wanted):.3f}")


def _slots(text: str) -> Iterator[tuple[list[str], str]]:
    gold = parse_gold(text)
    for slot in gold.slots:
        marked = text[slot.gold_start + 2 : slot.gold_end - 2]
        garbled, _, right = marked.replace("~>", "->").partition("->")
        yield right.split("|"), garbled


def core(canonical: Sequence[str], variant: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A pair without the words, and the possessive ending, that both sides share at their ends."""
    a, b = list(canonical), list(variant)
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    if a and b and a[-1].endswith("'s") and b[-1].endswith("'s"):
        a[-1], b[-1] = a[-1][:-2], b[-1][:-2]
    return tuple(a), tuple(b)


class Half(Channel):
    """The channel without a random half of its surfaces."""

    def __init__(self, channel: Channel, seed: int) -> None:
        draw = random.Random(seed)
        super().__init__(channel.paths)
        self.hidden = {surface for surface in sorted(channel.surfaces()) if draw.random() < 0.5}

    def get(self, surface: str) -> Entry | None:
        return None if surface in self.hidden else super().get(surface)


def suggested(options: argparse.Namespace, folder: Path) -> None:
    channel = shipped("channel")
    corpus = Corpus([str(spun_corpus(options, folder))])
    found = discover(corpus, None, Half(channel, 0), shipped("thesaurus"), load_model(shipped_model_path()))
    for least in (0.5, 0.7, 0.9):
        known = [(p, channel.get(p.variant)) for p in found.proposals if p.confidence >= least]
        judged = [(p, entry) for p, entry in known if entry is not None and entry.candidates]
        right = sum(any(c.key == p.canonical for c in entry.candidates) for p, entry in judged)
        print(f"suggest: confidence {least}: {len(known)} proposals, {len(judged)} in the lexicon, {right} right there")


BARS = {
    "flat": from_flat,
    "shipped": from_shipped,
    "new-spinner": new_spinner,
    "pairs": mined_pairs,
    "suggest": suggested,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bars", nargs="+", choices=BARS)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--documents", type=int, default=0, help="A sample of the spun corpus; 0: all of it.")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--prior", type=float, default=8.0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--no-thesaurus", action="store_true")
    parser.add_argument("--keep", type=Path, help="A folder to write overlays to, to look at them.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for bar in options.bars:
            BARS[bar](options, folder)


if __name__ == "__main__":
    main()
