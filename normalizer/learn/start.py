"""Where learning starts: the pairs that are considered, with their prior weights.

From the shipped channel, or one's own lexicon, little data changes little. From the tables with equal weights, the text
says everything. Either may be widened by pairs of a thesaurus, for engines whose variants no table has. How much such
pairs weigh, against those that are known, is learnt from the text as well: for most engines next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from normalizer.channel import Channel
from normalizer.language_model import LanguageModel
from normalizer.learn.counting import Counts
from normalizer.learn.keys import frequency, normal
from normalizer.learn.vanishing import Tally, seed_replaced
from normalizer.lexicon.inflection import expand
from normalizer.lexicon.merging import Marks, fewest_capitals, marks_of
from normalizer.lexicon.table import Condition, Row, Tier

UNKNOWN = 0.5
"""P(key replaced) where nothing is known."""

OTHERS = ""
"""The surface that stands for all variants that a channel left out as too rare."""

Table = dict[str, dict[str, float]]
"""Canonical -> surface -> weight."""


@dataclass(frozen=True)
class Start:
    """``table``: the pairs with their weights; ``replaced``: P(key replaced), also the prior that an engine has a key;
    ``base``: the channel that is learned upon, None when nothing of it counts; ``extra``: surfaces that a thesaurus
    offers besides, by canonical.
    """

    table: Table
    replaced: Mapping[str, float]
    marks: Marks = field(default_factory=dict)
    base: Channel | None = None
    extra: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """All keys, normalised."""
        return frozenset(map(normal, self.table))


def from_channel(channel: Channel) -> Start:
    """Start from the weights of a channel."""
    texts: dict[str, str] = {}
    weights: dict[str, dict[str, float]] = {}
    replaced: dict[str, float] = {}
    marks: dict[tuple[str, str], list[tuple[Tier, Condition | None]]] = {}
    for surface in channel.surfaces():
        entry = channel.get(surface)
        if entry is None:
            continue
        if entry.replaced > 0.0:
            replaced[surface] = entry.replaced
        for candidate in entry.candidates:
            key = candidate.key
            text = texts.get(key)
            if text != candidate.text:
                texts[key] = candidate.text if text is None else min(text, candidate.text, key=fewest_capitals)
            weights.setdefault(key, {})[surface] = candidate.probability
            if candidate.tier != "spun" or candidate.condition is not None:
                marks.setdefault((key, surface), []).append((candidate.tier, candidate.condition))
    for key, of in weights.items():
        explained = sum(of.values())
        replaced.setdefault(key, min(0.97, explained))
        of[OTHERS] = max(0.0, replaced[key] - explained)
    table = {texts[key]: of for key, of in weights.items()}
    return Start(table, replaced, {pair: tuple(found) for pair, found in marks.items()}, channel)


def from_rows(rows: Iterable[Row], *, equal: bool) -> Start:
    """Start from tables: their own weights, or with ``equal`` the same for all variants of an entry."""
    pairs = [pair for row in rows for pair in expand(row)]
    table: Table = {}
    for pair in pairs:
        of = table.setdefault(pair.canonical, {})
        surface = normal(pair.variant)
        of[surface] = 1.0 if equal else max(of.get(surface, 0.0), pair.weight)
    return Start(table, {}, marks_of(pairs))


def seeded(start: Start, spun: Tally, clean: Mapping[str, float]) -> Start:
    """Set P(key replaced) by how much rarer the keys are in the spun text than in clean text.

    A key that is also a variant of something may be common for that reason: it says nothing that it does not vanish.
    """
    prior = start.replaced or None
    guess = seed_replaced(clean, spun, start.keys, prior)
    variants = {surface for of in start.table.values() for surface in of}
    for key in guess.keys() & variants:
        before = start.replaced.get(key, UNKNOWN)
        guess[key] = max(guess[key], before)
    return replace(start, replaced={**start.replaced, **guess})


def clean_frequencies(surfaces: Iterable[str], model: LanguageModel) -> dict[str, float]:
    """The share of all tokens that each surface makes up in clean text, by the language model."""
    return {surface: frequency(surface, model) for surface in surfaces}


START_SHARE = 0.1
"""What the pairs of the thesaurus weigh at first, of all that an engine writes for a key."""

LEAST_SHARE = 0.15
"""A smaller share of them is noise: the engine has no such variants, and they are left out."""


def widened(
    start: Start, thesaurus: Channel, spun: Tally | None = None, clean: Mapping[str, float] | None = None
) -> Start:
    """Offer the pairs of a thesaurus as well, for keys that an engine is likely to have.

    Keys that the start does not know are likely when they vanish from ``spun`` compared with ``clean``.
    """
    texts = {normal(canonical): canonical for canonical in start.table}
    table = {canonical: dict(of) for canonical, of in start.table.items()}
    replaced = dict(start.replaced)
    seeds: Mapping[str, float] = {}
    if spun is not None and clean is not None:
        unknown = thesaurus_keys(thesaurus) - replaced.keys()
        seeds = seed_replaced(clean, spun, unknown, dict.fromkeys(unknown, 0.1))
    extra: dict[str, set[str]] = {}
    for surface in thesaurus.surfaces():
        entry = thesaurus.get(surface)
        for candidate in entry.candidates if entry is not None else ():
            key = candidate.key
            rate = replaced.get(key, seeds.get(key, 0.0))
            if key == surface or rate < 0.5:
                continue
            canonical = texts.setdefault(key, candidate.text)
            if surface not in table.setdefault(canonical, {}):
                replaced.setdefault(key, rate)
                extra.setdefault(canonical, set()).add(surface)
    return replace(start, table=table, replaced=replaced, extra={c: frozenset(of) for c, of in extra.items()})


def weighed(start: Start, counts: Counts | None) -> Table:
    """The table with the pairs of the thesaurus, as much as ``counts`` say that they weigh."""
    share = START_SHARE if counts is None else extra_share(start, counts)
    trusted = share if share >= LEAST_SHARE or counts is None else 0.0
    table = {}
    for canonical, of in start.table.items():
        extra = start.extra.get(canonical, frozenset())
        total = sum(of.values())
        own = (1.0 - trusted if extra else 1.0) / (total or 1.0)
        weights = {surface: weight * own for surface, weight in of.items()}
        even = (trusted if total else float(trusted > 0.0)) / max(len(extra), 1)
        if even > 0.0:
            weights.update(dict.fromkeys(extra, even))
        table[canonical] = weights
    return {canonical: weights for canonical, weights in table.items() if weights}


def extra_share(start: Start, counts: Counts) -> float:
    """What share of the substitutions, of keys that the thesaurus has other variants for, are the thesaurus's."""
    own = others = 0.0
    for canonical, extra in start.extra.items():
        key = normal(canonical)
        own += sum(counts.drawn.get((key, surface), 0.0) for surface in start.table[canonical])
        others += sum(counts.drawn.get((key, surface), 0.0) for surface in extra)
    return others / (own + others) if own + others else 0.0


def thesaurus_keys(thesaurus: Channel) -> set[str]:
    """The canonicals of a thesaurus, normalised."""
    entries = (thesaurus.get(surface) for surface in thesaurus.surfaces())
    return {candidate.key for entry in entries if entry is not None for candidate in entry.candidates}
