"""Learning channel weights from a stream of spun text, in rounds; interrupted, it goes on where it stopped.

First the corpus is read once: every document is judged, and words are counted that vanish or surge. Then every round
decodes the spun documents with the weights so far and estimates them anew. The first rounds read a sample, the last
ones everything. Some documents are held out to watch convergence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import NamedTuple, TypeVar

from normalizer.channel import Channel, Entry, format_line
from normalizer.decoder import Decoder
from normalizer.decoder import Settings as DecoderSettings
from normalizer.errors import InputError
from normalizer.language_model import LanguageModel, load_model
from normalizer.learn.counting import Counts, add_counts, expected_counts, mixed, no_counts
from normalizer.learn.gain import Compare, Gain, gain, supported
from normalizer.learn.overlay import write_overlay
from normalizer.learn.progress import bar
from normalizer.learn.start import Start, clean_frequencies, seeded, thesaurus_keys, weighed, widened
from normalizer.learn.state import Prepared, State, StateFolder
from normalizer.learn.texts import Corpus, required
from normalizer.learn.vanishing import Tally, Wanted, add_tallies, tally
from normalizer.learn.weights import ChannelSettings, Estimate, Prior, channel_entries, reestimate
from normalizer.lexicon.numbers import read_numbers
from normalizer.parallel import ordered_map
from normalizer.pipeline import Normalizer

T = TypeVar("T")
R = TypeVar("R")

BATCH = 32
"""Documents that a worker gets at a time."""

SAVE_EVERY = 20.0
"""Seconds between two saves of what was counted: what an interruption costs at most."""


class Settings(NamedTuple):
    """``rounds`` of estimation, of which all but the last ``whole`` read a ``sample`` of documents, chosen by ``seed``.
    The counts of the last ``averaged`` ones are averaged, since the weights of rival pairs swing from round to round.

    ``prior``: strength of the priors. ``least_share``: see ``ChannelSettings``. ``held_out``: every so manieth document
    is held out, at most ``most_held_out``. ``least_spun``: documents with a smaller probability of being spun are left
    out, and a corpus of which a smaller ``least_share_spun`` is spun is refused. ``seed_keys``: whether vanishing words
    set P(key replaced) at the start, when it is not that of a channel. ``assume_spun``: take every document as spun.
    """

    rounds: int = 4
    whole: int = 2
    averaged: int = 1
    sample: int = 400
    seed: int = 0
    prior: Prior = Prior(variants=8.0)
    least_share: float = 0.01
    held_out: int = 20
    most_held_out: int = 100
    least_spun: float = 0.5
    least_share_spun: float = 0.3
    seed_keys: bool = True
    assume_spun: bool = False


class Round(NamedTuple):
    """How a round went: documents and tokens that were counted; of the held-out documents (of those that were counted,
    when there are too few to hold any out) log-likelihood (nats) per token and the share of tokens that is explained as
    substitutions, both with the weights that the round began with.
    """

    number: int
    documents: int
    tokens: int
    held_out: float
    explained: float


@dataclass
class Learnt:
    """The result: the channel's entries, those that changed, what they were made from, and how each round went.

    ``gain`` is that of held-out documents over the channel that was learned upon; when it may be chance, nothing
    counts as changed.
    """

    entries: list[Entry]
    changed: list[Entry]
    estimate: Estimate
    counts: Counts
    rounds: list[Round] = field(default_factory=list)
    documents: int = 0
    spun: int = 0
    gain: Gain | None = None


@dataclass(frozen=True)
class Tools:
    """What learning works with: the files of the language model and of number spellings, the judge's normalizer."""

    model: Path
    numbers: Path
    jobs: int = 1
    quiet: bool = True


@dataclass
class Learner:
    """Learns weights from ``corpus``. ``start`` makes the starting point of what was counted at first.

    ``thesaurus`` offers pairs that the start does not have. ``clean`` says how often words occur in clean text of the
    same kind, instead of the language model. What is finished is kept in ``folder``. ``observe`` is
    called after every round. Raises ``InputError`` when there is no text, or it is not spun.
    """

    corpus: Corpus
    start: Start
    tools: Tools
    folder: StateFolder
    settings: Settings = field(default_factory=Settings)
    thesaurus: Channel | None = None
    clean: Corpus | None = None
    observe: Callable[[Round], None] = lambda done: None

    def run(self) -> Learnt:
        """Learn; what an earlier, interrupted run has finished is not done again."""
        model = load_model(self.tools.model)
        state = self.folder.load()
        if state is None or state.prepared is None:
            state = State(prepared=self._prepare())
            self.folder.save(state)
        prepared = state.prepared
        assert prepared is not None
        clean = prepared.clean or clean_frequencies(prepared.tally.counts.keys() | self.start.keys, model)
        fresh = self.start.base is None  # a channel that was learnt knows better which keys an engine has
        start = seeded(self.start, prepared.tally, clean) if fresh and self.settings.seed_keys else self.start
        if self.thesaurus is not None:
            start = widened(start, self.thesaurus, prepared.tally, clean)
        state = self._rounds(state, start, prepared, model)
        counts = state.last
        assert counts is not None
        estimate = self._estimate(start, counts)
        final = ChannelSettings(least_share=self.settings.least_share)
        entries = list(channel_entries(estimate, counts, model, start.marks, start.base, final))
        moved, better = entries, None
        if start.base is not None:
            moved = list(supported(entries, start.base, counts))
            better = self._gain(start.base, moved, held_out_numbers(prepared.spun, self.settings))
            if not better.beyond_chance:
                moved = []
        rounds = [Round(*done) for done in state.rounds]
        return Learnt(entries, moved, estimate, counts, rounds, len(prepared.spun), sum(prepared.spun), better)

    def _gain(self, base: Channel, moved: Sequence[Entry], held_out: set[int]) -> Gain:
        """What the held-out documents gain by ``moved`` over ``base``."""
        new = base.extended({entry.surface: format_line(entry) for entry in moved})
        both = Compare(_decoder(base, self.tools), _decoder(new, self.tools))
        texts = (text for index, text in enumerate(self._texts()) if index in held_out)
        return gain([one for found in mapped(both, batched(texts), self.tools.jobs) for one in found])

    def _estimate(self, start: Start, counts: Counts) -> Estimate:
        return reestimate(weighed(start, counts), counts, self.settings.prior, start.replaced)

    def _prepare(self) -> Prepared:
        """Judge every document and count surfaces in the spun ones. Raises ``InputError`` when too few are spun."""
        surfaces = set(self.start.keys)
        if self.thesaurus is not None:
            surfaces |= set(self.thesaurus.surfaces()) | thesaurus_keys(self.thesaurus)
        settings = self.settings
        least = 0.0 if settings.assume_spun else settings.least_spun
        judge = Judge(Normalizer(), Wanted(surfaces), least)
        spun: list[bool] = []
        tallies: list[Tally] = []
        batches = batched(self._texts())
        with bar(self.corpus.size, "judging", quiet=self.tools.quiet) as advance:
            for flags, found in mapped(judge, batches, self.tools.jobs):
                spun += flags
                tallies = [add_tallies([*tallies, found])]
                advance(self.corpus.consumed, f"{len(spun):,} documents, {sum(spun):,} spun")
                check_spun(spun, settings.least_share_spun, last=False)
        check_spun(spun, settings.least_share_spun, last=True)
        return Prepared(spun, tallies[0], self._clean_shares(surfaces))

    def _clean_shares(self, surfaces: set[str]) -> dict[str, float]:
        """The share of all tokens that each surface makes up in the clean corpus; empty without one."""
        if self.clean is None:
            return {}
        found = tally((text.text for text in required(self.clean, self.clean)), Wanted(surfaces))
        return {surface: found.counts[surface] / found.tokens for surface in sorted(surfaces)}

    def _rounds(self, state: State, start: Start, prepared: Prepared, model: LanguageModel) -> State:
        settings = self.settings
        held_out = held_out_numbers(prepared.spun, settings)
        counted = [number for number, spun in enumerate(prepared.spun) if spun and number not in held_out]
        some = set(random.Random(settings.seed).sample(counted, min(settings.sample, len(counted))))
        for number in range(len(state.rounds) + 1, settings.rounds + 1):
            whole = number > settings.rounds - settings.whole
            estimate = self._estimate(start, state.last) if state.last is not None else _first(start)
            least = settings.least_share / 4 if number == settings.rounds and number > 1 else 0.0
            channel = self.folder.path / "channel.tsv"
            entries = channel_entries(
                estimate, state.last, model, start.marks, start.base, ChannelSettings(least_share=least)
            )
            write_overlay(channel, entries)
            decode = BatchDecoder(_decoder(Channel([channel]), self.tools))
            wanted = set(counted) if whole else some
            counts, watched = self._count(state, decode, wanted, held_out, number)
            shown = watched if watched.tokens else counts
            explained = shown.explained / max(shown.tokens, 1)
            done = Round(number, len(wanted), counts.tokens, shown.per_token, explained)
            nth = number - (settings.rounds - settings.averaged)
            if nth > 1 and state.last is not None:
                counts = mixed(state.last, counts, 1.0 / nth)
            state = State(prepared, [*state.rounds, tuple(done)], counts)
            self.folder.save(state)
            self.observe(done)
        return state

    def _count(
        self,
        state: State,
        decode: BatchDecoder,
        wanted: set[int],
        held_out: set[int],
        number: int,
    ) -> tuple[Counts, Counts]:
        """The E-step of a round: counts of the ``wanted`` documents, and of those held out."""
        done, counts, watched = state.partial or (0, no_counts(), no_counts())
        chosen = (
            (index in held_out, text)
            for index, text in enumerate(self._texts())
            if index in wanted or index in held_out
        )
        total = len(wanted) + len(held_out)
        saved = monotonic()
        with bar(total, f"round {number} of {self.settings.rounds}", quiet=self.tools.quiet) as advance:
            for size, here, there in mapped(decode, batched(islice(chosen, done, None)), self.tools.jobs):
                done += size
                counts, watched = add_counts([counts, here]), add_counts([watched, there])
                advance(done, f"{counts.per_token:.3f} nats a token")
                if monotonic() - saved > SAVE_EVERY:
                    self.folder.save(State(state.prepared, state.rounds, state.last, (done, counts, watched)))
                    saved = monotonic()
        return counts, watched

    def _texts(self) -> Iterator[str]:
        return (text.text for text in required(self.corpus, self.corpus))


def _decoder(channel: Channel, tools: Tools) -> Decoder:
    settings = DecoderSettings(rounds=0, beam=8, threshold=6.0)
    return Decoder(channel, load_model(tools.model), read_numbers(tools.numbers), settings)


def _first(start: Start) -> Estimate:
    """The estimate before anything was counted."""
    variants = {}
    for canonical, of in weighed(start, None).items():
        total = sum(of.values())
        variants[canonical] = {surface: weight / total for surface, weight in of.items()}
    return Estimate(variants, dict(start.replaced))


def held_out_numbers(spun: Sequence[bool], settings: Settings) -> set[int]:
    """The documents that are held out: some of the spun ones, but no more than a tenth."""
    numbers = [number for number, flag in enumerate(spun) if flag]
    most = min(settings.most_held_out, len(numbers) // 10)
    return set(numbers[settings.held_out // 2 :: settings.held_out][:most])


CHECKED = 200
"""After so many documents a corpus that is not spun is refused; the whole is not read first."""


def check_spun(spun: Sequence[bool], least: float, *, last: bool) -> None:
    """Raise ``InputError`` when too few of the documents are spun."""
    if (last or len(spun) >= CHECKED) and sum(spun) < least * len(spun):
        raise InputError(
            f"only {sum(spun)} of {len(spun)} documents look spun; weights are learnt from spun text. Name spun "
            "documents only, or say that these are with --assume spun"
        )


def batched(items: Iterable[T]) -> Iterator[list[T]]:
    """Lists of ``BATCH`` items."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def mapped(function: Callable[[T], R], batches: Iterable[T], jobs: int) -> Iterator[R]:
    """``map`` in ``jobs`` processes, or in this one."""
    return map(function, batches) if jobs <= 1 else ordered_map(function, batches, jobs)


@dataclass(frozen=True)
class Judge:
    """Judges batches of texts, and counts surfaces in those that are spun with a probability of ``least`` or more."""

    normalizer: Normalizer
    wanted: Wanted
    least: float

    def __call__(self, texts: Sequence[str]) -> tuple[list[bool], Tally]:
        """Whether each text is spun, and the tally of those that are."""
        detect = self.normalizer.detect
        flags = [self.least <= 0.0 or detect(text).spun_probability >= self.least for text in texts]
        return flags, tally((text for text, spun in zip(texts, flags, strict=True) if spun), self.wanted)


@dataclass(frozen=True)
class BatchDecoder:
    """Decodes batches; picklable, a worker loads the files once."""

    decoder: Decoder

    def __call__(self, batch: Sequence[tuple[bool, str]]) -> tuple[int, Counts, Counts]:
        """The size of a batch, the expected counts of its texts, and those of the texts that are held out."""
        counts, watched = (
            expected_counts(self.decoder, (text for held_out, text in batch if held_out == kind))
            for kind in (False, True)
        )
        return len(batch), counts, watched
