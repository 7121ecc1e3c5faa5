"""Channel weights from expected counts: the M-step, and the channel that it makes.

P(variant | canonical) has a Dirichlet prior, P(canonical replaced) a mixture of two Beta priors: an engine knows a
canonical, and replaces nearly every occurrence, or it does not, and replaces none. Algorithm: expectation maximisation
(Dempster, Laird and Rubin 1977).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp, lgamma, log
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from normalizer.channel import Candidate, Channel, Entry
from normalizer.language_model import LanguageModel
from normalizer.learn.counting import Counts, no_counts
from normalizer.learn.keys import frequency, lm_words
from normalizer.learn.keys import normal as normal
from normalizer.learn.overlay import format_channel
from normalizer.lexicon.merging import Marks, fewest_capitals
from normalizer.lexicon.table import Condition, Tier

Weights = Mapping[str, Mapping[str, float]]
"""Canonical -> variant -> weight."""


class Prior(NamedTuple):
    """Strength of the priors. ``variants``: counts that the weights of a canonical's variants are worth together.

    P(canonical replaced) is about ``known`` for canonicals that the engine has, about ``unknown`` for those it has not;
    each of the two is worth ``replaced`` counts.
    """

    variants: float = 2.0
    known: float = 0.93
    unknown: float = 0.02
    replaced: float = 12.0


class Estimate(NamedTuple):
    """Channel weights: canonical -> surface -> P(surface | canonical replaced), and key -> P(replaced)."""

    variants: dict[str, dict[str, float]]
    replaced: dict[str, float]


def reestimate(
    table: Weights,
    counts: Counts,
    prior: Prior = Prior(),  # noqa: B008 - immutable
    has: Mapping[str, float] = MappingProxyType({}),
) -> Estimate:
    """The M-step. ``table`` is the Dirichlet prior's mean, ``has`` the prior probability that the engine has a key.

    Variants are drawn once a document, so their repetitions are discounted; whether a key is replaced is decided anew
    at every place.
    """
    variants: dict[str, dict[str, float]] = {}
    replaced: dict[str, float] = {}
    for canonical, of in table.items():
        key = normal(canonical)
        mass = sum(of.values())
        seen: dict[str, float] = {}
        for variant, weight in of.items():
            surface = normal(variant)
            count = counts.drawn.get((key, surface), 0.0) + prior.variants * weight / mass
            seen[surface] = max(seen.get(surface, 0.0), count)
        total = sum(seen.values())
        variants[canonical] = {surface: count / total for surface, count in seen.items()}
        gone = sum(counts.replaced.get((key, surface), 0.0) for surface in seen)
        stayed = counts.kept_keys.get(key, 0.0)
        replaced[key] = replaced_mean(gone, stayed, has.get(key, 0.5), prior)
    return Estimate(variants, replaced)


def replaced_mean(gone: float, stayed: float, before: float, prior: Prior) -> float:
    """The posterior mean of P(canonical replaced), after ``gone`` and ``stayed`` occurrences; ``before`` it was so.

    >>> [round(replaced_mean(*counts, 0.5, Prior()), 2) for counts in ((0, 0), (20, 1), (1, 20))]
    [0.5, 0.94, 0.04]
    """
    high, low = max(prior.known, before), min(prior.unknown, before)
    has = (before - low) / (high - low)
    parts = []
    for share, mean in ((has, high), (1.0 - has, low)):
        a, b = max(prior.replaced * mean, 1e-3), max(prior.replaced * (1.0 - mean), 1e-3)
        evidence = _log_beta(gone + a, stayed + b) - _log_beta(a, b)
        parts.append((log(max(share, 1e-9)) + evidence, (gone + a) / (gone + stayed + a + b)))
    best = max(score for score, _ in parts)
    weights = [exp(score - best) for score, _ in parts]
    return sum(weight * mean for weight, (_, mean) in zip(weights, parts, strict=True)) / sum(weights)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def flat(table: Weights, replaced: Mapping[str, float]) -> Estimate:
    """The starting point: the table's own weights."""
    return reestimate(table, no_counts())._replace(replaced=dict(replaced))


class ChannelSettings(NamedTuple):
    """What a channel leaves out: pairs less likely than ``least_probability`` (1 in 5,000), and candidates that explain
    less than ``least_share`` of a surface's occurrences: an engine has a pair or it has not, so a sparse channel fits
    better. ``base_tokens`` and ``base_places``: how many tokens, and occurrences of a surface, the gain and the shares
    of a channel that is learned upon are worth.
    """

    least_share: float = 0.0
    least_probability: float = 2e-4
    base_tokens: float = 200_000.0
    base_places: float = 4.0


_UNSEEN = 0.1
"""How many occurrences a pair of the table is granted that the corpus does not show."""

_LEAST_REPLACED = 0.02
"""A surface without candidates has a line when it is replaced at least this often."""

_UNMARKED: tuple[tuple[Tier, Condition | None], ...] = (("spun", None),)


def channel_entries(
    estimate: Estimate,
    counts: Counts | None,
    model: LanguageModel,
    marks: Marks = MappingProxyType({}),
    base: Channel | None = None,
    settings: ChannelSettings = ChannelSettings(),  # noqa: B008 - immutable
) -> Iterator[Entry]:
    """The channel of an estimate, surface by surface; ``marks`` hold the tiers and conditions of pairs that have any.

    Gain and shares come from ``counts``, together with those of ``base``; without either, from the language model.
    """
    candidates = _by_surface(estimate, settings.least_probability)
    replaced = {key for key, rate in estimate.replaced.items() if rate >= _LEAST_REPLACED}
    for surface in sorted(candidates.keys() | replaced):
        found = candidates.get(surface, {})
        known = base.get(surface) if base is not None else None
        rate = estimate.replaced.get(surface, known.replaced if known is not None else 0.0)
        entry = _entry(surface, rate, found, counts, model, known, settings, marks)
        if entry.candidates or rate >= _LEAST_REPLACED:
            yield entry


def _by_surface(estimate: Estimate, least: float) -> dict[str, dict[str, tuple[str, float]]]:
    """Surface -> key -> canonical as written, and P(surface | canonical)."""
    candidates: dict[str, dict[str, tuple[str, float]]] = {}
    for canonical, of in estimate.variants.items():
        key = normal(canonical)
        rate = estimate.replaced[key]
        for surface, share in of.items():
            probability = share * rate
            if probability < least or surface == key or not surface:
                continue
            known = candidates.setdefault(surface, {})
            text, likeliest = known.get(key, (canonical, 0.0))
            if text != canonical:
                text = min(text, canonical, key=fewest_capitals)
            known[key] = (text, max(likeliest, probability))
    return candidates


def _entry(
    surface: str,
    replaced: float,
    found: Mapping[str, tuple[str, float]],
    counts: Counts | None,
    model: LanguageModel,
    known: Entry | None,
    settings: ChannelSettings,
    marks: Marks,
) -> Entry:
    clean = frequency(surface, model)
    tokens = float(counts.tokens) if counts else 1_000_000.0
    stayed = counts.kept_surfaces.get(surface, 0.0) if counts else clean * tokens
    gone = {key: _explained(key, surface, probability, counts, model) for key, (_, probability) in found.items()}
    explained = sum(gone.values())
    smoothing = _UNSEEN
    if known is not None:
        smoothing = 0.0
        tokens += settings.base_tokens
        explained += known.gain * (clean * settings.base_tokens + 1.0)
        stayed += settings.base_places * known.kept_share
        before = {candidate.key: candidate.share for candidate in known.candidates}
        gone = {key: count + settings.base_places * before.get(key, 0.05) for key, count in gone.items()}
    total = sum(gone.values()) + stayed + 5 * smoothing + smoothing * len(gone)
    chosen: list[Candidate] = []
    for key, (canonical, probability) in sorted(found.items(), key=lambda item: -item[1][1]):
        share = (gone[key] + smoothing) / total
        if share >= settings.least_share:
            chosen += [
                Candidate(canonical, key, lm_words(canonical), probability, share, tier, condition)
                for tier, condition in marks.get((key, surface), _UNMARKED)
            ]
    return Entry(surface, replaced, explained / (clean * tokens + 1.0), (stayed + 5 * smoothing) / total, tuple(chosen))


def _explained(key: str, surface: str, probability: float, counts: Counts | None, model: LanguageModel) -> float:
    if counts is not None:
        return counts.replaced.get((key, surface), 0.0)
    return frequency(key, model) * probability * 1_000_000


def write_channel(
    path: Path,
    estimate: Estimate,
    counts: Counts | None,
    model: LanguageModel,
    *,
    header: Sequence[str] = (),
    least_share: float = 0.0,
    marks: Marks = MappingProxyType({}),
    least_probability: float = 2e-4,
) -> int:
    """Write a whole channel file (format: ``normalizer.channel``); returns the number of lines."""
    settings = ChannelSettings(least_share, least_probability)
    entries = list(channel_entries(estimate, counts, model, marks, settings=settings))
    path.write_text(format_channel(entries, header), encoding="utf-8")
    return len(entries)
