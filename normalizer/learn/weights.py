"""Channel weights by expectation maximisation on unlabelled spun text.

The E-step decodes every document and collects expected counts over its lattices (not only the best path); the M-step
turns them into P(variant | canonical) and P(canonical replaced), with the table's order as a Dirichlet prior. Whether
an engine knows a canonical at all is seeded by how much rarer the word is in spun text than in clean text: keys all but
vanish. Algorithm: Dempster, Laird and Rubin 1977.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from normalizer.channel import FIRST_LINE, FORMAT, Channel, format_marks
from normalizer.decoder import Decoder, Settings
from normalizer.language_model import LanguageModel
from normalizer.lexicon.merging import Marks, fewest_capitals, frequency
from normalizer.lexicon.merging import normal as normal
from normalizer.lexicon.table import Condition, Tier
from normalizer.text.sentences import sentences
from normalizer.text.tokens import tokenize

K = TypeVar("K")

Weights = Mapping[str, Mapping[str, float]]
"""Canonical -> variant -> weight."""


class Counts(NamedTuple):
    """Expected counts: of (canonical key, surface) substitutions, of keys left alone, of surfaces unexplained."""

    replaced: dict[tuple[str, str], float]
    kept_keys: dict[str, float]
    kept_surfaces: dict[str, float]
    tokens: int
    log_likelihood: float


class Prior(NamedTuple):
    """Strength of the priors, in counts: of the table's order over variants, and of a key being replaced or kept."""

    variants: float = 2.0
    replaced: float = 0.6
    kept: float = 0.6


def expected_counts(decoder: Decoder, texts: Iterable[str]) -> Counts:
    """The E-step: expected counts over the lattices of the texts."""
    replaced: dict[tuple[str, str], float] = defaultdict(float)
    kept_keys: dict[str, float] = defaultdict(float)
    kept_surfaces: dict[str, float] = defaultdict(float)
    total, likelihood = 0, 0.0
    for text in texts:
        for result in decoder.decode(sentences(text)):
            total += len(result.tokens)
            if not result.readings and not result.kept_keys and result.log_likelihood == float("-inf"):
                continue
            likelihood += result.log_likelihood
            for reading, probability in result.readings:
                if reading.key:
                    replaced[reading.key, reading.surface] += probability
            alone = list(result.kept)
            for surface, start, end, probability in result.kept_keys:
                kept_keys[surface] += probability
                for index in range(start, end):
                    alone[index] -= probability
            for match in decoder.channel.match(result.tokens):
                if match.prefix or match.suffix:
                    continue
                if match.entry.candidates:
                    kept_surfaces[match.entry.surface] += min(result.kept[match.start : match.end])
                if match.end - match.start == 1 and match.entry.replaced:
                    kept_keys[match.entry.surface] += max(0.0, alone[match.start])
    return Counts(replaced, kept_keys, kept_surfaces, total, likelihood)


def add_counts(counts: Iterable[Counts]) -> Counts:
    """The sum of several counts."""
    parts = list(counts)
    tokens, likelihood = 0, 0.0
    for part in parts:
        tokens += part.tokens
        likelihood += part.log_likelihood
    return Counts(
        _sum(part.replaced for part in parts),
        _sum(part.kept_keys for part in parts),
        _sum(part.kept_surfaces for part in parts),
        tokens,
        likelihood,
    )


def _sum(parts: Iterable[Mapping[K, float]]) -> dict[K, float]:
    total: dict[K, float] = defaultdict(float)
    for part in parts:
        for key, count in part.items():
            total[key] += count
    return total


def surface_counts(texts: Iterable[str], surfaces: Iterable[str]) -> tuple[Counter[str], int]:
    """How often each surface occurs in the texts, and the number of tokens."""
    wanted = frozenset(surfaces)
    longest = max((surface.count(" ") + 1 for surface in wanted), default=1)
    heads = {surface.partition(" ")[0] for surface in wanted}
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        norms = [token.norm for token in tokenize(text)]
        total += len(norms)
        for start, norm in enumerate(norms):
            if norm in heads:
                for end in range(start + 1, min(start + longest, len(norms)) + 1):
                    surface = " ".join(norms[start:end])
                    if surface in wanted:
                        counts[surface] += 1
    return counts, total


def seed_replaced(
    clean: tuple[Counter[str], int], spun: tuple[Counter[str], int], keys: Iterable[str]
) -> dict[str, float]:
    """A first guess of P(key replaced): how much rarer it is in spun text than in clean text, 0.5 on thin data."""
    guess = {}
    for key in keys:
        expected = clean[0][key] / max(1, clean[1]) * spun[1]
        rate = 1.0 - (spun[0][key] + 1.0) / (expected + 1.5)
        trust = expected / (expected + 5.0)
        guess[key] = min(0.97, max(0.02, trust * rate + (1.0 - trust) * 0.5))
    return guess


class Estimate(NamedTuple):
    """Channel weights: canonical -> surface -> P(surface | canonical replaced), and key -> P(replaced)."""

    variants: dict[str, dict[str, float]]
    replaced: dict[str, float]


def reestimate(table: Weights, counts: Counts, prior: Prior = Prior()) -> Estimate:  # noqa: B008 - immutable
    """The M-step."""
    variants: dict[str, dict[str, float]] = {}
    replaced: dict[str, float] = {}
    for canonical, of in table.items():
        key = normal(canonical)
        mass = sum(of.values())
        seen: dict[str, float] = {}
        for variant, weight in of.items():
            surface = normal(variant)
            count = counts.replaced.get((key, surface), 0.0) + prior.variants * weight / mass
            seen[surface] = max(seen.get(surface, 0.0), count)
        total = sum(seen.values())
        variants[canonical] = {surface: count / total for surface, count in seen.items()}
        gone = sum(counts.replaced.get((key, surface), 0.0) for surface in seen)
        stayed = counts.kept_keys.get(key, 0.0)
        replaced[key] = (gone + prior.replaced) / (gone + stayed + prior.replaced + prior.kept)
    return Estimate(variants, replaced)


def flat(table: Weights, replaced: Mapping[str, float]) -> Estimate:
    """The starting point: the table's own weights."""
    return reestimate(table, Counts({}, {}, {}, 0, 0.0))._replace(replaced=dict(replaced))


_UNSEEN = 0.1
"""How many occurrences a pair of the table is granted that the corpus does not show."""


_UNMARKED: tuple[tuple[Tier, Condition | None], ...] = (("spun", None),)


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
    """Write a channel file (format: ``normalizer.channel``); returns the number of lines.

    ``marks`` hold the tiers and conditions of pairs that have any. Substitutions less likely than
    ``least_probability`` (1 in 5,000) are left out, and so are candidates that explain less than
    ``least_share`` of a surface's occurrences: an engine has a pair or it has not, so a sparse channel fits better.
    """
    candidates: dict[str, dict[str, tuple[str, float]]] = {}
    for canonical, of in estimate.variants.items():
        key = normal(canonical)
        rate = estimate.replaced[key]
        for surface, share in of.items():
            probability = share * rate
            if probability < least_probability or surface == key or not surface:
                continue
            known = candidates.setdefault(surface, {})
            text, likeliest = known.get(key, (canonical, 0.0))
            known[key] = (min(text, canonical, key=fewest_capitals), max(likeliest, probability))
    lines = []
    for surface in sorted(set(candidates) | {key for key, rate in estimate.replaced.items() if rate >= 0.02}):
        found = candidates.get(surface, {})
        gone = {key: _explained(key, surface, probability, counts, model) for key, (_, probability) in found.items()}
        clean = frequency(surface, model)
        tokens = counts.tokens if counts else 1_000_000
        stayed = counts.kept_surfaces.get(surface, 0.0) if counts else clean * tokens
        total = sum(gone.values()) + stayed + 0.5 + _UNSEEN * len(gone)
        gain = sum(gone.values()) / (clean * tokens + 1.0)
        fields = [surface, f"{estimate.replaced.get(surface, 0.0):.3g}", f"{gain:.3g}", f"{(stayed + 0.5) / total:.3g}"]
        for key, (canonical, probability) in sorted(found.items(), key=lambda item: -item[1][1]):
            share = (gone[key] + _UNSEEN) / total
            if share >= least_share:
                for tier, condition in marks.get((key, surface), _UNMARKED):
                    fields += format_marks(canonical, tier, condition), f"{probability:.3g}", f"{share:.3g}"
        if len(fields) == 4 and estimate.replaced.get(surface, 0.0) < 0.02:
            continue
        lines.append("\t".join(fields))
    comments = [f"{FIRST_LINE} {FORMAT}", *(f"# {line}" for line in header)]
    path.write_text("\n".join([*comments, *lines, ""]), encoding="utf-8")
    return len(lines)


def _explained(key: str, surface: str, probability: float, counts: Counts | None, model: LanguageModel) -> float:
    if counts is not None:
        return counts.replaced.get((key, surface), 0.0)
    return frequency(key, model) * probability * 1_000_000


def load_decoder(channel: Path, model: Path, numbers: Mapping[str, float]) -> Decoder:
    """A decoder over the given files, for use in worker processes."""
    return Decoder(Channel([channel]), LanguageModel(model), numbers, Settings(rounds=0, beam=8, threshold=6.0))
