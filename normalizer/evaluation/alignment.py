"""Aligns gold units with restored tokens: the cheapest way to read one as the other.

Dynamic programming over (unit, token) states. Restored text is nearly what the gold says, so only states cheaper
than a small limit are followed; the limit is doubled until the end is reached. No state on a cheapest path costs more
than the path itself, so this gives exactly what a search of the whole table gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from normalizer.evaluation.gold import Slot, Tokens

WIDEST = 8
"""The most tokens that one slot takes up."""

INSERTED, DELETED, REPLACED, MATCHED = 1.0, 1.0, 1.1, 0.0
WRONG_SLOT, WRONG_LENGTH = 1.2, 0.4
"""Costs: of a token that no unit explains, of a unit without a token, of a changed token, of the same token; of a slot
with other words than the gold has, and of each token that they are longer or shorter by."""

_FIRST_LIMIT = 8.0


class Pair(NamedTuple):
    """A unit and the restored tokens that stand in its place; ``unit`` is ``None`` for a token that was added."""

    unit: str | Slot | None
    tokens: Tokens


class _State(NamedTuple):
    cost: float
    unit: int
    token: int


def align(units: Sequence[str | Slot], restored: Tokens) -> list[Pair]:
    """Align ``units`` with ``restored``. Letter case does not matter. Of equally cheap ways the first found wins.

    >>> align(["a", "deal"], ("a", "big", "deal"))
    [Pair(unit='a', tokens=('a',)), Pair(unit=None, tokens=('big',)), Pair(unit='deal', tokens=('deal',))]
    """
    folded = fold(restored)
    limit = _FIRST_LIMIT
    while (table := _search(units, folded, limit)) is None:
        limit *= 2
    pairs = []
    unit, token = len(units), len(restored)
    while unit or token:
        _, before, left = table[unit][token]
        pairs.append(Pair(units[before] if unit > before else None, restored[left:token]))
        unit, token = before, left
    return pairs[::-1]


def fold(tokens: Tokens) -> Tokens:
    """The tokens without letter case."""
    return tuple(token.casefold() for token in tokens)


def _search(units: Sequence[str | Slot], restored: Tokens, limit: float) -> list[dict[int, _State]] | None:
    """The table of all states that cost at most ``limit``: per unit, by token. ``None`` when the end is not reached."""
    count = len(restored)
    table: list[dict[int, _State]] = [{} for _ in range(len(units) + 1)]
    table[0][0] = _State(0.0, 0, 0)
    for number, row in enumerate(table):
        if not row:
            return None
        unit = units[number] if number < len(units) else None
        steps = _steps_over(unit, restored)
        token, last = min(row), max(row)
        while token <= last:
            if token in row:
                cost = row[token].cost
                if token < count and _relax(row, token + 1, _State(cost + INSERTED, number, token), limit):
                    last = max(last, token + 1)
                if unit is not None:
                    for width, total in steps(token, cost):
                        _relax(table[number + 1], token + width, _State(total, number, token), limit)
            token += 1
    return table if count in table[-1] else None


def _relax(row: dict[int, _State], token: int, state: _State, limit: float) -> bool:
    """Keep ``state`` when it is cheaper than what is there and within the limit."""
    known = row.get(token)
    if state.cost > limit or (known is not None and state.cost >= known.cost):
        return False
    row[token] = state
    return True


class _TokenSteps:
    """The ways to read one gold token: left out, or as the next restored token."""

    def __init__(self, unit: str, restored: Tokens) -> None:
        self.unit, self.restored = unit.casefold(), restored

    def __call__(self, token: int, cost: float) -> Iterator[tuple[int, float]]:
        """Yield how many tokens each way takes up from ``token``, and its total cost."""
        yield 0, cost + DELETED
        if token < len(self.restored):
            yield 1, cost + (MATCHED if self.restored[token] == self.unit else REPLACED)


class _SlotSteps:
    """The ways to read a slot: as any run of restored tokens; for free when the gold has it or it was left alone."""

    def __init__(self, slot: Slot, restored: Tokens) -> None:
        self.free = {fold(slot.source), *map(fold, slot.right)}
        self.length, self.restored = len(slot.source), restored

    def __call__(self, token: int, cost: float) -> Iterator[tuple[int, float]]:
        """Yield how many tokens each way takes up from ``token``, and its total cost."""
        for width in range(min(WIDEST, len(self.restored) - token) + 1):
            if self.restored[token : token + width] in self.free:
                yield width, cost
            else:
                yield width, cost + WRONG_SLOT + WRONG_LENGTH * abs(width - self.length)


def _steps_over(unit: str | Slot | None, restored: Tokens) -> _TokenSteps | _SlotSteps:
    return _SlotSteps(unit, restored) if isinstance(unit, Slot) else _TokenSteps(unit or "", restored)
