"""Names of people that are also words: "Will Ferrell", "Mr Price", "Rose".

A spinner that meets "Price" may have written it for "Cost", but not where the document calls somebody so. A capitalised
word is a name where it follows a form of address or a given name; the document's other capitalised uses of it are the
same name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from normalizer.text.tokens import Token

_ADDRESS = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "rev",
        "sgt",
        "capt",
        "lt",
        "col",
        "gen",
        "sen",
        "rep",
    }
)


def names(document: Sequence[Sequence[Token]], given: Collection[str]) -> frozenset[int]:
    """The start offsets of the tokens that are names of people.

    ``given`` holds given names in lower case. A surname stands behind an address or a given name.

    >>> from normalizer.text.sentences import sentences
    >>> text = "Will Price will pay the price. Mr Rose said so, and Price agreed. The Price is high."
    >>> found = names(list(sentences(text)), {"will"})
    >>> [text[start:].split()[0] for start in sorted(found)]
    ['Will', 'Price', 'Rose', 'Price']
    """
    known: set[str] = set()
    places: set[int] = set()
    for tokens in document:
        for index in range(len(tokens) - 1):
            first, address = tokens[index], tokens[index].norm in _ADDRESS
            if not _is_name(first) or not (address or first.norm in given):
                continue
            following = index + 1
            if tokens[following].text == "." and (address or len(first.text) == 1) and following + 1 < len(tokens):
                following += 1
            if _is_name(tokens[following]) and _near(tokens[following - 1], tokens[following]):
                part = _stem(tokens[following])
                known.add(part)
                places.add(tokens[following].start)
                if not address:
                    known.add(_stem(first))
                    places.add(first.start)
    if known:
        for tokens in document:
            for index, token in enumerate(tokens):
                after_article = index > 0 and tokens[index - 1].norm in ("a", "an", "the")
                if _stem(token) in known and _is_name(token) and index > 0 and not after_article:
                    places.add(token.start)
    return frozenset(places)


def _is_name(token: Token) -> bool:
    return token.text[0].isupper() and len(token.text) > 1 and not token.text.isupper()


def _near(first: Token, second: Token) -> bool:
    return second.start - first.end <= 1


def _stem(token: Token) -> str:
    return token.norm.removesuffix("'s")
