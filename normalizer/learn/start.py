"""Where learning starts: the pairs that are considered, with their prior weights.

From the shipped channel, or one's own lexicon, little data changes little. From the tables with equal weights, the text
says everything. Either may be widened by pairs of the thesaurus, for engines whose variants no table has: those of
surfaces that are far commoner in the spun text than in clean text, for keys that the channel knows or that vanish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from normalizer.channel import Channel
from normalizer.language_model import LanguageModel
from normalizer.learn.vanishing import Tally, seed_replaced
from normalizer.lexicon.inflection import expand
from normalizer.lexicon.merging import Marks, fewest_capitals, frequency, marks_of, normal
from normalizer.lexicon.table import Row

OTHERS = ""
"""The surface that stands for all variants that a channel left out as too rare."""

Table = dict[str, dict[str, float]]
"""Canonical -> surface -> weight."""


@dataclass(frozen=True)
class Start:
    """``table``: the pairs with their weights; ``replaced``: P(key replaced), also the prior that an engine has a key;
    ``base``: the channel that is learned upon, None when nothing of it counts.
    """

    table: Table
    replaced: Mapping[str, float]
    marks: Marks = field(default_factory=dict)
    base: Channel | None = None

    @property
    def keys(self) -> frozenset[str]:
        """All keys, normalised."""
        return frozenset(map(normal, self.table))


def from_channel(channel: Channel) -> Start:
    """Start from the weights of a channel."""
    texts: dict[str, str] = {}
    weights: dict[str, dict[str, float]] = {}
    replaced: dict[str, float] = {}
    marks: dict[tuple[str, str], list[tuple[object, object]]] = {}
    for surface in channel.surfaces():
        entry = channel.get(surface)
        if entry is None:
            continue
        if entry.replaced > 0.0:
            replaced[surface] = entry.replaced
        for candidate in entry.candidates:
            key = candidate.key
            texts[key] = min(texts.get(key, candidate.text), candidate.text, key=fewest_capitals)
            weights.setdefault(key, {})[surface] = candidate.probability
            if candidate.tier != "spun" or candidate.condition is not None:
                marks.setdefault((key, surface), []).append((candidate.tier, candidate.condition))
    for key, of in weights.items():
        explained = sum(of.values())
        replaced.setdefault(key, min(0.97, explained))
        of[OTHERS] = max(0.0, replaced[key] - explained)
    table = {texts[key]: of for key, of in weights.items()}
    return Start(table, replaced, {pair: tuple(found) for pair, found in marks.items()}, channel)  # type: ignore[misc]


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
    """Set P(key replaced) by how much rarer the keys are in the spun text than in clean text."""
    prior = start.replaced or None
    return replace(start, replaced={**start.replaced, **seed_replaced(clean, spun, start.keys, prior)})


def clean_frequencies(surfaces: Iterable[str], model: LanguageModel) -> dict[str, float]:
    """The share of all tokens that each surface makes up in clean text, by the language model."""
    return {surface: frequency(surface, model) for surface in surfaces}


SURGE = 3.0
"""How many times commoner than in clean text a surface must be to be considered for pairs that no table has."""

_FEWEST = 3
"""In how many documents it must stand."""

_SHARE = 0.02
"""The weight of such a pair, of a canonical's whole weight."""


def widened(start: Start, thesaurus: Channel, spun: Tally, clean: Mapping[str, float]) -> Start:
    """Add pairs of the thesaurus: of surging surfaces, for keys that an engine is likely to have."""
    texts = {normal(canonical): canonical for canonical in start.table}
    table = {canonical: dict(of) for canonical, of in start.table.items()}
    replaced = dict(start.replaced)
    unknown = thesaurus_keys(thesaurus) - replaced.keys()
    seeds = seed_replaced(clean, spun, unknown, dict.fromkeys(unknown, 0.1))
    for surface in thesaurus.surfaces():
        count = spun.counts[surface]
        if spun.documents[surface] < _FEWEST or count < SURGE * (clean.get(surface, 0.0) * spun.tokens + 1.0):
            continue
        entry = thesaurus.get(surface)
        for candidate in entry.candidates if entry is not None else ():
            key = candidate.key
            rate = replaced.get(key, seeds.get(key, 0.0))
            if key == surface or rate < 0.5:
                continue
            replaced.setdefault(key, rate)
            of = table.setdefault(texts.setdefault(key, candidate.text), {})
            of.setdefault(surface, _SHARE * (sum(of.values()) or 1.0))
    return replace(start, table=table, replaced=replaced)


def thesaurus_keys(thesaurus: Channel) -> set[str]:
    """The canonicals of a thesaurus, normalised."""
    entries = (thesaurus.get(surface) for surface in thesaurus.surfaces())
    return {candidate.key for entry in entries if entry is not None for candidate in entry.candidates}
