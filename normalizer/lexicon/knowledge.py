"""What the lexicon knows: of a word or phrase in both directions, in numbers, and of a given text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from normalizer.channel import Candidate, Channel, Document, holding
from normalizer.errors import LexiconError
from normalizer.language_model import LanguageModel
from normalizer.lexicon.merging import normal
from normalizer.lexicon.table import Condition, PartOfSpeech, Row, Tier
from normalizer.text.tokens import Token


class Weighed(NamedTuple):
    """A pair with its weights in the channel, as a ``Candidate`` has them."""

    surface: str
    canonical: str
    probability: float
    share: float
    tier: Tier
    condition: Condition | None


class Listed(NamedTuple):
    """A pair as a table has it, with the place of its line."""

    canonical: str
    variant: str
    part_of_speech: PartOfSpeech
    tier: Tier
    condition: Condition
    domain: str
    note: str
    source: str
    place: str


class Known(NamedTuple):
    """All that is known of a wording.

    ``zipf`` is its frequency in clean text (log10 of occurrences in a thousand million words), ``in_model`` whether the
    language model has all its words. ``replaced``, ``gain`` and ``kept_share`` are those of the channel, None where it
    has no entry. ``stands_for``: canonicals that spinners write it for; ``replaced_by``: what spinners write for it;
    ``variant_in`` and ``canonical_in``: the lines of the tables.
    """

    wording: str
    zipf: float
    in_model: bool
    replaced: float | None
    gain: float | None
    kept_share: float | None
    stands_for: tuple[Weighed, ...]
    replaced_by: tuple[Weighed, ...]
    variant_in: tuple[Listed, ...]
    canonical_in: tuple[Listed, ...]

    def __bool__(self) -> bool:
        return bool(self.stands_for or self.replaced_by or self.variant_in or self.canonical_in or self.replaced)


def know(wording: str, channel: Channel, rows: Iterable[Row], model: LanguageModel, zipf: float) -> Known:
    """All that a channel and the rows of tables know of a wording, inflected forms included.

    ``zipf`` is its frequency, which ``normalizer.lexicon.frequency`` tells.
    """
    key = normal(wording)
    forms = {key, *lemmas(key)}
    entry = channel.get(key)
    variant_in, canonical_in = [], []
    for row in rows:
        is_canonical = normal(row.canonical) in forms
        for listed in _listed(row):
            if is_canonical:
                canonical_in.append(listed)
            if normal(listed.variant) in forms:
                variant_in.append(listed)
    return Known(
        key,
        zipf,
        all(token in model for token in key.split(" ")),
        entry.replaced if entry else None,
        entry.gain if entry else None,
        entry.kept_share if entry else None,
        tuple(_weighed(key, candidate) for candidate in entry.candidates) if entry else (),
        tuple(sorted(_replaced_by(key, channel), key=lambda pair: (-pair.probability, pair.surface))),
        tuple(variant_in),
        tuple(canonical_in),
    )


def _listed(row: Row) -> Iterator[Listed]:
    for variant, tier in zip(row.variants, row.tiers, strict=True):
        yield Listed(
            row.canonical,
            variant.text,
            row.part_of_speech,
            tier,
            row.condition,
            row.domain,
            row.note,
            row.source,
            row.place,
        )


def _weighed(surface: str, candidate: Candidate) -> Weighed:
    c = candidate
    return Weighed(surface, c.text, c.probability, c.share, c.tier, c.condition)


def _replaced_by(key: str, channel: Channel) -> Iterator[Weighed]:
    for surface in channel.surfaces():
        line = channel.line(surface)
        if line and key in line.lower():
            entry = channel.get(surface)
            yield from (_weighed(surface, c) for c in (entry.candidates if entry else ()) if c.key == key)


def lemmas(phrase: str) -> set[str]:
    """The dictionary forms that an inflected word or phrase may come from, by its first or its last word.

    Raises ``LexiconError`` when LemmInflect is not installed.

    >>> sorted(lemmas("rail links")), sorted(lemmas("took in"))
    (['rail link'], ['take in'])
    """
    head, _, tail = phrase.partition(" ")
    before, _, last = phrase.rpartition(" ")
    found = {f"{lemma} {tail}".strip() for lemma in _lemmas(head, "VERB")}
    found |= {f"{before} {lemma}".strip() for lemma in _lemmas(last, "NOUN")}
    if " " not in phrase:
        found |= set(_lemmas(phrase, "ADJ"))
    return found - {phrase}


def _lemmas(word: str, part: str) -> tuple[str, ...]:
    try:
        from lemminflect import getLemma
    except ImportError as error:
        raise LexiconError(f"LemmInflect could not be imported ({error}); reinstall normalizer") from error
    found: tuple[str, ...] = getLemma(word, upos=part) if word.isalpha() else ()
    return found


class Counts(NamedTuple):
    """How much there is in tables: entries and pairs, in all and by what they are."""

    entries: int
    pairs: int
    by_domain: Mapping[str, int]
    by_tier: Mapping[str, int]
    by_part_of_speech: Mapping[str, int]
    conditional: int


def count(rows: Iterable[Row]) -> Counts:
    """Count the pairs of tables, before inflection."""
    domains: Counter[str] = Counter()
    tiers: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    entries = conditional = 0
    for row in rows:
        entries += 1
        domains[row.domain] += len(row.variants)
        parts[row.part_of_speech] += len(row.variants)
        tiers.update(row.tiers)
        conditional += len(row.variants) * (row.condition != Condition())
    return Counts(entries, sum(domains.values()), domains, tiers, parts, conditional)


class Coverage(NamedTuple):
    """What the lexicon knows of a text.

    ``words``: words in all, punctuation and numbers aside. ``variants``: words inside of surfaces that spinners leave
    behind; ``canonicals``: words inside of wordings that they replace; ``unknown``: words that the language model has
    never seen. ``surfaces`` and ``strangers`` hold the commonest of the first and the last kind, with their numbers;
    ``by_tier`` counts the surfaces by the best tier of their candidates.
    """

    words: int
    variants: int
    canonicals: int
    unknown: int
    by_tier: Mapping[str, int]
    surfaces: Sequence[tuple[str, int]]
    strangers: Sequence[tuple[str, int]]


def cover(sentences: Iterable[Sequence[Token]], channel: Channel, model: LanguageModel, most: int = 10) -> Coverage:
    """How much of a text the channel and the language model know, each word counted once for each kind."""
    document = [tokens for tokens in sentences if tokens]
    around = Document(document)
    words = variants = canonicals = 0
    tiers: Counter[str] = Counter()
    surfaces: Counter[str] = Counter()
    strangers: Counter[str] = Counter()
    for tokens in document:
        wordlike = [token.text[0].isalpha() for token in tokens]
        words += sum(wordlike)
        strangers.update(token.norm for token in tokens if token.text[0].isalpha() and token.lm not in model)
        in_variants: set[int] = set()
        in_canonicals: set[int] = set()
        for match in holding(channel.match(tokens), tokens, around):
            places = {index for index in range(match.start, match.end) if wordlike[index]}
            if match.entry.candidates:
                in_variants |= places
                surfaces[match.entry.surface] += 1
                tiers[min((c.tier for c in match.entry.candidates), key=_TRUST.index)] += 1
            if match.entry.replaced >= 0.5:
                in_canonicals |= places
        variants, canonicals = variants + len(in_variants), canonicals + len(in_canonicals)
    return Coverage(
        words,
        variants,
        canonicals,
        sum(strangers.values()),
        tiers,
        _commonest(surfaces, most),
        _commonest(strangers, most),
    )


_TRUST: tuple[Tier, ...] = ("fingerprint", "spun", "context", "report")


def _commonest(counts: Counter[str], most: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
