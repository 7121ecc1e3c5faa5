"""Normalizer: the one place where the stages meet.

bytes → text → encoding → residue → tokens → document state → decoded readings → edits
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import exp
from pathlib import Path
from typing import Any, Literal, NamedTuple

from normalizer.acronyms import agree
from normalizer.calibration import Calibration, read_calibrations
from normalizer.channel import Channel, Document
from normalizer.consistency import consistent
from normalizer.decoder import Decoded, Decoder
from normalizer.edits import KINDS, LEXICAL_KINDS, Alternative, Edit, apply_edits
from normalizer.errors import ConfigError
from normalizer.evidence import Judge, State
from normalizer.features import Observer
from normalizer.ignoring import ProtectedTerm, Rules
from normalizer.language_model import LanguageModel, load_model
from normalizer.lexicon.numbers import open_values, read_numbers
from normalizer.lexicon.words import read_words
from normalizer.offsets import OffsetMap, carry_back, compose
from normalizer.resources import CHANNEL, MODEL, TOPICS, lexicon_path
from normalizer.restoration import Detection, Engine, Restoration, joined
from normalizer.selection import LEAST, Proposal, propose
from normalizer.text.names import names
from normalizer.text.protect import Protected, quotations
from normalizer.text.sentences import sentences
from normalizer.text.spintax import OptionSet, option_sets
from normalizer.text.tokens import Token, lm_words
from normalizer.topic import TopicModel

Assume = Literal["auto", "spun", "clean"]
Quotes = Literal["repair", "leave"]

DEFAULT_CONFIDENCE = 0.62
"""The default threshold: the low end of the flat maximum of F0.5 on the goldens (0.6 to 0.75), which keeps recall."""

SAFE_CONFIDENCE = 0.97
"""The safe tier of residue; that of words is in the calibration file, as it depends on the channel."""

BLOCK = 100_000
"""Longer texts (code points) are judged and decoded in blocks of about this size, cut at line or word ends."""

_LEAST_SPUN = 0.1
"""Below this probability of being spun a sentence is not decoded at all."""


class Passage(NamedTuple):
    """A decoded sentence, the probability that it is spun, and what its confidences come from."""

    decoded: Decoded
    spun: float
    calibration: Calibration
    observer: Observer


class Normalizer:
    """Restores spun text. Loads once; immutable; picklable; safe to share between threads.

    ``min_confidence``: edits with a smaller probability of being right are held back as suggestions (default: the
    value that maximises F0.5 on the goldens). ``safe``: apply only edits of the safe tier. ``assume``: take documents
    as ``"spun"`` or ``"clean"`` instead of judging each (``"auto"``); ``"spun"`` gains recall on short texts and costs
    false positives on clean ones. ``only``/``skip``: kinds of edit to make. ``quotes``: ``"leave"`` keeps the wording
    of quotations (spinners alter those too, so the default repairs them). ``protect``: terms that no edit may touch,
    words or ``/regular expressions/``. ``lexicon``: another lexicon folder. ``model``: another language model (a KenLM
    binary, an ARPA file or a mixture that ``model build`` wrote). ``lexicons``: tables, channel files or folders of
    one's own that extend it, or with ``default_lexicons=False`` stand in its place. ``cache``: a folder where compiled
    tables are kept from run to run; without it nothing is written.

    Raises ``ConfigError`` for values that make no sense, ``LexiconError`` or ``ModelError`` when data cannot be read.

    >>> normalizer = Normalizer(assume="spun")
    >>> normalizer.analyze("Austrian International Minister Matthias Lindauer was there.").restored
    'Austrian Foreign Minister Matthias Lindauer was there.'
    """

    def __init__(
        self,
        *,
        min_confidence: float | None = None,
        safe: bool = False,
        assume: Assume = "auto",
        only: Collection[str] = (),
        skip: Collection[str] = ("markup",),
        quotes: Quotes = "repair",
        protect: Collection[str] = (),
        lexicon: Path | str | None = None,
        model: Path | str | None = None,
        lexicons: Sequence[Path | str] = (),
        default_lexicons: bool = True,
        cache: Path | str | None = None,
    ) -> None:
        if min_confidence is not None and not 0.0 <= min_confidence <= 1.0:
            raise ConfigError(f"min_confidence is a probability from 0 to 1, not {min_confidence}")
        if assume not in ("auto", "spun", "clean"):
            raise ConfigError(f"assume is auto, spun or clean, not {assume!r}")
        if quotes not in ("repair", "leave"):
            raise ConfigError(f"quotes is repair or leave, not {quotes!r}")
        if isinstance(protect, str):
            raise ConfigError(f"protect is a list of terms, such as [{protect!r}]")
        self._rules = Rules(protect=tuple(map(ProtectedTerm, protect)), inline=False)
        for term in self._rules.protect:
            term.check()
        for kind in (*only, *skip):
            if kind not in KINDS:
                raise ConfigError(f"{kind!r} is no kind of edit; kinds are {', '.join(KINDS)}")
        self.min_confidence = DEFAULT_CONFIDENCE if min_confidence is None else min_confidence
        self.safe, self.assume, self.quotes = safe, assume, quotes
        self.kinds = frozenset(kind for kind in KINDS if (not only or kind in only) and kind not in skip)
        self.lexicon = Path(lexicon) if lexicon is not None else lexicon_path("en")
        self.model = Path(model) if model is not None else None
        if not default_lexicons and not lexicons:
            raise ConfigError("without the default lexicons there is nothing to go by; name a lexicon")
        self.lexicons, self.default_lexicons = tuple(Path(path) for path in lexicons), default_lexicons
        if self.lexicons:
            from normalizer.lexicon.extending import files_of

            for path in self.lexicons:
                files_of(path)
        self.cache = Path(cache) if cache is not None else None

    def __getstate__(self) -> dict[str, Any]:
        _ = self._overlay  # compiled once, and the same for every copy
        return {name: value for name, value in vars(self).items() if name not in _LOADED}

    @cached_property
    def _decoder(self) -> Decoder:
        channel = self._base.extended(self._overlay)
        topics = TopicModel(self.lexicon / TOPICS) if (self.lexicon / TOPICS).is_file() else None
        return Decoder(channel, self._model, read_numbers(self.lexicon / "numbers.tsv"), topics=topics)

    @cached_property
    def _model(self) -> LanguageModel:
        return load_model(self.model or self.lexicon / MODEL)

    @cached_property
    def _base(self) -> Channel:
        return Channel([self.lexicon / CHANNEL] if self.default_lexicons else [])

    @cached_property
    def _overlay(self) -> Mapping[str, str]:
        if not self.lexicons:
            return {}
        from normalizer.lexicon.extending import overlay

        return overlay(self._base, self.lexicons, self._model, self.cache)

    @property
    def lexicons_digest(self) -> str:
        """A hash of what ``lexicons`` add, and of whether they stand alone: equal for lexicons that know the same."""
        from hashlib import blake2b

        lines = "\n".join([str(self.default_lexicons), *(line for _, line in sorted(self._overlay.items()))])
        return blake2b(lines.encode(), digest_size=16).hexdigest()

    @cached_property
    def _thesaurus(self) -> Decoder:
        """For plain thesaurus spinners; loads when the first document calls for it."""
        main = self._decoder
        return Decoder(Channel([self.lexicon / "thesaurus.tsv"]), main.model, main.numbers, topics=main.topics)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(
            self._decoder.channel,
            open_values(self.lexicon / "thesaurus-weights.tsv") if self.default_lexicons else {},
            read_words(self.lexicon / "function-words.txt"),
        )

    @cached_property
    def _given_names(self) -> frozenset[str]:
        return read_words(self.lexicon / "given-names.txt")

    @cached_property
    def _calibrations(self) -> Mapping[str, Calibration]:
        return read_calibrations(self.lexicon / "calibration.json")

    def analyze(self, text: str) -> Restoration:
        """Find everything that should change in ``text``.

        Never changes what it is given: the result holds the edits and can apply them.
        """
        encoding, repaired, residue = self._prepared(text)
        plain = apply_edits(repaired, residue)
        lexical: list[Edit] = []
        states: list[State] = []
        for start, end in blocks(plain):
            state, found = self._lexical(plain, start, end, list(_placed(residue)))
            states.append(state)
            lexical += (proposal.edit for proposal in found)
        applied = [edit for edit in lexical if self._wanted(edit)]
        held_back = [edit for edit in lexical if edit.kind in self.kinds and not self._wanted(edit)]
        edits = compose(encoding, text, compose(residue, repaired, applied))
        suggestions = carry_back(encoding, carry_back(residue, held_back))
        earlier, later = OffsetMap(encoding), OffsetMap(residue)
        detection = joined([state.detection for state in states]).moved(
            lambda place: earlier.start(later.start(place)), lambda place: earlier.end(later.end(place))
        )
        return Restoration(text, tuple(edits), tuple(e for e in suggestions if e.confidence >= LEAST), detection)

    def _prepared(self, text: str) -> tuple[list[Edit], str, list[Edit]]:
        """The edits of the encoding, the text with them, and the edits of the residue in that text."""
        from normalizer.text.encoding import repair_encoding

        encoding = [edit for edit in repair_encoding(text) if self._wanted(edit)] if "encoding" in self.kinds else []
        repaired = apply_edits(text, encoding)
        residue = [edit for edit in self._resolve(repaired) if self._wanted(edit)] if "spintax" in self.kinds else []
        return encoding, repaired, residue

    def detect(self, text: str) -> Detection:
        """Judge how likely ``text`` is spun, without decoding it."""
        return joined([self._judge(_shifted(text, start, end), text).detection for start, end in blocks(text)])

    def proposals(self, text: str) -> tuple[Engine, list[Proposal]]:
        """The likeliest kind of engine of ``text``, and every change of words considered, with its features.

        What a refit of the calibration needs; encoding and residue are left as they are.
        """
        state, found = self._lexical(text, 0, len(text), ())
        return state.likeliest, found

    def pipe(self, texts: Iterable[str], *, jobs: int = 1) -> Iterator[Restoration]:
        """Analyse a stream of texts, in order; ``jobs`` processes, with a bounded number of texts in flight."""
        if jobs <= 1:
            return map(self.analyze, texts)
        from normalizer.parallel import ordered_map

        return ordered_map(self.analyze, texts, jobs)

    def _wanted(self, edit: Edit) -> bool:
        if edit.kind not in self.kinds:
            return False
        if edit.tier == "report":
            return False
        return edit.safe if self.safe else edit.confidence >= self.min_confidence

    def _lexical(
        self, text: str, start: int, end: int, resolved: Sequence[tuple[int, int]]
    ) -> tuple[State, list[Proposal]]:
        state, passages = self._decoded(text, start, end, resolved)
        curly = text.count("’", start, end) > text.count("'", start, end)
        found = [
            proposal
            for decoded, share, calibration, observer in passages
            for proposal in propose(decoded, text, share, calibration, observer, curly=curly)
        ]
        return state, consistent(sorted(found, key=lambda proposal: proposal.edit.start))

    def _decoded(
        self, text: str, start: int, end: int, resolved: Sequence[tuple[int, int]]
    ) -> tuple[State, list[Passage]]:
        """Judge and decode ``text[start:end]``; sentences with nothing to decode are left out."""
        document = list(_shifted(text, start, end))
        state = self._judge(document, text)
        sure = {"spun": 1.0, "clean": 0.0}.get(self.assume)
        spun = state.spun if sure is None else (sure,) * len(document)
        fingerprinted = [] if self.assume == "clean" else self._fingerprinted(document, spun)
        if (max(spun, default=0.0) < _LEAST_SPUN and not fingerprinted) or not LEXICAL_KINDS & self.kinds:
            return state, []
        frozen = self._frozen(text, start, end, document, resolved)
        engine = state.likeliest if self.assume == "auto" else "replaces-all"
        rate = state.rate if self.assume == "auto" else 1.0
        decoder = self.decoder_for(engine)
        calibration = self._calibrations.get(engine, Calibration())
        context = Document(document)
        likely = [(tokens, share) for tokens, share in zip(document, spun, strict=True) if share >= _LEAST_SPUN]
        decoded_all = decoder.decode((tokens for tokens, _ in likely), rate=rate, frozen=frozen, context=context)
        results = [agree(decoded) for decoded in decoded_all]
        observer = Observer(results, decoder.channel, decoder.model)
        passages = [
            Passage(decoded, share, calibration, observer) for decoded, (_, share) in zip(results, likely, strict=True)
        ]
        if fingerprinted:
            calibration = self._calibrations.get("replaces-all", Calibration())
            results = self._decoder.decode(fingerprinted, frozen=frozen, context=context, fingerprints_only=True)
            observer = Observer(results, self._decoder.channel, decoder.model)
            passages += [Passage(decoded, 0.0, calibration, observer) for decoded in results]
        return state, passages

    def decoder_for(self, engine: str) -> Decoder:
        """The decoder for documents that an engine of this kind has spun."""
        return self._thesaurus if engine == "thesaurus" and self.assume == "auto" else self._decoder

    def _frozen(
        self, text: str, start: int, end: int, document: Sequence[Sequence[Token]], resolved: Iterable[tuple[int, int]]
    ) -> set[int]:
        """The start offsets of the tokens of ``text[start:end]`` that stay as they are."""
        block = text[start:end]
        also = [(first - start, last - start) for first, last in resolved]
        also += self._rules.spans(block)
        also += quotations(block) if self.quotes == "leave" else []
        protected = Protected(block, also)
        frozen = {
            token.start
            for tokens in document
            for token in tokens
            if protected.covers(token._replace(start=token.start - start))
        }
        return frozen | names(document, self._given_names)

    def _fingerprinted(self, document: Sequence[Sequence[Token]], spun: Sequence[float]) -> list[Sequence[Token]]:
        """The sentences that are not judged spun but hold what clean prose never has."""
        found = self._decoder.channel.has_fingerprint
        return [tokens for tokens, share in zip(document, spun, strict=True) if share < _LEAST_SPUN and found(tokens)]

    def _resolve(self, text: str) -> list[Edit]:
        """Resolve what is left of option sets: the only option, or the one that the language model prefers."""
        sets = option_sets(text)
        if sets and self.quotes == "leave":
            quoted = quotations(text)
            sets = [found for found in sets if not any(a <= found.start < b for a, b in quoted)]
        spun = 0.0 if self.assume == "clean" else 1.0
        if self.assume == "auto" and any(len(found.options) == 1 for found in sets):
            spun = self.detect(text).spun_probability
        edits = []
        for found in sets:
            ranked = self._rank(text, found)
            (choice, confidence), others = ranked[0], ranked[1:]
            confidence *= 1.0 if others else spun  # one word in braces may be a template's variable
            edits.append(
                Edit(
                    found.start,
                    found.end,
                    text[found.start : found.end],
                    choice,
                    "spintax",
                    confidence,
                    tuple(Alternative(option, share) for option, share in others if option)[:4],
                    ("residue: the only option in braces" if not others else "residue: language model",),
                    confidence >= SAFE_CONFIDENCE,
                )
            )
        return edits

    def _rank(self, text: str, found: OptionSet) -> list[tuple[str, float]]:
        if len(found.options) == 1:
            return [(found.options[0], 0.99)]
        before = _WORDS_BEFORE.search(text, max(0, found.start - 80), found.start)
        left = lm_words(before.group() if before else "")
        right = lm_words(text[found.end : found.end + 40].split("\n")[0])[:3]
        model = self._decoder.model
        scores = [model.log_probability((*left, *lm_words(option), *right), sentence=False) for option in found.options]
        best = max(scores)
        weights = [exp(score - best) for score in scores]
        total = sum(weights)
        return sorted(
            ((option, weight / total) for option, weight in zip(found.options, weights, strict=True)),
            key=lambda pair: -pair[1],
        )


_LOADED = frozenset({"_decoder", "_thesaurus", "_judge", "_calibrations", "_model", "_base", "_given_names"})
"""What a copy in another process loads anew instead of carrying it along."""

_WORDS_BEFORE = re.compile(r"[^\n.!?{}]*\Z")


def restore(text: str) -> str:
    """Restore one text with the default settings. For many texts, keep a ``Normalizer``.

    >>> restore("Nothing to see here.")
    'Nothing to see here.'
    """
    return Normalizer().analyze(text).restored


def blocks(text: str, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Cut a text into blocks of about ``size`` code points, at a line end or else between words.

    >>> list(blocks("one two three", 5))
    [(0, 4), (4, 8), (8, 13)]
    """
    start = 0
    while len(text) - start > size:
        end = start + size
        cut = text.rfind("\n", start + size // 2, end)
        cut = cut if cut > 0 else text.rfind(" ", start + 1, end)
        end = cut + 1 if cut > 0 else end
        yield start, end
        start = end
    yield start, len(text)


def _shifted(text: str, start: int, end: int) -> Iterator[list[Token]]:
    if start == 0:
        yield from sentences(text[:end])
        return
    for tokens in sentences(text[start:end]):
        yield [token._replace(start=token.start + start, end=token.end + start) for token in tokens]


def _placed(edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    shift = 0
    for edit in edits:
        begin = edit.start + shift
        yield begin, begin + len(edit.replacement)
        shift += len(edit.replacement) - len(edit.original)
