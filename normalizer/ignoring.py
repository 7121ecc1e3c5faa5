"""What is to be left alone: findings that somebody does not want, terms and stretches of text that stay as they are.

The rules are a filter on a finished analysis, so they cannot change what is found elsewhere in the text.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from normalizer.edits import Edit
from normalizer.errors import ConfigError
from normalizer.restoration import Restoration
from normalizer.text.directives import ignored_spans

ARROW = "->"
PATTERN_SECONDS = 2.0
"""How long one ``/pattern/`` may take on one text before it is refused; longer for more than a million characters."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """Findings to drop: those with this original, or only those with this original and this replacement.

    Spaces and the form of quotes never matter, letter case only with ``match_case``.

    >>> rule = IgnoreRule("doc", "document")
    >>> rule.matches(Edit(0, 3, "Doc", "Document", "word", 0.9)), rule.matches(Edit(0, 3, "doc", "paper", "word", 0.9))
    (True, False)
    """

    original: str
    replacement: str | None = None
    match_case: bool = False

    @classmethod
    def parse(cls, text: str, *, match_case: bool = False) -> IgnoreRule:
        """Read ``word`` or ``original -> replacement``. Raises ``ConfigError`` when there is no original.

        >>> IgnoreRule.parse("doc -> document")
        IgnoreRule(original='doc', replacement='document', match_case=False)
        """
        original, arrow, replacement = text.partition(ARROW)
        if not original.strip():
            raise ConfigError(f"{text!r} names no word; write 'word' or 'original -> replacement'")
        return cls(original.strip(), replacement.strip() if arrow else None, match_case)

    def matches(self, edit: Edit) -> bool:
        """Whether the edit is one that this rule drops."""
        if self._key(edit.original) != self._key(self.original):
            return False
        return self.replacement is None or self._key(edit.replacement) == self._key(self.replacement)

    def _key(self, text: str) -> str:
        return normal_form(text, match_case=self.match_case)


@dataclass(frozen=True, slots=True)
class ProtectedTerm:
    """A term that no edit may touch: words, or a regular expression between slashes.

    Words are found as whole words, with any white space between them. A pattern is in the syntax of the ``regex``
    package, which, unlike ``re``, can be given a time limit.
    """

    term: str
    match_case: bool = False

    @property
    def pattern(self) -> str | None:
        """What stands between the slashes; None for plain words."""
        inside = len(self.term) > 2 and self.term.startswith("/") and self.term.endswith("/")
        return self.term[1:-1] if inside else None

    def check(self) -> None:
        """Raise ``ConfigError`` when the pattern is none, or there is nothing to find.

        >>> ProtectedTerm("/(/").check()
        Traceback (most recent call last):
        ...
        normalizer.errors.ConfigError: '/(/' is no regular expression: missing ) at position 1
        """
        if not self.term.strip():
            raise ConfigError("an empty term protects nothing; remove it")
        if self.pattern is not None:
            import regex

            try:
                regex.compile(self.pattern)
            except regex.error as error:
                raise ConfigError(f"{self.term!r} is no regular expression: {error}") from error


@dataclass(frozen=True)
class Rules:
    """Everything that is to be left alone. ``inline``: whether comments such as ``normalizer: ignore`` count."""

    ignore: tuple[IgnoreRule, ...] = ()
    protect: tuple[ProtectedTerm, ...] = ()
    inline: bool = True

    def unwanted(self, edit: Edit) -> bool:
        """Whether some ``ignore`` rule drops the edit."""
        if not self.ignore:
            return False
        folded, exact = self._by_original
        rules = folded.get(normal_form(edit.original), ()), exact.get(normal_form(edit.original, match_case=True), ())
        return any(rule.matches(edit) for group in rules for rule in group)

    @cached_property
    def _by_original(self) -> tuple[dict[str, list[IgnoreRule]], dict[str, list[IgnoreRule]]]:
        tables: tuple[dict[str, list[IgnoreRule]], dict[str, list[IgnoreRule]]] = ({}, {})
        for rule in self.ignore:
            key = normal_form(rule.original, match_case=rule.match_case)
            tables[rule.match_case].setdefault(key, []).append(rule)
        return tables

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The stretches of ``text`` that no edit may touch, in order of their start; they may overlap.

        Raises ``ConfigError`` when a pattern takes too long.
        """
        spans = ignored_spans(text) if self.inline else []
        for words in self._words:
            spans += (match.span() for match in words.finditer(text))
        for term in self.protect:
            if term.pattern is not None:
                spans += _pattern_spans(term, term.pattern, text)
        return sorted(spans)

    @cached_property
    def _words(self) -> list[re.Pattern[str]]:
        """All plain terms as one pattern for each way of treating case."""
        patterns = []
        for match_case in (False, True):
            terms = {t.term for t in self.protect if t.pattern is None and t.match_case is match_case}
            if terms:
                parts = "|".join(_words_pattern(term) for term in sorted(terms, key=lambda t: (-len(t), t)))
                patterns.append(re.compile(f"(?:{parts})", 0 if match_case else re.IGNORECASE))
        return patterns


def filter_restoration(restoration: Restoration, rules: Rules) -> Restoration:
    """The restoration without the edits and suggestions that ``rules`` drop.

    An article that was changed only because of the next word (``an`` before what was ``doc``) stays when that word
    stays. Raises ``ConfigError`` when a pattern takes too long on the text.

    >>> doc = Edit(2, 5, "doc", "document", "word", 0.9)
    >>> filter_restoration(Restoration("a doc", (doc,)), Rules(ignore=(IgnoreRule("Doc"),))).restored
    'a doc'
    """
    if not restoration.edits and not restoration.suggestions:
        return restoration
    text = restoration.original
    protected = _Spans(rules.spans(text))
    edits = _kept(restoration.edits, text, rules, protected)
    suggestions = _kept(restoration.suggestions, text, rules, protected)
    if len(edits) == len(restoration.edits) and len(suggestions) == len(restoration.suggestions):
        return restoration
    return replace(restoration, edits=edits, suggestions=suggestions)


def normal_form(text: str, *, match_case: bool = False) -> str:
    """How rules compare texts: single spaces, straight quotes and, unless ``match_case``, no letter case.

    >>> normal_form(" Don’t  Go")
    "don't go"
    """
    form = " ".join(text.translate(_QUOTES).split()) or text
    return form if match_case else form.casefold()


def _kept(edits: Sequence[Edit], text: str, rules: Rules, protected: _Spans) -> tuple[Edit, ...]:
    kept: list[Edit] = []
    stays = -1
    """Where a word starts that stays because its edit was dropped; looking back from the end of the text."""
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        follows = edit.kind == "agreement" and edit.end < stays and text[edit.end : stays].isspace()
        if follows or rules.unwanted(edit) or protected.touch(edit.start, edit.end):
            stays = edit.start
        else:
            kept.append(edit)
    return tuple(reversed(kept))


class _Spans:
    """Answers whether a stretch touches any of some spans, which come in order of their start."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in spans:
            self._starts.append(start)
            self._ends.append(max(end, self._ends[-1] if self._ends else 0))

    def touch(self, start: int, end: int) -> bool:
        index = bisect_right(self._starts, max(start, end - 1)) - 1
        return index >= 0 and self._ends[index] > start


def _words_pattern(term: str) -> str:
    words = [re.escape(word).replace("'", "['’‘]").replace("’", "['’‘]") for word in term.split()]
    before = r"(?<!\w)" if re.match(r"\w", words[0]) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", term.rstrip()) else ""
    return before + r"\s+".join(words) + after


def _pattern_spans(term: ProtectedTerm, pattern: str, text: str) -> list[tuple[int, int]]:
    import regex

    seconds = PATTERN_SECONDS * max(1.0, len(text) / 1_000_000)
    deadline = time.monotonic() + seconds
    spans = []
    try:
        found = regex.compile(pattern, regex.IGNORECASE if not term.match_case else 0)
        for match in found.finditer(text, timeout=seconds, concurrent=False):
            if match.end() > match.start():
                spans.append(match.span())
            if time.monotonic() > deadline:
                raise TimeoutError
    except TimeoutError as error:
        raise ConfigError(
            f"protect: {term.term} took longer than {seconds:g} s on a text of {len(text)} characters; "
            "write a simpler pattern (avoid nested repetitions such as (a+)+)"
        ) from error
    return spans
