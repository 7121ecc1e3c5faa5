"""The channel: what a spinner writes for which word, and with what probability.

A channel file has a line for every surface that a spinner may leave behind or would have replaced::

    surface <TAB> replaced <TAB> gain <TAB> kept share [<TAB> canonical <TAB> probability <TAB> share]…

``replaced`` is the probability that the surface, where it is itself a canonical wording, does not survive. ``gain`` is
how much more often the surface stands in spun text than in clean text because canonicals turn into it, as a multiple
of its clean frequency. Every candidate has P(surface | canonical) and the share of the surface's occurrences in spun
text that it explains; ``kept share`` is the share that nothing explains. The weights come from expectation
maximisation on unlabelled spun text (``normalizer.learn``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

from normalizer.errors import LexiconError
from normalizer.text.tokens import Token, tokenize

_CERTAIN = 0.995


class Candidate(NamedTuple):
    """A canonical wording that a surface may stand for.

    ``key`` is its normalised form, ``words`` its language-model tokens, ``probability`` P(surface | canonical) and
    ``share`` the share of the surface's occurrences that it explains in spun text.
    """

    text: str
    key: str
    words: tuple[str, ...]
    probability: float
    share: float


class Entry(NamedTuple):
    """All that the channel knows of one surface."""

    surface: str
    replaced: float
    gain: float
    kept_share: float
    candidates: tuple[Candidate, ...]


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


class Channel:
    """An immutable channel, read from one or more files; later files override earlier ones line by line.

    Raises ``LexiconError`` for a missing file or a malformed line.
    """

    def __init__(self, paths: Iterable[Path | str]) -> None:
        self.paths = tuple(Path(path) for path in paths)
        self._lines: dict[str, str] = {}
        for path in self.paths:
            self._lines.update(_read(path))
        self._entries: dict[str, Entry | None] = {}
        self._longest: dict[str, int] = {}
        longest = self._longest
        for surface in self._lines:
            gap = surface.find(" ")
            if gap > 0:
                second = surface.find(" ", gap + 1)
                size, start = (2, surface) if second < 0 else (2 + surface.count(" ", second), surface[:second])
                if longest.get(start, 0) < size:
                    longest[start] = size

    def __reduce__(self) -> tuple[type[Channel], tuple[tuple[Path, ...]]]:
        return Channel, (self.paths,)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, surface: str) -> bool:
        return surface in self._lines

    def surfaces(self) -> Iterable[str]:
        """All surfaces, in the order of the files."""
        return self._lines.keys()

    def get(self, surface: str) -> Entry | None:
        """The entry of a normalised surface, or ``None``."""
        try:
            return self._entries[surface]
        except KeyError:
            line = self._lines.get(surface)
            entry = None if line is None else _parse(surface, line, self.paths)
            if entry is not None:
                self._entries[surface] = entry
            return entry

    def match(self, tokens: Sequence[Token]) -> list[Match]:
        """Every known surface in a sentence, overlapping and nested ones included."""
        norms = [token.norm for token in tokens]
        count = len(norms)
        matches: list[Match] = []
        longest, lines, get = self._longest, self._lines, self.get
        for start, norm in enumerate(norms):
            if norm in lines and (entry := get(norm)):
                matches.append(Match(start, start + 1, entry))
            if start + 1 < count:
                text = f"{norm} {norms[start + 1]}"
                for end in range(start + 2, min(start + longest.get(text, 0), count) + 1):
                    if end - start > 2:
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
        longest, lines, get, new = self._longest, self._lines, self.get, tuple.__new__
        start = 0
        while start < count:
            text = norm = norms[start]
            reach = longest.get(f"{norm} {norms[start + 1]}", 1) if start + 1 < count else 1
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
        if mark and stem and tail and token not in self._lines:
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


def log_kept(replaced: float, rate: float = 1.0) -> float:
    """The log-probability that a key stays, for an engine that replaces the share ``rate`` of what it knows."""
    return log(1.0 - min(replaced * rate, _CERTAIN))


def _read(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LexiconError(f"{path}: cannot read the channel file ({error.strerror}); reinstall normalizer") from error
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not UTF-8 at byte {error.start}; channel files are UTF-8 text") from error
    lines: dict[str, str] = {}
    for line in text.split("\n"):
        if line and line[0] != "#":
            surface, _, rest = line.partition("\t")
            lines[surface] = rest
    return lines


def _parse(surface: str, line: str, paths: Sequence[Path]) -> Entry:
    fields = line.split("\t")
    try:
        replaced, gain, kept_share = (float(field) for field in fields[:3])
        candidates = tuple(
            _candidate(text, float(probability), float(share))
            for text, probability, share in zip(fields[3::3], fields[4::3], fields[5::3], strict=True)
        )
    except ValueError as error:
        files = ", ".join(str(path) for path in paths)
        raise LexiconError(f"{files}: the line of {surface!r} is malformed ({error}); rebuild the channel") from error
    return Entry(surface, replaced, gain, kept_share, candidates)


def _candidate(text: str, probability: float, share: float) -> Candidate:
    tokens = tokenize(text)
    key = " ".join([token.norm for token in tokens])
    return Candidate(text, key, tuple([token.lm for token in tokens]), probability, share)
