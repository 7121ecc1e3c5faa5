"""New pairs without originals: which vanished word do the contexts of a surging surface ask for?

For every surging surface some places are looked at. The language model says how well each candidate would fit there,
compared with how common it is anyway. Candidates are the thesaurus neighbours of the surface, and all words that vanish
(its distributional neighbours are among them, if the engine replaced them). The best one is a proposal when it fits
better than the surface itself, at most places, and no other candidate comes close.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from statistics import fmean
from typing import NamedTuple

from normalizer.channel import Channel
from normalizer.language_model import LanguageModel
from normalizer.learn.contrast import Contrast
from normalizer.learn.proposals import Proposal
from normalizer.text.sentences import sentences
from normalizer.text.tokens import Token, lm_words

AROUND = 2
"""Words on each side that the model looks at; it has trigrams."""


class SuggestSettings(NamedTuple):
    """``places`` looked at for each surface; ``thesaurus``: what it is worth that a thesaurus has the pair (nats).

    ``least_gain``: how much better than the surface itself a candidate must fit, on average (nats), and
    ``least_margin``: how much better than the next candidate; ``least_wins``: at what share of the places.
    """

    places: int = 40
    thesaurus: float = 1.5
    least_gain: float = 1.0
    least_margin: float = 0.3
    least_wins: float = 0.6
    contexts: int = 3


class Place(NamedTuple):
    """An occurrence of a surface: the words around it, as language-model tokens, and the context as it is written."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    text: str


@dataclass
class Places:
    """Collects places of surfaces from a stream of texts, a bounded number of each, one for each document."""

    surfaces: frozenset[str]
    most: int
    found: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def add(self, text: str) -> None:
        """Collect from one document."""
        seen: set[str] = set()
        for tokens in sentences(text):
            for start in range(len(tokens)):
                for end in (start + 1, start + 2):
                    surface = " ".join(token.norm for token in tokens[start:end])
                    if surface in self.surfaces and surface not in seen and len(self.found[surface]) < self.most:
                        seen.add(surface)
                        self.found[surface].append(_place(tokens, start, end))


def _place(tokens: Sequence[Token], start: int, end: int) -> Place:
    left = tuple(token.lm for token in tokens[max(0, start - AROUND) : start])
    right = tuple(token.lm for token in tokens[end : end + AROUND])
    before = " ".join(token.text for token in tokens[max(0, start - 6) : start])
    after = " ".join(token.text for token in tokens[end : end + 6])
    shown = " ".join(token.text for token in tokens[start:end])
    return Place(("<s>", *left) if start < AROUND else left, right, f"{before} [{shown}] {after}".strip())


class Fit(NamedTuple):
    """How well a candidate fits the places of a surface: its score (nats) with the bonus of the thesaurus, the gain
    over the surface itself, and the share of places where it fits better than that.
    """

    canonical: str
    score: float
    gain: float
    wins: float
    thesaurus: bool


def suggest(
    surges: Sequence[Contrast],
    vanished: Sequence[Contrast],
    places: Mapping[str, Sequence[Place]],
    thesaurus: Channel,
    model: LanguageModel,
    known: Channel,
    settings: SuggestSettings = SuggestSettings(),  # noqa: B008 - immutable
) -> list[Proposal]:
    """Proposals for surfaces that ``known`` does not explain, likeliest first."""
    gone = {one.surface: one for one in vanished}
    found: list[Proposal] = []
    for surge in surges:
        here = places.get(surge.surface, ())
        if len(here) < 3 or explained(surge.surface, known):
            continue
        neighbours = _candidates(thesaurus, surge.surface)
        fits = rank(surge.surface, here, {*gone, *neighbours}, neighbours, model, settings)
        if not fits or not _convincing(fits, settings):
            continue
        best = fits[0]
        found.append(_proposal(surge, best, fits, gone.get(best.canonical), here, settings))
    return sorted(found, key=lambda p: (-p.confidence, -p.count, p.canonical, p.variant))


def explained(surface: str, known: Channel) -> bool:
    """Whether pairs that the channel has explain most occurrences of a surface, or of a word in it."""
    for part in {surface, *surface.split()}:
        entry = known.get(part)
        if entry is not None and entry.candidates and entry.kept_share < 0.5:
            return True
    return False


def _candidates(channel: Channel, surface: str) -> set[str]:
    entry = channel.get(surface)
    return {candidate.key for candidate in entry.candidates} if entry is not None else set()


def rank(
    surface: str,
    places: Sequence[Place],
    candidates: Iterable[str],
    neighbours: set[str],
    model: LanguageModel,
    settings: SuggestSettings,
) -> list[Fit]:
    """The candidates by how well they fit the places, best first."""
    contexts = [(_after(place.left, model), place.right) for place in places]
    own = [_score(surface, context, right, model) for context, right in contexts]
    base = _rarity(surface, model)
    fits = []
    for candidate in candidates:
        if candidate == surface:
            continue
        scores = [_score(candidate, context, right, model) for context, right in contexts]
        rarity = _rarity(candidate, model)
        gains = [ours - theirs for ours, theirs in zip(scores, own, strict=True)]
        bonus = settings.thesaurus if candidate in neighbours else 0.0
        fits.append(
            Fit(
                candidate,
                fmean(scores) - 0.5 * rarity + bonus,
                fmean(gains) - 0.5 * (rarity - base),
                sum(gain > 0 for gain in gains) / len(gains),
                candidate in neighbours,
            )
        )
    return sorted(fits, key=lambda fit: (-fit.score, fit.canonical))


def _after(left: Sequence[str], model: LanguageModel) -> object:
    begins = bool(left) and left[0] == "<s>"
    return model.advance(model.begin if begins else model.empty, left[1:] if begins else left)[1]


def _score(phrase: str, context: object, right: Sequence[str], model: LanguageModel) -> float:
    return model.advance(context, (*lm_words(phrase), *right))[0]


def _rarity(phrase: str, model: LanguageModel) -> float:
    """The log-probability of a phrase without context."""
    return model.log_probability(lm_words(phrase), sentence=False)


def _convincing(fits: Sequence[Fit], settings: SuggestSettings) -> bool:
    best = fits[0]
    margin = best.score - fits[1].score if len(fits) > 1 else settings.least_margin
    return best.gain >= settings.least_gain and best.wins >= settings.least_wins and margin >= settings.least_margin


def _proposal(
    surge: Contrast,
    best: Fit,
    fits: Sequence[Fit],
    gone: Contrast | None,
    places: Sequence[Place],
    settings: SuggestSettings,
) -> Proposal:
    margin = best.score - fits[1].score if len(fits) > 1 else 1.0
    evidence = [
        f"surges: {surge.places} places in {surge.documents} documents, {surge.ratio:.1f} times as many as expected",
        f"contexts: {best.canonical!r} fits better at {best.wins:.0%} of {len(places)} places, by {best.gain:.1f} nats",
        f"next best: {fits[1].canonical!r}, {margin:.1f} nats behind" if len(fits) > 1 else "no other candidate",
    ]
    if gone is not None:
        evidence.append(
            f"vanishes: {best.canonical!r} stands {gone.places} times where {gone.expected:.0f} are expected"
        )
    if best.thesaurus:
        evidence.append("thesaurus: the two are neighbours")
    score = -3.0 + 0.6 * best.gain + 0.8 * margin + 1.5 * (gone is not None) + 1.5 * best.thesaurus
    return Proposal(
        best.canonical,
        surge.surface,
        surge.places,
        surge.documents,
        gone.places if gone is not None else 0,
        1.0 / (1.0 + exp(-score)),
        tuple(place.text for place in places[: settings.contexts]),
        tuple(evidence),
    )
