"""Weights from aligned articles: what was mined is counted, so nothing has to be guessed.

Counts of (canonical, variant) and of canonicals left alone go through the same M-step as the expected counts of
unlabelled text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from normalizer.channel import Channel, Entry
from normalizer.language_model import LanguageModel, shipped_model_path
from normalizer.learn.counting import Counts
from normalizer.learn.lexicon import Known
from normalizer.learn.overlay import changed
from normalizer.learn.pairs import Articles, Mined, mine
from normalizer.learn.proposals import Proposal
from normalizer.learn.start import Start, from_channel, weighed, widened
from normalizer.learn.weights import ChannelSettings, Prior, channel_entries, reestimate
from normalizer.lexicon.merging import normal
from normalizer.lexicon.numbers import read_values
from normalizer.resources import lexicon_path

PRIOR = Prior(variants=2.0, replaced=4.0)
"""Aligned places are certain, so that few of them outweigh what was known."""


def overlay_entries(articles: Sequence[Articles], base: Channel) -> list[Entry]:
    """The channel lines of ``base`` that aligned articles change."""
    known = Known((base, Channel([lexicon_path("en/thesaurus.tsv")])))
    numbers = read_values(lexicon_path("en/number-words.tsv"))
    mined = mine(articles, numbers, known.word, known)
    return from_mined(mined, base)


def from_mined(mined: Mined, base: Channel) -> list[Entry]:
    """The channel lines of ``base`` that mined pairs change; rare ones count as well."""
    return from_proposals([*mined.proposals, *mined.rare], base, mined.tokens)


def from_proposals(
    proposals: Iterable[Proposal], base: Channel, tokens: int, least_confidence: float = 0.6
) -> list[Entry]:
    """The channel lines of ``base`` that mined pairs change; ``tokens`` of spun text were mined."""
    start = widened(from_channel(base), Channel([lexicon_path("en/thesaurus.tsv")]))
    found = [p for p in proposals if p.confidence >= least_confidence]
    drawn = {(normal(p.canonical), normal(p.variant)): float(p.count) for p in found}
    counts = Counts(
        drawn,
        {normal(p.canonical): float(p.kept) for p in found},
        {},
        tokens,
        0.0,
        drawn,
    )
    start = _with_proposals(start, found)
    estimate = reestimate(weighed(start, counts), counts, PRIOR, start.replaced)
    model = LanguageModel(shipped_model_path())
    settings = ChannelSettings(base_tokens=float(tokens))
    return list(changed(channel_entries(estimate, counts, model, start.marks, base, settings), base))


def _with_proposals(start: Start, proposals: Iterable[Proposal]) -> Start:
    """The start with mined pairs that neither it nor the thesaurus has."""
    texts = {normal(canonical): canonical for canonical in (*start.table, *start.extra)}
    table = {canonical: dict(of) for canonical, of in start.table.items()}
    replaced = dict(start.replaced)
    for proposal in proposals:
        key, surface = normal(proposal.canonical), normal(proposal.variant)
        canonical = texts.setdefault(key, proposal.canonical)
        of = table.setdefault(canonical, {})
        if surface not in start.extra.get(canonical, ()):
            of.setdefault(surface, 0.02 * (sum(of.values()) or 1.0))
        replaced.setdefault(key, 0.5)
    return replace(start, table=table, replaced=replaced)
