"""From readings to edits: which changes to propose, how sure each is, and what speaks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from normalizer.calibration import Calibration
from normalizer.decoder import Decoded, Reading
from normalizer.edits import Alternative, Edit, Kind
from normalizer.features import FEATURES, Observer
from normalizer.language_model import LanguageModel
from normalizer.lexicon.dialect import differ_in_dialect
from normalizer.surface import render
from normalizer.text.tokens import Token, normalise_token

FINGERPRINT_TRUST = 0.985
"""The probability that a fingerprint betrays a spinner, in a document that nothing else speaks against."""

LEAST = 0.02
"""Readings with a smaller probability are not worth mentioning."""


class Change(NamedTuple):
    """A change of ``tokens[start:end]`` to ``text``, with the summed posterior of the readings that amount to it."""

    start: int
    end: int
    text: str
    posterior: float
    reading: Reading


def changes(decoded: Decoded, *, curly: bool = False) -> list[Change]:
    """The distinct changes that a sentence's readings amount to, likeliest first.

    Readings that differ only in context that stays ("on the" for "at the", "on" for "at") are one change. British and
    American spelling are no change.
    """
    tokens = decoded.tokens
    total: dict[tuple[int, int, str], float] = defaultdict(float)
    best: dict[tuple[int, int, str], tuple[float, Reading]] = {}
    for reading, posterior in decoded.readings:
        text = render(reading.text, tokens, reading.start, reading.end, curly=curly)
        start, end, text = _trim(text, tokens, reading.start, reading.end)
        observed = _observed(tokens, start, end)
        if text == observed or (text[0].lower() == observed[0].lower() and differ_in_dialect(text, observed)):
            continue
        place = (start, end, text)
        total[place] += posterior
        if posterior > best.get(place, (0.0, None))[0]:
            best[place] = (posterior, reading)
    found = [Change(*place, min(1.0, sum_), best[place][1]) for place, sum_ in total.items() if sum_ >= LEAST]
    return sorted(found, key=lambda change: (-change.posterior, change.start))


class Proposal(NamedTuple):
    """An edit, and the features that its confidence comes from: none where it follows another edit."""

    edit: Edit
    features: tuple[float, ...] = ()


def propose(
    decoded: Decoded,
    text: str,
    spun: float,
    calibration: Calibration,
    observer: Observer,
    *,
    curly: bool = False,
) -> list[Proposal]:
    """The edits for one sentence of ``text``, in order and without overlaps.

    ``spun`` is the probability that the document is spun at all; ``observer`` has seen its other sentences; ``curly``
    tells whether the document uses typographic apostrophes.
    """
    tokens = decoded.tokens
    found = changes(decoded, curly=curly)
    chosen: list[Change] = []
    for change in found:
        if not change.reading.key and change.posterior < 0.5:
            continue  # an article that the lattice doubts follows its word all the same, below
        if all(change.end <= other.start or change.start >= other.end for other in chosen):
            chosen.append(change)
    by_place: Mapping[int, Change] = {change.start: change for change in chosen if change.posterior >= 0.5}
    proposals: list[Proposal] = []
    for change in chosen:
        article = not change.reading.key
        if article and not _article_needed(change, by_place, tokens):
            continue
        tier = by_place[change.end].reading.tier if article else change.reading.tier
        document = max(spun, FINGERPRINT_TRUST) if tier == "fingerprint" else spun
        features = observer.features(change, found, decoded)
        right = calibration(features)
        confidence = right * document
        # What is left goes to the other changes of the place, shared out as the lattice has it.
        rest = document * (1.0 - right) / max(1e-9, 1.0 - change.posterior)
        first, last = tokens[change.start], tokens[change.end - 1]
        others = [c for c in found if (c.start, c.end) == (change.start, change.end) and c is not change]
        edit = Edit(
            first.start,
            last.end,
            text[first.start : last.end],
            change.text,
            _kind(change, tokens),
            confidence,
            tuple(Alternative(c.text, min(1.0 - confidence, c.posterior * rest)) for c in others[:4]),
            (*_evidence(change, spun), *_decided(calibration, features)),
            confidence >= calibration.safe and tier in ("fingerprint", "spun"),
            tier,
        )
        proposals.append(Proposal(edit, features))
    edits = [proposal.edit for proposal in proposals]
    proposals += map(Proposal, _follow_up_articles(chosen, edits, tokens, text, observer.model))
    return sorted(proposals, key=lambda proposal: proposal.edit.start)


def _trim(text: str, tokens: Sequence[Token], start: int, end: int) -> tuple[int, int, str]:
    """Leave out what a change has in common with the text at either end."""
    parts = text.split(" ")
    while len(parts) > 1 and end - start > 1 and _same(parts[-1], tokens[end - 1]) and _spaced(tokens, end - 1):
        parts.pop()
        end -= 1
    while len(parts) > 1 and end - start > 1 and _same(parts[0], tokens[start]) and _spaced(tokens, start + 1):
        parts.pop(0)
        start += 1
    return start, end, " ".join(parts)


def _same(word: str, token: Token) -> bool:
    return normalise_token(word) == token.norm and word[:1].isupper() == token.text[:1].isupper()


def _spaced(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index - 1].end < tokens[index].start


def _observed(tokens: Sequence[Token], start: int, end: int) -> str:
    return " ".join(token.text for token in tokens[start:end])


def _article_needed(change: Change, by_place: Mapping[int, Change], tokens: Sequence[Token]) -> bool:
    """An article follows a changed word; on its own it is the writer's."""
    following = by_place.get(change.end)
    return following is not None and following.text[:1].isalpha()


def _follow_up_articles(
    chosen: Sequence[Change], edits: Sequence[Edit], tokens: Sequence[Token], text: str, model: LanguageModel
) -> list[Edit]:
    """Let a/an agree with a changed word where the lattice left it behind."""
    taken = {tokens[index].start for change in chosen for index in range(change.start, change.end)}
    confidence = {edit.start: edit for edit in edits}
    followed = []
    for change in chosen:
        if change.start == 0 or change.posterior < 0.5:
            continue
        article = tokens[change.start - 1]
        edit = confidence.get(tokens[change.start].start)
        if article.norm not in ("a", "an") or article.start in taken or edit is None:
            continue
        right = best_article(change.text, model)
        if right != article.norm:
            written = right.capitalize() if article.text[0].isupper() else right
            followed.append(
                Edit(
                    article.start,
                    article.end,
                    text[article.start : article.end],
                    written,
                    "agreement",
                    edit.confidence,
                    (),
                    (f"agreement: {right} before {change.text.split(' ')[0]!r}",),
                    edit.safe,
                    edit.tier,
                )
            )
    return followed


def best_article(following: str, model: LanguageModel) -> str:
    """``a`` or ``an``, whichever the language model prefers before a word; by its first letter for unknown words.

    >>> from normalizer.resources import lexicon_path
    >>> model = LanguageModel(lexicon_path("en/news-3gram.klm"))
    >>> [best_article(word, model) for word in ("hour", "unit", "agreement", "plan")]
    ['an', 'a', 'an', 'a']
    """
    word = normalise_token(following.split(" ")[0])
    if word in model:
        a, an = (model.log_probability((article, word), sentence=False) for article in ("a", "an"))
        if abs(a - an) > 2.0:
            return "a" if a > an else "an"
    return "an" if word[:1] in "aeiou" else "a"


def _kind(change: Change, tokens: Sequence[Token]) -> Kind:
    if not change.reading.key:
        return "agreement"
    span = tokens[change.start : change.end]
    opens = not any(token.text[0].isalnum() for token in tokens[: change.start])
    if (
        not opens
        and all(token.text[0].isupper() for token in span if token.text[0].isalpha())
        and any(token.text[0].isalpha() for token in span)
    ):
        return "entity"
    return "word" if len(span) == 1 and " " not in change.text else "phrase"


_TIERS = {
    "fingerprint": "fingerprint: clean prose never has it",
    "context": "context: never in the safe tier",
    "report": "report: only ever a suggestion",
}


def _evidence(change: Change, spun: float) -> tuple[str, ...]:
    reading = change.reading
    source = f"table: {reading.key}→{reading.surface}" if reading.key else f"article: {reading.text}"
    if reading.tier != "spun":
        source += f" ({_TIERS[reading.tier]})"
    return source, f"lattice: {change.posterior:.3f}", f"document: spun {spun:.4f}"


def _decided(calibration: Calibration, features: Sequence[float]) -> tuple[str, ...]:
    """What moved the confidence most, in log-odds against a typical edit."""
    found = calibration.deciding(features)
    return ("confidence: " + ", ".join(f"{FEATURES[name]} {shift:+.1f}" for name, shift in found),) if found else ()
