"""Why an edit was made, or not: everything that was weighed at a place of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from normalizer.channel import Candidate, Document, Match, format_marks, holds, parse_marks
from normalizer.decoder import Decoder
from normalizer.edits import Alternative, Edit, apply_edits
from normalizer.ignoring import Rules, filter_restoration
from normalizer.lexicon.merging import normal
from normalizer.offsets import OffsetMap
from normalizer.pipeline import SAFE_CONFIDENCE, Normalizer, Passage, blocks
from normalizer.restoration import Detection, Restoration
from normalizer.selection import FINGERPRINT_TRUST
from normalizer.text.lines import LineIndex
from normalizer.text.sentences import sentences
from normalizer.text.tokens import Token, lm_words


class Option(NamedTuple):
    """A candidate at a place.

    ``canonical`` has its tier and conditions in braces, as in a channel file; ``holds`` tells whether they are met.
    ``channel`` is P(surface | canonical), ``share`` the share of the surface's occurrences in spun text that the
    candidate explains, ``language`` the gain in log-probability (nats) of the sentence with the candidate alone put in.
    ``posterior`` is what the lattice says, None where the sentence was not decoded. ``confidence`` is the probability
    of the edit (or of its alternative) that the candidate amounts to, and ``calibrated`` the same in a document that is
    spun for certain; None where there is no such edit.
    """

    canonical: str
    holds: bool
    channel: float
    share: float
    language: float
    posterior: float | None = None
    calibrated: float | None = None
    confidence: float | None = None


class Place(NamedTuple):
    """A stretch of a text, with what the lexicon has for it.

    ``start`` and ``end`` count code points of the original text, ``line`` and ``column`` from 1. ``spun`` is the
    probability that the sentence is spun, ``kept`` the posterior that the stretch stays (None: not decoded). ``edit``
    is the edit made or suggested there, ``verdict`` a sentence that says what came of it.
    """

    start: int
    end: int
    line: int
    column: int
    original: str
    spun: float
    kept: float | None
    options: tuple[Option, ...]
    edit: Edit | None
    verdict: str

    def to_dict(self) -> dict[str, Any]:
        """The place as plain data, numbers rounded to four places."""
        record = _rounded(self._asdict())
        record["options"] = [_rounded(option._asdict()) for option in self.options]
        record["edit"] = self.edit.to_dict() if self.edit else None
        return record


class Explanation(NamedTuple):
    """The state of the document and the places that were asked about, in order."""

    detection: Detection
    places: tuple[Place, ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {"document": self.detection.to_dict(), "places": [place.to_dict() for place in self.places]}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def explain(
    normalizer: Normalizer,
    text: str,
    *,
    line: int | None = None,
    column: int | None = None,
    rules: Rules = Rules(),  # noqa: B008 - immutable
) -> Explanation:
    """Explain the edits and suggestions of a text, or with ``line`` (from 1) everything that was weighed there.

    With ``column`` (code points, from 1) only what touches that place. ``rules`` are those of a configuration.
    """
    plain = normalizer.analyze(text)
    filtered = filter_restoration(plain, rules)
    index = LineIndex(text)
    places = []
    for place in _Explainer(normalizer, text, plain, filtered, index).places():
        if line is None:
            wanted = place.edit is not None
        else:
            last = index.position(max(place.start, place.end - 1))
            wanted = place.line <= line <= last[0]
            if column is not None:
                wanted = wanted and (place.line, place.column) <= (line, column) <= last
        if wanted:
            places.append(place)
    return Explanation(plain.detection, tuple(places))


class _Explainer:
    """Goes through a text as ``Normalizer.analyze`` does, and remembers."""

    def __init__(
        self, normalizer: Normalizer, text: str, plain: Restoration, filtered: Restoration, index: LineIndex
    ) -> None:
        self.normalizer, self.text, self.index = normalizer, text, index
        self.all_edits = (*plain.edits, *plain.suggestions)
        self.made, self.offered = set(filtered.edits), set(filtered.suggestions)

    def places(self) -> list[Place]:
        """Every place that the lexicon has something for, and every edit, in order."""
        encoding, repaired, residue = self.normalizer._prepared(self.text)
        outer, inner = OffsetMap(encoding), OffsetMap(residue)
        text = apply_edits(repaired, residue)
        resolved = inner.spans
        found: list[Place] = []
        for begin, end in blocks(text):
            state, passages = self.normalizer._decoded(text, begin, end, resolved)
            by_start = {passage.decoded.tokens[0].start: passage for passage in passages}
            document = [
                [token._replace(start=token.start + begin, end=token.end + begin) for token in tokens]
                for tokens in sentences(text[begin:end])
            ]
            decoder = self.normalizer.decoder_for(state.likeliest)
            around = Document(document)
            frozen = self.normalizer._frozen(text, begin, end, document, resolved)
            for tokens, spun in zip(document, state.spun, strict=True):
                passage = by_start.get(tokens[0].start) if tokens else None
                for match in decoder.channel.match(tokens):
                    if match.entry.candidates:
                        span = tokens[match.start].start, tokens[match.end - 1].end
                        start, stop = outer.start(inner.start(span[0])), outer.end(inner.end(span[1]))
                        fixed = any(token.start in frozen for token in tokens[match.start : match.end])
                        sure = passage.spun if passage else spun
                        found.append(self._place(match, tokens, decoder, around, passage, sure, (start, stop), fixed))
        covered = {place.edit for place in found}
        found += [self._bare(edit) for edit in self.all_edits if edit not in covered]
        return sorted(found, key=lambda place: (place.start, place.end))

    def _place(
        self,
        match: Match,
        tokens: Sequence[Token],
        decoder: Decoder,
        document: Document,
        passage: Passage | None,
        spun: float,
        span: tuple[int, int],
        protected: bool,
    ) -> Place:
        kept = min(passage.decoded.kept[match.start : match.end]) if passage else None
        original = self.text[span[0] : span[1]]
        touching = [e for e in self.all_edits if e.start < span[1] and span[0] < e.end]
        edit = max(touching, key=lambda e: (min(e.end, span[1]) - max(e.start, span[0]), e.confidence), default=None)
        found = _options(match, tokens, decoder, document, passage)
        options = tuple(sorted((self._weigh(o, span, touching, spun) for o in found), key=_rank))
        verdict = self._verdict(edit, options, kept, spun, protected)
        return Place(*span, *self.index.position(span[0]), original, spun, kept, options, edit, verdict)

    def _weigh(self, option: Option, span: tuple[int, int], touching: Sequence[Edit], spun: float) -> Option:
        """The option with the confidence of the edit that has the same result."""
        start, end = min([span[0], *(e.start for e in touching)]), max([span[1], *(e.end for e in touching)])
        canonical = parse_marks(option.canonical)
        wanted = normal(self.text[start : span[0]] + canonical[0] + self.text[span[1] : end])
        for edit in touching:
            before, after = self.text[start : edit.start], self.text[edit.end : end]
            for text, confidence in [(edit.replacement, edit.confidence), *map(_pair, edit.alternatives)]:
                if normal(before + text + after) == wanted:
                    document = max(spun, FINGERPRINT_TRUST) if canonical[1] == "fingerprint" else spun
                    return option._replace(confidence=confidence, calibrated=min(1.0, confidence / max(1e-9, document)))
        return option

    def _bare(self, edit: Edit) -> Place:
        position = self.index.position(edit.start)
        verdict = self._verdict(edit, (), None, 1.0, False)
        return Place(edit.start, edit.end, *position, edit.original, edit.confidence, None, (), edit, verdict)

    def _verdict(
        self, edit: Edit | None, options: Sequence[Option], kept: float | None, spun: float, protected: bool
    ) -> str:
        least = self.normalizer.min_confidence
        if edit is not None:
            change = f"{edit.original!r} → {edit.replacement!r}"
            if edit in self.made:
                rule = (
                    "it is of the safe tier" if self.normalizer.safe else f"{edit.confidence:.3f} is at least {least}"
                )
                return f"edited: {change}; {rule}"
            if edit not in self.offered:
                return f"left out by an ignore rule, a protected term or a comment: {change}"
            if edit.tier == "report":
                return f"only suggested: {change}; its tier is report"
            if self.normalizer.safe:
                why = f"its tier is {edit.tier}" if edit.tier == "context" else f"{edit.confidence:.3f} is too little"
                return f"only suggested: {change}; not of the safe tier ({SAFE_CONFIDENCE}), for {why}"
            return f"only suggested: {change}; {edit.confidence:.3f} is less than --min-confidence {least}"
        if protected:
            return "left alone: protected (a name, an address, a handle, code, markup or a term of yours)"
        if not any(option.holds for option in options):
            return "left alone: no candidate's conditions are met"
        if kept is None:
            return f"left alone: the sentence is hardly spun ({spun:.3f})"
        return f"left alone: the words as they are have the posterior {kept:.3f}"


def _options(
    match: Match, tokens: Sequence[Token], decoder: Decoder, document: Document, passage: Passage | None
) -> Iterator[Option]:
    norms, words = [token.norm for token in tokens], [token.lm for token in tokens]
    unchanged = decoder.model.log_probability(words)
    for candidate in match.entry.candidates:
        new = lm_words(match.prefix + candidate.text + match.suffix)
        language = decoder.model.log_probability([*words[: match.start], *new, *words[match.end :]]) - unchanged
        condition = candidate.condition
        held = condition is None or holds(condition, norms, match.start, match.end, document)
        name = format_marks(candidate.text, candidate.tier, condition)
        option = Option(name, held, candidate.probability, candidate.share, language)
        yield option._replace(posterior=_posterior(candidate, match, passage)) if passage and held else option


def _posterior(candidate: Candidate, match: Match, passage: Passage) -> float:
    place = match.start, match.end, candidate.key, match.entry.surface
    return sum((p for r, p in passage.decoded.readings if (r.start, r.end, r.key, r.surface) == place), 0.0)


def _pair(alternative: Alternative) -> tuple[str, float]:
    return alternative.text, alternative.confidence


def _rank(option: Option) -> tuple[float, float]:
    return -(option.posterior or 0.0), -option.language
