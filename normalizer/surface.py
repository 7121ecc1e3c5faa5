"""Surface form: a canonical wording dressed in the letter case and quote style of the words it replaces."""

from __future__ import annotations

from collections.abc import Sequence

from normalizer.text.tokens import Token

_MINOR = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "nor", "of", "on", "or", "per", "the", "to", "via"}
)
"""Words that a title leaves in lower case."""


def render(text: str, tokens: Sequence[Token], start: int, end: int, *, curly: bool = False) -> str:
    """Write ``text`` in the style of ``tokens[start:end]`` of a sentence; ``curly`` asks for typographic apostrophes.

    >>> from normalizer.text.tokens import tokenize
    >>> render("foreign minister", tokenize("The International Minister said"), 1, 3)
    'Foreign Minister'
    >>> render("to monitor", tokenize("To observe it"), 0, 2)
    'To monitor'
    >>> render("images", tokenize("GETTY PICTURES"), 1, 2)
    'IMAGES'
    >>> render("investment bank", tokenize("the European Funding Financial institution"), 2, 5)
    'Investment Bank'
    """
    span = [token for token in tokens[start:end] if token.text[0].isalpha()]
    if curly:
        text = text.replace("'", "’")
    if not span:
        return _capitalise(text) if _opens(tokens, start) and _capitalised_neighbour(tokens, end) else text
    if all(token.text.isupper() for token in span) and sum(len(token.text) for token in span) > 1:
        shouted = len(span) > 1 or len(span[0].text) > 3 or _shouting(tokens)
        return text.upper() if shouted else _title(text)
    if not span[0].text[0].isupper():
        return text
    initials = [token.text[0].isupper() for token in span if token.norm not in _MINOR] or [False]
    if _opens(tokens, start):
        title = len(initials) > 1 and all(initials) and " " in text
        return _title(text) if title else _capitalise(text)
    return _title(text) if all(initials) or _is_name(initials) else _capitalise(text)


def _is_name(initials: Sequence[bool]) -> bool:
    """Whether most of several words are capitalised: a spinner capitalises only the first word of what it writes."""
    return sum(initials) > 1 and 2 * sum(initials) > len(initials)


def _opens(tokens: Sequence[Token], start: int) -> bool:
    """Whether nothing but punctuation stands before ``start``."""
    return not any(token.text[0].isalnum() for token in tokens[:start])


def _capitalised_neighbour(tokens: Sequence[Token], end: int) -> bool:
    return not (end < len(tokens) and tokens[end].text[0].isupper())


def _shouting(tokens: Sequence[Token]) -> bool:
    words = [token.text for token in tokens if token.text[0].isalpha() and len(token.text) > 1]
    return len(words) > 1 and all(word.isupper() for word in words)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(text: str) -> str:
    words = text.split(" ")
    return " ".join(word if number and word in _MINOR else _capitalise(word) for number, word in enumerate(words))
