"""Pairs from a table, merged into a channel: a new pair competes with what the channel knows of the same surface.

Nothing has been learned about a new pair, so it gets prior weights: its share of what the canonical turns into follows
from the table, and how often it occurs from the language model's frequency of the canonical.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp
from typing import NamedTuple

from normalizer.channel import Candidate, Channel, Entry, format_line
from normalizer.language_model import LanguageModel
from normalizer.lexicon.inflection import Pair
from normalizer.lexicon.table import Condition, Tier
from normalizer.text.tokens import lm_words, words

MOST_GAIN = 1.5
"""The most that new pairs add to a surface's gain: a frequency model guesses too high, and clean text must not pay."""

LEAST_REPLACED, UNKNOWN_REPLACED = 0.5, 0.9
"""P(canonical replaced) for new pairs: at least this, and this where the channel knows nothing of the canonical."""

_LEAST_SHARE, _MOST_SHARE = 0.2, 0.8
"""Bounds of the share of a surface's occurrences that new pairs explain."""

_TOKENS = 1_000_000

Marks = Mapping[tuple[str, str], tuple[tuple[Tier, Condition | None], ...]]
"""(canonical key, surface) -> tier and condition of every candidate that the pair makes, those with conditions first."""

_CAUTION: dict[Tier, int] = {"spun": 0, "fingerprint": 1, "context": 2, "report": 3}
"""Of several tiers for one pair, the one of the greatest number holds: a mark before the default, doubt before trust."""


class Prior(NamedTuple):
    """A pair with its prior weight: ``probability`` is P(surface | canonical), ``key`` the canonical, normalised."""

    key: str
    surface: str
    canonical: str
    probability: float


def normal(phrase: str) -> str:
    """The normalised form of a phrase, as channels are keyed by.

    >>> normal("Foreign  Minister")
    'foreign minister'
    """
    return " ".join(words(phrase))


def marks_of(pairs: Iterable[Pair]) -> Marks:
    """The tiers and conditions of all pairs.

    >>> pair = Pair("foreign", "alien", 1.0, "context", Condition(next=("Minister",)))
    >>> marks_of([pair])["foreign", "alien"][0][1].next
    ('minister',)
    """
    found: dict[tuple[str, str], dict[Condition | None, Tier]] = {}
    for pair in pairs:
        known = found.setdefault((normal(pair.canonical), normal(pair.variant)), {})
        condition = normal_condition(pair.condition)
        known[condition] = max(known.get(condition, "spun"), pair.tier, key=_CAUTION.__getitem__)
    return {
        pair: tuple((tier, condition) for condition, tier in sorted(by_condition.items(), key=_conditional_first))
        for pair, by_condition in found.items()
    }


def normal_condition(condition: Condition) -> Condition | None:
    """A condition with its words normalised; None for one that restricts nothing."""
    if condition == Condition():
        return None
    return Condition(*(tuple(sorted({normal(word) for word in field})) for field in condition))


def priors(pairs: Iterable[Pair], base: Channel, *, half: bool = True) -> list[Prior]:
    """The prior weights of pairs, in order of canonical and surface; one for each pair, whatever its conditions.

    Variants share P(canonical replaced) by their weights. With ``half``, for a canonical that ``base`` knows too, they
    share half of it: the other half belongs to the variants that ``base`` has.
    """
    weights: dict[str, dict[str, float]] = {}
    texts: dict[str, str] = {}
    for pair in pairs:
        key, surface = normal(pair.canonical), normal(pair.variant)
        if not key or not surface or key == surface:
            continue
        of = weights.setdefault(key, {})
        of[surface] = max(of.get(surface, 0.0), pair.weight)
        texts[key] = min(texts.get(key, pair.canonical), pair.canonical, key=fewest_capitals)
    found = []
    for key, of in sorted(weights.items()):
        entry = base.get(key)
        known = entry is not None and entry.replaced >= 0.02
        replaced = max(entry.replaced, LEAST_REPLACED) if entry and known else UNKNOWN_REPLACED
        mass = sum(of.values()) / replaced * (2.0 if known and half else 1.0)
        found += [Prior(key, surface, texts[key], weight / mass) for surface, weight in sorted(of.items())]
    return found


def merge(base: Channel, new: Iterable[Prior], marks: Marks, model: LanguageModel) -> dict[str, str]:
    """The channel lines of all surfaces that the pairs concern: surface -> the rest of its line.

    The candidates of ``base`` stay, with their probabilities; a pair that ``base`` has keeps the greater probability and
    takes the tier and conditions of ``marks``. Deterministic.
    """
    by_surface: dict[str, list[Prior]] = {}
    for prior in new:
        by_surface.setdefault(prior.surface, []).append(prior)
    lines = {}
    for surface, priors_here in sorted(by_surface.items()):
        entry = base.get(surface) or Entry(surface, 0.0, 0.0, 1.0, ())
        merged = _merged(entry, priors_here, marks, model)
        lines[surface] = format_line(merged).partition("\t")[2]
    return lines


def marked(candidate: Candidate, surface: str, marks: Marks) -> list[Candidate]:
    """A candidate with the tier and conditions that ``marks`` have for it: one for every condition."""
    found = marks.get((candidate.key, surface), ((candidate.tier, candidate.condition),))
    return [candidate._replace(tier=tier, condition=condition) for tier, condition in found]


def frequency(surface: str, model: LanguageModel) -> float:
    """The share of all tokens that a phrase makes up in clean text, by the language model."""
    return exp(model.log_probability(lm_words(surface), sentence=False))


def ordered(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Candidates, likeliest first; of one canonical, those with conditions first."""
    return tuple(sorted(candidates, key=lambda c: (-c.probability, c.key, c.condition is None, c.condition or ())))


def fewest_capitals(text: str) -> tuple[int, str]:
    """Orders spellings of one key: the fewest capitals first, since the surface brings its own."""
    return sum(character.isupper() for character in text), text


def _merged(entry: Entry, new: Iterable[Prior], marks: Marks, model: LanguageModel) -> Entry:
    surface = entry.surface
    clean = frequency(surface, model) * _TOKENS
    here = {prior.key: prior for prior in new}
    known = {candidate.key for candidate in entry.candidates}
    gone = {key: frequency(key, model) * prior.probability * _TOKENS for key, prior in here.items()}
    added = {key: count for key, count in gone.items() if key not in known}
    everywhere = sum(count for key, count in added.items() if any(_counts(mark) for mark in marks[key, surface]))
    total = sum(added.values())
    share = min(_MOST_SHARE, max(_LEAST_SHARE, total / (total + clean * (1.0 + entry.gain) + 0.5))) if added else 0.0
    candidates: list[Candidate] = []
    done: set[str] = set()
    for candidate in entry.candidates:
        prior = here.get(candidate.key)
        candidate = candidate._replace(share=max(1e-3, candidate.share * (1.0 - share)))
        if prior is None:
            candidates.append(candidate)
        elif candidate.key not in done:
            done.add(candidate.key)
            candidate = candidate._replace(probability=max(candidate.probability, prior.probability))
            candidates += marked(candidate, surface, marks)
    for key, count in added.items():
        text = here[key].canonical
        part = share * (count / total if total else 1.0 / len(added))
        candidates += marked(
            Candidate(text, key, lm_words(text), max(1e-3, here[key].probability), max(1e-3, part)), surface, marks
        )
    gain = entry.gain + min(MOST_GAIN, everywhere / (clean + 1.0))
    return Entry(surface, entry.replaced, gain, entry.kept_share * (1.0 - share), ordered(candidates))


def _counts(mark: tuple[Tier, Condition | None]) -> bool:
    """Whether a bare occurrence of the surface says that something was replaced."""
    tier, condition = mark
    return tier != "report" and condition is None


def _conditional_first(item: tuple[Condition | None, Tier]) -> tuple[bool, Condition]:
    return item[0] is None, item[0] or Condition()
