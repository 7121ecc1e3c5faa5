r"""Stretches that nobody may rewrite: addresses, handles, tags, code, markup, front matter, measures, quoted titles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from normalizer.text.tokens import Token

Span = tuple[int, int]

_PROTECTED = re.compile(
    r"""
      \b(?:https?|ftp)://[^\s<>"']+            # URLs
    | \bwww\.[^\s<>"']+
    | \b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|io|co|uk|info|html?|php|pdf)\b(?:/[^\s<>"']*)?
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+             # e-mail addresses
    | (?<!\w)[@\#]\w+                          # handles and tags
    | <(pre|code|script|style|kbd|samp)\b[^<>]{0,2000}>.{0,20000}?</\1\s*>  # elements whose content is not prose
    | <!--.{0,20000}?-->
    | </?[A-Za-z][^<>]{0,2000}>                # markup
    | ^(```+|~~~+)[^\n]*\n(?:.*?^\2[`~]*[ \t]*$|.*\Z)   # fenced code
    | (`+)(?!`)[^\n]{1,500}?(?<!`)\3(?!`)       # code in a line
    | \{\.[\w-]+\}                             # attribute lists of Markdown
    | (?<![\w/])(?:~|\.{1,2})?/[\w.+-]+(?:/[\w.+-]+)+    # paths
    | \b[A-Za-z]:\\[^\s<>"']+
    | \b[A-Za-z]\w*(?:_\w+)+\b                 # identifiers
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_CLUES = re.compile(r"://|www\.|[@#<`\\_]|~~~|/[\w.+-]+/|\.[a-z]{2,4}\b|\{\.")

_FRONT_MATTER = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\r?\n.*?^(?:\1|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)

_MEASURE = re.compile(
    r"(?<![\w.])\d[\d.,]*[ \u00a0]?(?:[kcmµμn]?[mg]|[kmcd]?l|[kMG]?Hz|[kMGT]i?B|[kMG]?W|[kMG]?Wh|kph|mph|km/h|°[CF]?|"
    r"mm|cm|km|kg|mg|ml|ft|lbs?|bn|bps|px|dpi|hrs?)(?![\w’'])"
)
"""A number with the abbreviation of a unit. Spinners do garble units that are words ("feet", "points")."""

_TITLE = re.compile(r"“([^“”\n]{2,80})”|‘([^‘’\n]{2,80})’(?!\w)|(?<!\w)\"([^\"\n]{2,80})\"(?!\w)")
_TITLE_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SMALL = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "nor",
        "of",
        "off",
        "on",
        "or",
        "over",
        "so",
        "the",
        "to",
        "up",
        "vs",
        "via",
        "with",
    }
)

_QUOTATION = re.compile(
    r"“[^“”\n]*(?:”|$)|«[^«»\n]*»|(?<!\w)\"[^\"\n]*\"(?!\w)|(?<!\w)‘(?!\d)[^‘\n]*?[,.?!\w]’(?!\w)", re.MULTILINE
)


class Protected:
    """The protected spans of a text.

    >>> from normalizer.text.tokens import tokenize
    >>> text = "See https://example.org/said today"
    >>> [t.text for t in tokenize(text) if Protected(text).covers(t)]
    ['https', ':', '/', '/', 'example', '.', 'org', '/', 'said']
    """

    def __init__(self, text: str, also: Iterable[Span] = ()) -> None:
        spans = [m.span() for m in _PROTECTED.finditer(text)] if _CLUES.search(text) else []
        front = _FRONT_MATTER.match(text)
        spans += [front.span()] if front else []
        spans += (m.span() for m in _MEASURE.finditer(text))
        spans += titles(text)
        spans += also
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            self._starts.append(start)
            self._ends.append(max(end, self._ends[-1] if self._ends else 0))

    def __bool__(self) -> bool:
        return bool(self._starts)

    def covers(self, token: Token) -> bool:
        """Whether the token lies in a protected span."""
        index = bisect_right(self._starts, token.start) - 1
        return index >= 0 and token.start < self._ends[index]


def titles(text: str) -> list[Span]:
    """The titles of works in quotation marks: short, no sentence, all their words but small ones capitalised.

    >>> text = "In “The Price of Salt” he said “Good morning to all of you”."
    >>> [text[start:end] for start, end in titles(text)]
    ['“The Price of Salt”']
    """
    return [match.span() for match in _TITLE.finditer(text) if _is_title(match[1] or match[2] or match[3])]


def _is_title(text: str) -> bool:
    words = _TITLE_WORD.findall(text)
    if not 2 <= len(words) <= 10 or text[-1] in ".,?!;":
        return False
    return words[0][0].isupper() and all(word[0].isupper() or word in _SMALL for word in words)


def quotations(text: str) -> list[Span]:
    r"""The quotations of a text, marks included; one that is not closed ends with its line.

    >>> text = "“It is a deal,” he said. 'Tis \"good\" and he’s ‘happy’."
    >>> [text[start:end] for start, end in quotations(text)]
    ['“It is a deal,”', '"good"', '‘happy’']
    """
    return [match.span() for match in _QUOTATION.finditer(text)]
