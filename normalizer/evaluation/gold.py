"""The gold format: garbled text with the repairs written into it.

One paragraph a line. ``[[garbled->right|also right]]`` must be repaired; ``[[garbled~>right]]`` may be repaired or
left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from normalizer.errors import InputError

_SLOT = re.compile(r"\[\[(?P<garbled>.*?)(?P<arrow>->|~>)(?P<right>.*?)\]\]")
_TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_STRAIGHT = str.maketrans("’‘“”", "''\"\"")

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to repair: its garbled tokens, the right alternatives, and whether leaving it is a miss."""

    source: Tokens
    right: tuple[Tokens, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class PlacedSlot:
    """Where a slot stands: in the garbled text (``start``, ``end``) and, with its marks, in the gold file."""

    start: int
    end: int
    gold_start: int
    gold_end: int


@dataclass(frozen=True)
class Gold:
    """A gold file: its ``text`` with marks, the garbled ``source`` that it annotates, and the places of its slots."""

    text: str
    source: str
    slots: tuple[PlacedSlot, ...]

    def between(self, start: int, end: int) -> str:
        """The gold text of ``source[start:end]``, with the slots that begin there; it must not cut a slot."""
        parts: list[str] = []
        done = start
        for slot in self.slots:
            if start <= slot.start and slot.end <= end:
                parts += self.source[done : slot.start], self.text[slot.gold_start : slot.gold_end]
                done = slot.end
        parts.append(self.source[done:end])
        return "".join(parts)


def parse_gold(text: str, name: str = "gold") -> Gold:
    """Read a gold file. Raises ``InputError`` (with ``name`` and line) when a mark is not closed.

    >>> gold = parse_gold("The [[safety->security]] deal")
    >>> gold.source, gold.slots[0].start, gold.slots[0].end
    ('The safety deal', 4, 10)
    """
    parts: list[str] = []
    slots = []
    done = length = 0
    for match in _SLOT.finditer(text):
        before, garbled = text[done : match.start()], match["garbled"]
        start = length + len(before)
        length = start + len(garbled)
        slots.append(PlacedSlot(start, length, *match.span()))
        parts += before, garbled
        done = match.end()
    source = "".join([*parts, text[done:]])
    if (stray := source.find("[[")) >= 0:
        line = source.count("\n", 0, stray) + 1
        raise InputError(f"{name}:{line}: a slot is not closed or has no arrow; write [[garbled->right]]")
    return Gold(text, source, tuple(slots))


def required_slots(gold: Gold) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The slots that must be repaired: start and end in the garbled text (code points), and the right alternatives.

    >>> list(required_slots(parse_gold("The [[safety->security|defence]] [[deal~>pact]]")))
    [(4, 10, ('security', 'defence'))]
    """
    for slot in gold.slots:
        match = _SLOT.fullmatch(gold.text, slot.gold_start, slot.gold_end)
        if match is not None and match["arrow"] == "->":
            yield slot.start, slot.end, tuple(match["right"].split("|"))


def tokenize(text: str) -> Tokens:
    """The tokens that scoring compares: words with inner apostrophes, and single marks; quotes are straightened.

    >>> tokenize("“Don’t” go.")
    ('"', "Don't", '"', 'go', '.')
    """
    return tuple(_TOKEN.findall(text.translate(_STRAIGHT)))


def units(line: str) -> Iterator[str | Slot]:
    """The tokens and slots of a line of gold text.

    >>> list(units("A [[safety->security]] deal"))
    ['A', Slot(source=('safety',), right=(('security',),), required=True), 'deal']
    """
    done = 0
    for match in _SLOT.finditer(line):
        yield from tokenize(line[done : match.start()])
        right = tuple(tokenize(alternative) for alternative in match["right"].split("|"))
        yield Slot(tokenize(match["garbled"]), right, match["arrow"] == "->")
        done = match.end()
    yield from tokenize(line[done:])
