"""From corpora to suggestions: reads the spun text twice, and the clean text, if there is any, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from normalizer.channel import Channel
from normalizer.files import write_text
from normalizer.language_model import LanguageModel
from normalizer.learn.contrast import Contrast, ContrastSettings, Vocabulary, candidates, surging, vanishing
from normalizer.learn.em import check_spun
from normalizer.learn.progress import bar
from normalizer.learn.proposals import Proposal
from normalizer.learn.start import clean_frequencies
from normalizer.learn.suggestions import Places, SuggestSettings, suggest
from normalizer.learn.texts import Corpus, required
from normalizer.pipeline import Normalizer

COMMONEST = 20_000
"""So many of the commonest English words (wordfreq) may vanish, if no clean corpus says which words there are."""


@dataclass
class Discovery:
    """What was found: proposals, the words behind them, and how many documents were read and are spun."""

    proposals: list[Proposal]
    surges: list[Contrast]
    vanished: list[Contrast]
    documents: int
    spun: int


def discover(
    corpus: Corpus,
    clean: Corpus | None,
    known: Channel,
    thesaurus: Channel,
    model: LanguageModel,
    *,
    assume_spun: bool = False,
    contrasts: ContrastSettings = ContrastSettings(),  # noqa: B008 - immutable
    settings: SuggestSettings = SuggestSettings(),  # noqa: B008 - immutable
    quiet: bool = True,
) -> Discovery:
    """Find new pairs. Raises ``InputError`` when there is no text, or it is not spun."""
    flags: list[bool] = []
    spun = Vocabulary()
    for found in _spun(corpus, flags, assume_spun, quiet):
        spun.add(found)
    frequencies = _frequencies(spun, clean, contrasts, model, quiet)
    surges = surging(spun, {s: frequencies[s] for s in candidates(spun, contrasts) if s in frequencies}, contrasts)
    common = {word: share for word, share in frequencies.items() if " " not in word}
    vanished = vanishing(spun, common, contrasts)
    places = Places(frozenset(one.surface for one in surges), settings.places)
    with bar(corpus.size, "looking at contexts", quiet=quiet) as advance:
        for flag, text in zip(flags, required(corpus, corpus), strict=True):
            if flag:
                places.add(text.text)
            advance(corpus.consumed, "")
    proposals = suggest(surges, vanished, places.found, thesaurus, model, known, settings)
    return Discovery(proposals, surges, vanished, len(flags), sum(flags))


def _spun(corpus: Corpus, flags: list[bool], assume_spun: bool, quiet: bool) -> Iterator[str]:
    """The spun texts; ``flags`` collects for each document whether it is one."""
    detect = Normalizer().detect
    with bar(corpus.size, "counting", quiet=quiet) as advance:
        for text in required(corpus, corpus):
            flags.append(assume_spun or detect(text.text).spun_probability >= 0.5)
            if flags[-1]:
                yield text.text
            check_spun(flags, 0.3, last=False)
            advance(corpus.consumed, f"{len(flags):,} documents, {sum(flags):,} spun")
    check_spun(flags, 0.3, last=True)


def _frequencies(
    spun: Vocabulary, clean: Corpus | None, contrasts: ContrastSettings, model: LanguageModel, quiet: bool
) -> dict[str, float]:
    """The share of all tokens of clean text that surfaces make up: from a clean corpus, or by model and wordfreq."""
    wanted = set(candidates(spun, contrasts))
    if clean is None:
        from wordfreq import top_n_list

        wanted |= {word for word in top_n_list("en", COMMONEST) if word.isalpha() and word in model}
        return {s: f for s, f in clean_frequencies(wanted, model).items() if all(word in model for word in s.split())}
    vocabulary = Vocabulary()
    with bar(clean.size, "clean text", quiet=quiet) as advance:
        for text in required(clean, clean):
            vocabulary.add(text.text)
            advance(clean.consumed, "")
    counts = vocabulary.words + vocabulary.bigrams
    least = 0.5
    shares = {surface: max(counts[surface], least) / vocabulary.tokens for surface in wanted}
    shares.update({word: count / vocabulary.tokens for word, count in vocabulary.words.items() if count > 4})
    return shares


def write_words(path: Path, found: Discovery) -> None:
    """Write the words that vanish and surge, as a table. Raises ``InputError`` when it cannot be written."""
    lines = ["# word\tkind\tcount\tdocuments\texpected\tratio\tz"]
    for kind, contrasts in (("vanishes", found.vanished), ("surges", found.surges)):
        lines += [
            f"{one.surface}\t{kind}\t{one.places}\t{one.documents}\t{one.expected:.1f}\t{one.ratio:.3g}\t{one.z:.1f}"
            for one in contrasts
        ]
    write_text(path, "\n".join([*lines, ""]))
