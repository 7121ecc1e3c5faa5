"""The channel: what a spinner writes for which word, and with what probability.

A channel file begins with the line ``# normalizer channel 2`` and has a line for every surface that a spinner may leave
behind or would have replaced::

    surface <TAB> replaced <TAB> gain <TAB> kept share [<TAB> canonical <TAB> probability <TAB> share]…

``replaced`` is the probability that the surface, where it is itself a canonical wording, does not survive. ``gain`` is
how much more often the surface stands in spun text than in clean text because canonicals turn into it, as a multiple
of its clean frequency. Every candidate has P(surface | canonical) and the share of the surface's occurrences in spun
text that it explains; ``kept share`` is the share that nothing explains. The weights come from expectation
maximisation on unlabelled spun text (``normalizer.learn``).

A canonical may end in marks: its tier, and where the pair holds: ``counterfeit {fingerprint}``,
``foreign {context; next=minister,secretary; without=passport}``. Without marks the tier is ``spun`` and the pair holds
everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import isfinite, log
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from normalizer.errors import LexiconError
from normalizer.lexicon.sorted_lines import LETTERS, Groups, beginning, read_sorted
from normalizer.lexicon.table import LARGEST, TIERS, Condition, Tier
from normalizer.text.tokens import Token, tokenize
from normalizer.text.typography import is_typographic

FIRST_LINE = "# normalizer channel"
"""How a channel file begins; the version of the format follows."""

FORMAT = 2
"""The version of the format that this module reads and writes. Version 1 had no marks and no first line."""

MARK = "{fingerprint"
"""What the line of a surface with a fingerprint holds."""

_CERTAIN = 0.995


class Candidate(NamedTuple):
    """A canonical wording that a surface may stand for.

    ``key`` is its normalised form, ``words`` its language-model tokens, ``probability`` P(surface | canonical) and
    ``share`` the share of the surface's occurrences that it explains in spun text. ``tier`` says how far the pair may
    be trusted, ``condition`` where it holds (None: everywhere).
    """

    text: str
    key: str
    words: tuple[str, ...]
    probability: float
    share: float
    tier: Tier = "spun"
    condition: Condition | None = None


class Entry(NamedTuple):
    """All that the channel knows of one surface.

    ``conditional`` and ``fingerprint`` tell whether any candidate has a condition, or the tier of fingerprints.
    """

    surface: str
    replaced: float
    gain: float
    kept_share: float
    candidates: tuple[Candidate, ...]
    conditional: bool = False
    fingerprint: bool = False


class Match(NamedTuple):
    """A known surface in a sentence: tokens ``start`` to ``end`` (exclusive), with what is glued to it.

    ``prefix`` and ``suffix`` are the parts of a compound or contraction that stay: ``won't`` spun to ``received't``
    matches ``received`` with the suffix ``'t``.
    """

    start: int
    end: int
    entry: Entry
    prefix: str = ""
    suffix: str = ""


class Document:
    """What places of a document need to know of the rest: its words, for the conditions of pairs, and its typography.

    Phrases are looked for only when a condition asks.

    >>> from normalizer.text.tokens import tokenize
    >>> document = Document([tokenize("The bank of the river"), tokenize("It rained.")])
    >>> "river" in document, "bank of the" in document, "river it" in document
    (True, True, False)
    """

    def __init__(self, sentences: Iterable[Sequence[Token]]) -> None:
        self._sentences = tuple(sentences)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(token.norm for tokens in self._sentences for token in tokens)

    @cached_property
    def _text(self) -> str:
        return "\n".join(f" {' '.join(token.norm for token in tokens)} " for tokens in self._sentences)

    @cached_property
    def typographic(self) -> bool:
        """Whether the writer uses typographic apostrophes."""
        return is_typographic(self._sentences)

    def __contains__(self, phrase: str) -> bool:
        return f" {phrase} " in self._text if " " in phrase else phrase in self._words


class _Group(NamedTuple):
    """The lines whose surfaces begin alike, by surface.

    ``longest``: the first two words of surfaces of three or more, and the most words of those that begin with them;
    ``marked``: the first words of surfaces that have a fingerprint, and the most words of those.
    """

    lines: dict[str, str]
    longest: dict[str, int]
    marked: dict[str, int]


class Channel:
    """An immutable channel, read from one or more files; later files override earlier ones line by line.

    ``overlay`` (surface -> its line) overrides them all. The first file is read as it is needed, if it is sorted.
    Raises ``LexiconError`` for a missing file, a file of a later format, or a malformed line.
    """

    def __init__(self, paths: Iterable[Path | str], overlay: Mapping[str, str] = MappingProxyType({})) -> None:
        self.paths = tuple(Path(path) for path in paths)
        self.overlay = overlay
        self._sorted = read_sorted(self.paths[0]) if self.paths else None
        self._own: dict[str, str] = {}
        for path in self.paths[self._sorted is not None :]:
            self._own.update(read_lines(path))
        self._own.update(overlay)
        self._own_groups = _grouped(self._own)
        self._groups = Groups(self._read)
        self._entries: dict[str, Entry] = {}

    def __reduce__(self) -> tuple[type[Channel], tuple[tuple[Path, ...], dict[str, str]]]:
        return Channel, (self.paths, dict(self.overlay))

    def extended(self, overlay: Mapping[str, str]) -> Channel:
        """The channel with an overlay on top, without reading the files again."""
        if not overlay:
            return self
        other = Channel((), {**self._own, **overlay})
        other.paths, other.overlay, other._sorted = self.paths, {**self.overlay, **overlay}, self._sorted
        return other

    def __len__(self) -> int:
        return len(self._every())

    def __contains__(self, surface: str) -> bool:
        return surface in self._groups[beginning(surface)].lines

    def _every(self) -> dict[str, str]:
        every = {line[: line.index("\t")]: line for line in self._sorted or ()}
        every.update(self._own)
        return every

    def _read(self, name: str) -> _Group:
        """The lines of the surfaces whose ``beginning`` is ``name``."""
        lines = {line.partition("\t")[0]: line for line in self._sorted.group(name)} if self._sorted else {}
        lines.update(self._own_groups.get(name, ()))
        marked: dict[str, int] = {}
        for surface, line in lines.items():
            if MARK in line:
                first = surface.partition(" ")[0]
                marked[first] = max(marked.get(first, 0), surface.count(" ") + 1)
        return _Group(lines, _longest_by_start(lines), marked)

    def surfaces(self) -> Iterable[str]:
        """All surfaces, in the order of the files."""
        return self._every().keys()

    def line(self, surface: str) -> str | None:
        """The line of a surface as it stands in the file, or ``None``."""
        return self._groups[beginning(surface)].lines.get(surface)

    @property
    def fingerprints(self) -> frozenset[str]:
        """The surfaces with a candidate of the tier ``fingerprint``."""
        return frozenset(surface for surface, line in self._every().items() if MARK in line)

    def has_fingerprint(self, tokens: Sequence[Token]) -> bool:
        """Whether a surface of the tier ``fingerprint`` stands in a sentence; its conditions are not looked at."""
        for start, token in enumerate(tokens):
            norm = token.norm
            group = self._groups[norm[:LETTERS]]
            if norm in group.marked:
                longest = min(group.marked[norm], len(tokens) - start)
                norms = [other.norm for other in tokens[start : start + longest]]
                if any(MARK in group.lines.get(" ".join(norms[:size]), "") for size in range(1, longest + 1)):
                    return True
        return False

    def get(self, surface: str) -> Entry | None:
        """The entry of a normalised surface, or ``None``."""
        try:
            return self._entries[surface]
        except KeyError:
            line = self.line(surface)
            if line is None:
                return None
            try:
                entry = parse_line(line)
            except ValueError as error:
                raise self._malformed(surface, error) from error
            self._entries[surface] = entry
            return entry

    def _malformed(self, surface: str, error: ValueError) -> LexiconError:
        for path in reversed(self.paths):
            if surface not in self.overlay:
                for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                    if line.startswith(f"{surface}\t"):
                        return _malformed(path, number, surface, error)
        return LexiconError(f"the line of {surface!r} is malformed ({error}); rebuild the channel")

    def match(self, tokens: Sequence[Token]) -> list[Match]:
        """Every known surface in a sentence, overlapping and nested ones included."""
        norms = [token.norm for token in tokens]
        count = len(norms)
        matches: list[Match] = []
        groups, get = self._groups, self.get
        for start, norm in enumerate(norms):
            lines, longest, _ = groups[norm[:LETTERS]]
            if norm in lines and (entry := get(norm)):
                matches.append(Match(start, start + 1, entry))
            if start + 1 < count:
                text = f"{norm} {norms[start + 1]}"
                if text in lines and (entry := get(text)):
                    matches.append(Match(start, start + 2, entry))
                for end in range(start + 3, min(start + longest.get(text, 0), count) + 1):
                    text = f"{text} {norms[end - 1]}"
                    if text in lines and (entry := get(text)):
                        matches.append(Match(start, end, entry))
            if "'" in norm or "-" in norm:
                matches += self._glued(norms, start)
        return matches

    def longest_matches(self, tokens: Sequence[Token]) -> list[Match]:
        """The known surfaces of a sentence from left to right, the longest at each place, without overlaps."""
        norms = [token.norm for token in tokens]
        count = len(norms)
        matches: list[Match] = []
        groups, get, new = self._groups, self.get, tuple.__new__
        start = 0
        while start < count:
            text = norm = norms[start]
            lines, longest, _ = groups[norm[:LETTERS]]
            reach = longest.get(f"{norm} {norms[start + 1]}", 2) if start + 1 < count else 1
            if reach > 1:
                reach = min(reach, count - start)
                text = " ".join(norms[start : start + reach])
            while True:
                if text in lines and (entry := get(text)):
                    matches.append(new(Match, (start, start + reach, entry, "", "")))
                    break
                if reach == 1:
                    break
                reach -= 1
                text = norm if reach == 1 else " ".join(norms[start : start + reach])
            start += reach
        return matches

    def _glued(self, norms: Sequence[str], index: int) -> Iterable[Match]:
        """Surfaces that are a part of the token at ``index``: before an apostrophe, or between hyphens."""
        token = norms[index]
        stem, mark, tail = token.rpartition("'")
        if mark and stem and tail and token not in self:
            for start in range(max(0, index - 3), index + 1):
                surface = " ".join([*norms[start:index], stem])
                if entry := self.get(surface):
                    yield Match(start, index + 1, entry, suffix=mark + tail)
        head, mark, tail = token.rpartition("-")
        if mark and head and tail:
            for end in range(index + 1, min(index + 3, len(norms)) + 1):
                if entry := self.get(" ".join(["-", tail, *norms[index + 1 : end]])):
                    yield Match(index, end, entry, prefix=head)
            if entry := self.get(tail):
                yield Match(index, index + 1, entry, prefix=head + "-")
            if entry := self.get(head):
                yield Match(index, index + 1, entry, suffix="-" + tail)


def _grouped(lines: Mapping[str, str]) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for surface, line in lines.items():
        groups.setdefault(beginning(surface), {})[surface] = line
    return groups


def _longest_by_start(surfaces: Iterable[str]) -> dict[str, int]:
    """The first two words of surfaces of three or more, and the most words of those that begin with them."""
    longest: dict[str, int] = {}
    for surface in surfaces:
        gaps = surface.count(" ")
        if gaps > 1:
            start = surface[: surface.index(" ", surface.index(" ") + 1)]
            if longest.get(start, 0) <= gaps:
                longest[start] = gaps + 1
    return longest


def holds(condition: Condition, norms: Sequence[str], start: int, end: int, document: Document) -> bool:
    """Whether a pair holds for ``norms[start:end]``, the normalised words of a sentence of ``document``.

    >>> norms = ["the", "international", "minister's", "visit"]
    >>> holds(Condition(next=("minister",)), norms, 1, 2, Document([]))
    True
    """
    following, before = norms[end : end + 1], norms[max(0, start - 1) : start]
    return (
        (not condition.next or _is_one_of(following, condition.next))
        and (not condition.previous or _is_one_of(before, condition.previous))
        and (not condition.with_ or any(phrase in document for phrase in condition.with_))
        and not any(phrase in document for phrase in condition.without)
    )


def _is_one_of(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return bool(found) and (found[0] in wanted or found[0].removesuffix("'s") in wanted)


def holding(matches: Iterable[Match], tokens: Sequence[Token], document: Document) -> Iterator[Match]:
    """The matches of a sentence with only those candidates that hold at their place."""
    norms = [token.norm for token in tokens]
    for match in matches:
        entry = match.entry
        if entry.conditional:
            held: dict[str, Candidate] = {}
            for candidate in entry.candidates:
                condition = candidate.condition
                if condition is None or holds(condition, norms, match.start, match.end, document):
                    held.setdefault(candidate.key, candidate)
            kept = tuple(held.values())
            fingerprint = any(candidate.tier == "fingerprint" for candidate in kept)
            match = match._replace(entry=entry._replace(candidates=kept, fingerprint=fingerprint))
        yield match


def log_kept(replaced: float, rate: float = 1.0) -> float:
    """The log-probability that a key stays, for an engine that replaces the share ``rate`` of what it knows."""
    return log(1.0 - min(replaced * rate, _CERTAIN))


def read_lines(path: Path | str) -> dict[str, str]:
    """The lines of a channel file: surface -> line. They are not parsed, for that takes longer.

    Raises ``LexiconError`` for a file that cannot be read, is no channel file, or is of a later format.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise LexiconError(f"{path}: {size / 2**20:,.0f} MiB, more than the {LARGEST // 2**20} MiB of any channel")
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise LexiconError(f"{path}: cannot read the channel file ({error.strerror}); reinstall normalizer") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8 at byte {error.start}; channel files are UTF-8 text") from error
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    _check_format(text, path)
    return {line.partition("\t")[0]: line for line in text.split("\n") if line and line[0] != "#"}


def _check_format(text: str, path: Path) -> None:
    if text.startswith(FIRST_LINE):
        version = text[len(FIRST_LINE) : text.find("\n")].strip()
        if version.isdigit() and int(version) > FORMAT:
            raise LexiconError(
                f"{path}:1: channel format {version} is from a later normalizer; this one reads {FORMAT}"
            )


def read_overlay(path: Path | str) -> dict[str, str]:
    """The lines of a channel file from somebody else: like ``read_lines``, with every line checked.

    Raises ``LexiconError`` with file and line.
    """
    lines = read_lines(path)
    text = Path(path).read_bytes().decode("utf-8").replace("\r\n", "\n")
    places: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line and line[0] != "#":
            surface = line.partition("\t")[0]
            if surface in places:
                raise LexiconError(
                    f"{path}:{number}: a second line for {surface!r}, first at line {places[surface]}; keep one"
                )
            places[surface] = number
            try:
                parse_line(line)
            except ValueError as error:
                raise _malformed(path, number, surface, error) from error
    return lines


def _malformed(path: Path | str, number: int, surface: str, error: ValueError) -> LexiconError:
    return LexiconError(f"{path}:{number}: the line of {surface!r} is malformed ({error}); rebuild the channel")


def parse_line(line: str) -> Entry:
    r"""Parse the line of a surface. Raises ``ValueError`` when it is malformed.

    >>> entry = parse_line("overseas\t0\t2\t0.5\tforeign {context; next=minister}\t0.1\t0.5")
    >>> entry.candidates[0].tier, entry.candidates[0].condition.next
    ('context', ('minister',))
    """
    surface, *fields = line.split("\t")
    replaced, gain, kept_share = (float(field) for field in fields[:3])
    conditional = fingerprint = False
    candidates = []
    for text, probability, share in zip(fields[3::3], fields[4::3], fields[5::3], strict=True):
        tier: Tier = "spun"
        condition = None
        if text.endswith("}"):
            text, tier, condition = parse_marks(text)
            conditional = conditional or condition is not None
            fingerprint = fingerprint or tier == "fingerprint"
        p, s = float(probability), float(share)
        if not (0.0 < p <= 1.0 and s > 0.0 and isfinite(s)):
            raise ValueError(f"{probability} and {share} are no probability and share")
        tokens = tokenize(text)
        key, lm = " ".join(token.norm for token in tokens), tuple(token.lm for token in tokens)
        candidates.append(Candidate(text, key, lm, p, s, tier, condition))
    return Entry(surface, replaced, gain, kept_share, tuple(candidates), conditional, fingerprint)


def format_line(entry: Entry) -> str:
    """The line of an entry, numbers with three digits."""
    fields = [entry.surface, f"{entry.replaced:.3g}", f"{entry.gain:.3g}", f"{entry.kept_share:.3g}"]
    for candidate in entry.candidates:
        text = format_marks(candidate.text, candidate.tier, candidate.condition)
        fields += text, f"{candidate.probability:.3g}", f"{candidate.share:.3g}"
    return "\t".join(fields)


_FIELDS = {"next": "next", "previous": "previous", "with": "with_", "without": "without"}


def format_marks(text: str, tier: Tier = "spun", condition: Condition | None = None) -> str:
    """A canonical wording with its marks.

    >>> format_marks("foreign", "context", Condition(next=("minister",)))
    'foreign {context; next=minister}'
    """
    condition = condition or Condition()
    marks: list[str] = [tier] if tier != "spun" else []
    marks += [f"{name}={','.join(words)}" for name, field in _FIELDS.items() if (words := getattr(condition, field))]
    return f"{text} {{{'; '.join(marks)}}}" if marks else text


_MARKED = re.compile(r"(.*?)\s*\{([^{}]*)\}")


def parse_marks(text: str) -> tuple[str, Tier, Condition | None]:
    """The reverse of ``format_marks``. Raises ``ValueError`` for unknown marks.

    >>> parse_marks("counterfeit {fingerprint}")
    ('counterfeit', 'fingerprint', None)
    """
    found = _MARKED.fullmatch(text)
    if found is None:
        return text, "spun", None
    tier: Tier = "spun"
    lists: dict[str, tuple[str, ...]] = {}
    for mark in found[2].split(";"):
        name, is_list, values = mark.strip().partition("=")
        if is_list and name in _FIELDS:
            lists[_FIELDS[name]] = tuple(values.split(","))
        elif name in TIERS and not is_list:
            tier = next(known for known in TIERS if known == name)
        else:
            raise ValueError(f"{mark.strip()!r} is no tier or condition")
    return found[1], tier, Condition(**lists) if lists else None
