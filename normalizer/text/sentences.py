"""Sentences: where the language model's context ends.

Lines are boundaries always. Within a line a sentence ends at ``.``, ``?`` or ``!`` (with closing quotes) before white
space and anything but a lower-case letter, unless the full stop belongs to an initial or a known abbreviation. The
rules lean towards long sentences: a missed boundary costs little, a false one hides the context of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.text.tokens import Token, tokenize

_LINE = re.compile(r"[^\r\n\u2028\u2029\x85]+")
_MARKS = frozenset(".?!")
_CLOSING = frozenset("”’\"')]»")
_ABBREVIATIONS = re.compile(
    r"(?:mrs?|ms|dr|st|[sj]r|gen|sen|rep|gov|lt|col|sgt|capt|prof|rev|hon|sq|vs|no|inc|ltd|co|corp"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
LONGEST = 200
"""Most tokens in a sentence; a longer one (a table, a list of names) is cut there, so that work stays linear."""


def sentences(text: str) -> Iterator[list[Token]]:
    r"""Split a text into sentences of tokens.

    >>> [[t.text for t in s] for s in sentences("Mr. Poe left. “Why?” Nobody\nknew")]
    [['Mr', '.', 'Poe', 'left', '.'], ['“', 'Why', '?', '”'], ['Nobody'], ['knew']]
    """
    for line in _LINE.finditer(text):
        tokens = tokenize(text, line.start(), line.end())
        start = 0
        index = 0
        while index < len(tokens):
            end = _boundary(tokens, index) if tokens[index].text in _MARKS else 0
            if not end and index + 1 - start >= LONGEST:
                end = index + 1
            if end:
                yield tokens[start:end]
                start = index = end
            else:
                index += 1
        if start < len(tokens):
            yield tokens[start:]


def _boundary(tokens: list[Token], index: int) -> int:
    """The index behind a sentence that ends at the mark ``tokens[index]``, or 0."""
    token = tokens[index]
    end = index + 1
    while end < len(tokens) and tokens[end].text in _CLOSING and tokens[end].start == tokens[end - 1].end:
        end += 1
    if end == len(tokens) or tokens[end].start == tokens[end - 1].end or tokens[end].text[0].islower():
        return 0
    if token.text == "." and index > 0:
        before = tokens[index - 1]
        if _ABBREVIATIONS.fullmatch(before.norm) or (
            len(before.text) == 1 and before.text.isalpha() and before.text != "I"
        ):
            return 0
    return end
