"""Spans that nobody may rewrite: addresses, handles, tags, code, markup."""

from __future__ import annotations

import re
from bisect import bisect_right

from normalizer.text.tokens import Token

_PROTECTED = re.compile(
    r"""
      \b(?:https?|ftp)://[^\s<>"']+            # URLs
    | \bwww\.[^\s<>"']+
    | \b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|io|co|uk|info|html?|php|pdf)\b(?:/[^\s<>"']*)?
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+             # e-mail addresses
    | (?<!\w)[@\#]\w+                          # handles and tags
    | </?[A-Za-z][^<>]{0,2000}>                # markup
    | `[^`\n]{1,500}`                          # code
    | \{\.[\w-]+\}                             # attribute lists of Markdown
    """,
    re.VERBOSE,
)
_CLUES = re.compile(r"://|www\.|[@#<`]|\.[a-z]{2,4}\b|\{\.")


class Protected:
    """The protected spans of a text.

    >>> from normalizer.text.tokens import tokenize
    >>> text = "See https://example.org/said today"
    >>> [t.text for t in tokenize(text) if Protected(text).covers(t)]
    ['https', ':', '/', '/', 'example', '.', 'org', '/', 'said']
    """

    def __init__(self, text: str) -> None:
        spans = [m.span() for m in _PROTECTED.finditer(text)] if _CLUES.search(text) else []
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def __bool__(self) -> bool:
        return bool(self._starts)

    def covers(self, token: Token) -> bool:
        """Whether the token lies in a protected span."""
        index = bisect_right(self._starts, token.start) - 1
        return index >= 0 and token.start < self._ends[index]
