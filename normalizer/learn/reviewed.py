"""Learning from review: what reviewers accepted, rejected and corrected moves the weights of the pairs behind it.

Every decided edit is one observation of how its surface came about: an accepted edit of its pair, a rejected one of the
writer's own wording, a corrected one of another pair. The shares of a surface are the prior, worth ``PRIOR``
observations (a Dirichlet prior). A pair that was rejected and never accepted is also ruled out by name, in the
configuration: a rejected edit does not return.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import exp
from typing import NamedTuple

from normalizer.channel import Candidate, Channel, Entry
from normalizer.edits import LEXICAL_KINDS
from normalizer.language_model import LanguageModel
from normalizer.learn.proposals import Proposal
from normalizer.review.decisions import Decisions, ReviewedEdit
from normalizer.text.tokens import lm_words, words

PRIOR = 4.0
"""How many decisions the weights of a surface are worth."""

PROTECTED = 2
"""From so many different rejected replacements on, with none accepted, a wording is ruled out whatever replaces it."""

_LEAST, _MOST = 2e-4, 0.97
_TABLE = "table: "


class Pair(NamedTuple):
    """A canonical wording and a surface, both normalised."""

    key: str
    surface: str


class IgnoreRule(NamedTuple):
    """A rule for the configuration; without a replacement no change of the original is made any more."""

    original: str
    replacement: str | None


@dataclass
class Verdicts:
    """What reviewers said: how often each pair was ``accepted`` (or ``written`` by a reviewer), how often each surface
    was left as it was although the pair was proposed, and the canonicals as they were written.
    """

    accepted: Counter[Pair] = field(default_factory=Counter)
    rejected: Counter[Pair] = field(default_factory=Counter)
    written: Counter[Pair] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    contexts: dict[Pair, list[str]] = field(default_factory=dict)
    edits_accepted: Counter[IgnoreRule] = field(default_factory=Counter)
    edits_rejected: Counter[IgnoreRule] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """The number of decided edits."""
        return self.edits_accepted.total() + self.edits_rejected.total()


def collect(files: Iterable[Decisions]) -> Verdicts:
    """Count the decisions. A corrected edit is a rejected one of what was suggested, and a pair of its own."""
    verdicts = Verdicts()
    for decisions in files:
        for document in decisions.documents:
            for reviewed in document.edits:
                if reviewed.edit.kind in LEXICAL_KINDS:
                    _count(reviewed, verdicts)
    return verdicts


def _count(reviewed: ReviewedEdit, verdicts: Verdicts) -> None:
    edit = reviewed.edit
    rule = IgnoreRule(edit.original, edit.replacement)
    pairs = list(pairs_behind(reviewed))
    if reviewed.decision == "accepted":
        verdicts.accepted.update(pairs)
        verdicts.edits_accepted[rule] += 1
    elif reviewed.decision in ("rejected", "corrected"):
        verdicts.rejected.update(pairs)
        verdicts.edits_rejected[rule] += 1
    if reviewed.decision == "corrected" and reviewed.text and words(reviewed.text):
        pair = Pair(" ".join(words(reviewed.text)), " ".join(words(edit.original)))
        if pair.key != pair.surface and pair.surface:
            verdicts.written[pair] += 1
            verdicts.texts.setdefault(pair.key, reviewed.text)
            place = f"{reviewed.before} [{edit.original}] {reviewed.after}"
            verdicts.contexts.setdefault(pair, []).append(" ".join(place.split()))


def pairs_behind(reviewed: ReviewedEdit) -> Iterator[Pair]:
    """The pairs of the lexicon that an edit rests on, from its evidence; else the edit itself as a pair.

    >>> from normalizer.edits import Edit
    >>> edit = Edit(0, 7, "company", "agency", "word", 0.9, evidence=("table: agency→company",))
    >>> list(pairs_behind(ReviewedEdit(edit)))
    [Pair(key='agency', surface='company')]
    """
    found = False
    for sentence in reviewed.edit.evidence:
        if sentence.startswith(_TABLE) and "→" in sentence:
            key, _, surface = sentence.removeprefix(_TABLE).partition("→")
            found = True
            yield Pair(key, surface)
    if not found and reviewed.edit.kind != "agreement":
        pair = Pair(" ".join(words(reviewed.edit.replacement)), " ".join(words(reviewed.edit.original)))
        if pair.key and pair.surface:
            yield pair


def rules(verdicts: Verdicts) -> list[IgnoreRule]:
    """What the configuration must rule out: edits that were rejected and never accepted.

    A wording of which ``PROTECTED`` or more replacements were rejected and none accepted is ruled out altogether.
    """
    accepted = {rule.original for rule in verdicts.edits_accepted}
    replacements: dict[str, list[IgnoreRule]] = {}
    for rule in sorted(verdicts.edits_rejected, key=lambda rule: (rule.original, rule.replacement or "")):
        if rule.original and rule not in verdicts.edits_accepted:
            replacements.setdefault(rule.original, []).append(rule)
    found: list[IgnoreRule] = []
    for original, rejected in replacements.items():
        if len(rejected) >= PROTECTED and original not in accepted:
            found.append(IgnoreRule(original, None))
        else:
            found += rejected
    return found


def proposals(verdicts: Verdicts) -> list[Proposal]:
    """The pairs that reviewers wrote themselves."""
    return [
        Proposal(
            verdicts.texts[pair.key],
            pair.surface,
            count,
            count,
            verdicts.rejected[pair],
            (count + 1) / (count + verdicts.rejected[pair] + 2),
            tuple(verdicts.contexts[pair][:3]),
            (f"review: written by a reviewer {count} time{'s' * (count != 1)}",),
        )
        for pair, count in sorted(verdicts.written.items(), key=lambda item: (-item[1], item[0]))
    ]


def updated(verdicts: Verdicts, base: Channel, model: LanguageModel) -> list[Entry]:
    """The entries of ``base`` that decisions are about, with their new weights, and those of new pairs."""
    for_surface: dict[str, Counter[str]] = {}
    against: Counter[str] = Counter()
    for pair, count in (verdicts.accepted + verdicts.written).items():
        for_surface.setdefault(pair.surface, Counter())[pair.key] += count
    for pair, count in verdicts.rejected.items():
        for_surface.setdefault(pair.surface, Counter())
        against[pair.surface] += count
    for pair, count in verdicts.written.items():  # the suggestion was wrong, but the surface was not the writer's
        against[pair.surface] -= min(count, against[pair.surface])
    entries = []
    for surface, counts in sorted(for_surface.items()):
        known = base.get(surface)
        if known is None and not counts:
            continue
        rejected = {key: verdicts.rejected[Pair(key, surface)] for key in _keys(known, counts)}
        entries.append(_updated(surface, known, counts, rejected, against[surface], verdicts.texts, model))
    return entries


def _keys(known: Entry | None, counts: Mapping[str, int]) -> list[str]:
    return list(dict.fromkeys([*(c.key for c in known.candidates), *counts] if known else counts))


def _updated(
    surface: str,
    known: Entry | None,
    counts: Mapping[str, int],
    rejected: Mapping[str, int],
    kept: int,
    texts: Mapping[str, str],
    model: LanguageModel,
) -> Entry:
    entry = known or Entry(surface, 0.0, 0.0, 1.0, ())
    seen = sum(counts.values()) + kept
    total = PRIOR + seen
    candidates = []
    for candidate in entry.candidates:
        count = counts.get(candidate.key, 0)
        # A pair that was rejected for another one has been seen to fail as well, though the surface was not kept.
        share = (PRIOR * candidate.share + count) / (total + max(0, rejected.get(candidate.key, 0) - kept))
        probability = min(_MOST, max(_LEAST, candidate.probability * share / candidate.share))
        if count and not rejected.get(candidate.key):
            probability = max(probability, candidate.probability)
        candidates.append(candidate._replace(probability=probability, share=share))
    known_keys = {candidate.key for candidate in entry.candidates}
    for key, count in counts.items():
        if key not in known_keys:
            share = count / total
            ratio = _frequency(surface, model) / _frequency(key, model) * share / (1.0 - share)
            probability = min(0.5, max(0.01, ratio))
            candidates.append(Candidate(texts.get(key, key), key, lm_words(key), probability, share))
    candidates.sort(key=lambda candidate: -candidate.probability)
    explained = min(0.99, sum(candidate.share for candidate in candidates))
    kept_share = (PRIOR * entry.kept_share + kept) / total
    gain = max(explained / max(kept_share, 0.01), 0.0) if known is None else entry.gain * _moved(entry, explained)
    return entry._replace(gain=gain, kept_share=kept_share, candidates=tuple(candidates))


def _moved(entry: Entry, explained: float) -> float:
    before = sum(candidate.share for candidate in entry.candidates)
    return explained / before if before else 1.0


def _frequency(phrase: str, model: LanguageModel) -> float:
    return exp(model.log_probability(lm_words(phrase), sentence=False))
