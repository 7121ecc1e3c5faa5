"""Mining substitutions from aligned articles: originals beside their spun copies.

Each pair of articles is aligned token by token; runs of changed tokens are cut into substitutions
(``normalizer.learn.segment``); what an editor may have changed is left out (``normalizer.learn.edits``), and so is what
is seen too rarely. The remaining pairs are proposals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import NamedTuple

from normalizer.errors import InputError
from normalizer.learn.align import LEAST_ALIKE, Aligned, Change, align
from normalizer.learn.edits import editorial, only_names
from normalizer.learn.proposals import Proposal
from normalizer.learn.segment import LONGEST, Pair, Phrase, Segmenter
from normalizer.text.tokens import Token


class Articles(NamedTuple):
    """An original and its copy; ``name`` is for messages."""

    name: str
    original: str
    copy: str


class MiningSettings(NamedTuple):
    """``least_count``: places at which a pair must be seen. ``least_share``: of how many of its places a wording must
    have been replaced; engines replace nearly all. ``least_alike``: how alike two articles must be, 0 to 1.

    ``most_changed``: in a stretch of ``window`` tokens of which a larger share was changed the article was rewritten,
    not spun, and nothing is learnt from it. ``contexts``: examples kept for a pair.
    """

    least_count: int = 2
    least_share: float = 0.1
    least_alike: float = LEAST_ALIKE
    window: int = 20
    most_changed: float = 0.75
    contexts: int = 3


@dataclass
class Mined:
    """What was found: ``proposals``, likeliest first, and ``rare`` pairs; how many articles and tokens of copies were
    read; what was left out, and why.
    """

    proposals: list[Proposal] = field(default_factory=list)
    rare: list[Proposal] = field(default_factory=list)
    articles: int = 0
    tokens: int = 0
    identical: int = 0
    unlike: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class _Place(NamedTuple):
    """A run of changed tokens with its place: document, and the tokens around it."""

    document: int
    run: Pair
    before: str
    after: str


@dataclass
class _Evidence:
    """What was seen of one pair."""

    count: int = 0
    documents: set[int] = field(default_factory=set)
    contexts: list[str] = field(default_factory=list)


def mine(
    articles: Iterable[Articles],
    numbers: Mapping[str, float],
    ordinary: Callable[[str], bool] = lambda word: False,
    known: Callable[[Pair], bool] = lambda pair: False,
    settings: MiningSettings = MiningSettings(),  # noqa: B008 - immutable
) -> Mined:
    """Mine pairs; ``articles`` is read twice and must give the same both times.

    ``numbers`` holds the values of number words; ``ordinary`` tells of a word whether it is known to be more than a
    name, which the articles themselves cannot tell of words that they always capitalise. ``known`` tells
    whether a lexicon has a pair, which helps to cut runs of changed words into substitutions.

    Articles that are identical, or too unlike to be versions of each other, are left out and counted.
    Raises ``InputError`` when no articles are left.
    """
    mined = Mined()
    places, capitalised, spelling = _changes(articles, settings, mined)
    names = frozenset(word for word in capitalised if not ordinary(word.removesuffix("'s")))
    segmenter = Segmenter(Counter(place.run for place in places), known=known)
    found: dict[Pair, _Evidence] = defaultdict(_Evidence)
    for place in places:
        for pair in segmenter.cut(place.run) if all(place.run) else ():
            canonical, variant = _trimmed(*pair)
            reason = (
                editorial(canonical, variant, names=names, numbers=numbers) if canonical and variant else "rewritten"
            )
            if reason is None and max(len(canonical), len(variant)) > LONGEST:
                reason = "rewritten"
            if reason is not None:
                mined.skipped[reason] += 1
                continue
            evidence = found[canonical, variant]
            evidence.count += 1
            evidence.documents.add(place.document)
            if len(evidence.contexts) < settings.contexts:
                evidence.contexts.append(_context(place, variant))
    kept = _kept(articles, {canonical for canonical, _ in found}, settings)
    replaced: Counter[Phrase] = Counter()
    for (canonical, _), evidence in found.items():
        replaced[canonical] += evidence.count
    for (canonical, variant), evidence in found.items():
        if replaced[canonical] < settings.least_share * (replaced[canonical] + kept[canonical]):
            mined.skipped["mostly left alone"] += evidence.count
            continue
        rare = evidence.count < settings.least_count
        if rare:
            mined.skipped["seen too rarely"] += evidence.count
        proposal = _proposal(canonical, variant, evidence, replaced[canonical], kept[canonical], spelling)
        (mined.rare if rare else mined.proposals).append(proposal)
    mined.proposals.sort(key=lambda p: (-p.confidence, -p.count, p.canonical, p.variant))
    return mined


def _changes(
    articles: Iterable[Articles], settings: MiningSettings, mined: Mined
) -> tuple[list[_Place], frozenset[str], dict[str, str]]:
    """All runs of changed tokens; the words that are only ever capitalised; spellings of the originals' words."""
    pending: list[tuple[int, Aligned, Change]] = []
    places: list[_Place] = []
    one_sided: Counter[Pair] = Counter()
    capitals: set[str] = set()
    lower: set[str] = set()
    spelling: dict[str, str] = {}
    for number, (aligned, _) in enumerate(_usable(articles, settings, mined)):
        for tokens, opens in ((aligned.original, aligned.opens), (aligned.copy, frozenset[int]())):
            upper, small = only_names(tokens, opens)
            capitals |= upper if opens else set()
            lower |= small
        for index, token in enumerate(aligned.original):
            known = spelling.get(token.norm)
            if known is None or (not known.islower() and token.text.islower() and index not in aligned.opens):
                spelling[token.norm] = token.text
        for change in _spun(aligned, settings, mined):
            if change.a_start == change.a_end or change.b_start == change.b_end:
                pending.append((number, aligned, change))
                one_sided.update(_run(aligned, wider) for wider in _widened(aligned, change))
            else:
                places.append(_place(number, aligned, change))
    for number, aligned, change in pending:
        wider = max(_widened(aligned, change), key=lambda c: one_sided[_run(aligned, c)], default=None)
        if wider is not None:
            places.append(_place(number, aligned, wider))
    if not mined.articles:
        raise InputError(_nothing(mined))
    return places, frozenset(capitals - lower), spelling


def _nothing(mined: Mined) -> str:
    if mined.identical and not mined.unlike:
        return "the articles are identical: nothing was changed, so there is nothing to learn"
    if mined.unlike:
        return (
            f"no articles are aligned: {mined.unlike} pair{'s' * (mined.unlike != 1)} of texts, and none are two "
            "versions of one article; name the originals first, then their copies"
        )
    return "there are no pairs of articles to learn from"


def _usable(articles: Iterable[Articles], settings: MiningSettings, mined: Mined) -> Iterator[tuple[Aligned, Articles]]:
    for pair in articles:
        aligned = align(pair.original, pair.copy)
        if not aligned.changes:
            mined.identical += 1
        elif aligned.similarity < settings.least_alike:
            mined.unlike += 1
        else:
            mined.articles += 1
            mined.tokens += len(aligned.copy)
            yield aligned, pair


def _spun(aligned: Aligned, settings: MiningSettings, mined: Mined) -> Iterator[Change]:
    """The changes in stretches that were not rewritten as a whole."""
    changed = [0] * (len(aligned.original) + 1)
    for change in aligned.changes:
        for index in range(change.a_start, change.a_end):
            changed[index] = 1
    total = [0]
    for flag in changed:
        total.append(total[-1] + flag)
    half = settings.window // 2
    for change in aligned.changes:
        middle = (change.a_start + change.a_end) // 2
        start, end = max(0, middle - half), min(len(aligned.original), middle + half)
        long = max(change.a_end - change.a_start, change.b_end - change.b_start) > 2 * LONGEST
        if long or total[end] - total[start] > settings.most_changed * max(end - start, 1):
            mined.skipped["rewritten"] += 1
        else:
            yield change


def _widened(aligned: Aligned, change: Change) -> list[Change]:
    """A pure insertion or deletion with the word behind it, before it, or both, so that both sides have words."""
    a, b = aligned.original, aligned.copy
    right = change.a_end < len(a) and change.b_end < len(b) and _word(a[change.a_end])
    left = change.a_start > 0 and change.b_start > 0 and _word(a[change.a_start - 1])
    wider = []
    if right:
        wider.append(change._replace(a_end=change.a_end + 1, b_end=change.b_end + 1))
    if left:
        wider.append(change._replace(a_start=change.a_start - 1, b_start=change.b_start - 1))
    return wider


def _word(token: Token) -> bool:
    return token.text[0].isalnum()


def _run(aligned: Aligned, change: Change) -> Pair:
    """The changed tokens of both sides, without the braces that are residue of option sets."""
    return (
        tuple(token.norm for token in aligned.original[change.a_start : change.a_end]),
        tuple(token.norm for token in aligned.copy[change.b_start : change.b_end] if token.text not in _RESIDUE),
    )


_RESIDUE = frozenset("{}|")


def _place(document: int, aligned: Aligned, change: Change) -> _Place:
    before = " ".join(token.text for token in aligned.copy[max(0, change.b_start - 5) : change.b_start])
    after = " ".join(token.text for token in aligned.copy[change.b_end : change.b_end + 5])
    return _Place(document, _run(aligned, change), before, after)


def _context(place: _Place, variant: Phrase) -> str:
    changed = " ".join(place.run[1])
    shown = " ".join(variant)
    return f"{place.before} {changed.replace(shown, f'[{shown}]', 1)} {place.after}".strip()


def _trimmed(canonical: Phrase, variant: Phrase) -> Pair:
    """The pair without a possessive ending and without marks that both sides share.

    >>> _trimmed(("the", "agency's"), ("the", "company's"))
    (('the', 'agency'), ('the', 'company'))
    """
    while canonical and variant and canonical[-1] == variant[-1] and not canonical[-1][0].isalnum():
        canonical, variant = canonical[:-1], variant[:-1]
    if canonical and variant and canonical[-1].endswith("'s") and variant[-1].endswith("'s"):
        canonical = (*canonical[:-1], canonical[-1][:-2])
        variant = (*variant[:-1], variant[-1][:-2])
    return canonical, variant


def _kept(articles: Iterable[Articles], keys: set[Phrase], settings: MiningSettings) -> Counter[Phrase]:
    """How often each key stands in a stretch that its copy left alone; a key within a longer one counts as well."""
    heads: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        heads[key[0]].add(len(key))
    kept: Counter[Phrase] = Counter()
    for aligned, _ in _usable(articles, settings, Mined()):
        norms = tuple(token.norm for token in aligned.original)
        for start, end in aligned.equal_runs():
            for index in range(start, end):
                for length in heads.get(norms[index], ()):
                    phrase = norms[index : index + length]
                    if index + length <= end and phrase in keys:
                        kept[phrase] += 1
    return kept


def _proposal(
    canonical: Phrase, variant: Phrase, evidence: _Evidence, replaced: int, kept: int, spelling: Mapping[str, str]
) -> Proposal:
    documents = len(evidence.documents)
    share = replaced / (replaced + kept)
    return Proposal(
        _joined(spelling.get(word, word) for word in canonical),
        _joined(variant),
        evidence.count,
        documents,
        kept,
        confidence(evidence.count, documents, share, abs(len(canonical) - len(variant))),
        tuple(evidence.contexts),
        (
            f"aligned: {evidence.count} places in {documents} document{'s' * (documents != 1)}",
            f"aligned: the wording was replaced at {share:.0%} of its places",
        ),
    )


def confidence(count: int, documents: int, share: float, skew: int) -> float:
    """The probability that a mined pair is a spinner's: grows with places, documents, and the share of the wording's
    places that were replaced (an engine replaces nearly all, an editor a few); shrinks with a difference in length.

    The weights are rules of thumb, chosen so that one place in one document gives about 0.6 and ten places in five
    documents at which nearly every occurrence was replaced 0.99.

    >>> round(confidence(10, 5, 0.95, 0), 2), round(confidence(2, 1, 0.05, 3), 2)
    (0.99, 0.45)
    """
    score = -1.0 + 0.7 * log(1 + count) + 0.7 * log(1 + documents) + 2.5 * share - 0.2 * skew
    return 1.0 / (1.0 + exp(-score))


_BEFORE = frozenset(".,;:!?)%’'")


def _joined(words: Iterable[str]) -> str:
    """Words as a phrase, without spaces before marks.

    >>> _joined(["u", ".", "s", "."])
    'u.s.'
    """
    parts: list[str] = []
    for word in words:
        if parts and word not in _BEFORE and parts[-1] not in ".$£€(":
            parts.append(" ")
        parts.append(word)
    return "".join(parts)


def swapped(originals: Sequence[float], copies: Sequence[float]) -> bool:
    """Whether originals and copies seem to have changed places, by the probabilities that each is spun.

    >>> swapped([0.99, 0.98], [0.01, 0.2]), swapped([0.01], [0.02])
    (True, False)
    """
    half = len(originals) / 2
    return sum(p > 0.5 for p in originals) > half and sum(p > 0.5 for p in copies) < half
