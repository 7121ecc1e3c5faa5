"""Pinned figures: the least (or, for errors, the most) that an evaluation may give; a gate for releases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil, floor

from normalizer.errors import InputError

CEILINGS = frozenset({"ece", "damage"})
"""Figures that must not rise; all others must not fall."""

_PLACES = 10_000


def regressions(figures: Mapping[str, float], pinned: Mapping[str, float]) -> list[str]:
    """What got worse than pinned, one sentence for each. A pinned figure that was not measured is left out.

    >>> regressions({"precision": 0.91, "ece": 0.05}, {"precision": 0.92, "ece": 0.06, "damage": 1.0})
    ['precision is 0.9100, below the floor 0.9200']
    """
    found = []
    for name, value in figures.items():
        limit = pinned.get(name)
        if limit is None:
            continue
        if name in CEILINGS and value > limit + 1e-9:
            found.append(f"{name} is {value:.4f}, above the ceiling {limit:.4f}")
        elif name not in CEILINGS and value < limit - 1e-9:
            found.append(f"{name} is {value:.4f}, below the floor {limit:.4f}")
    return found


def pin(figures: Mapping[str, float], pinned: Mapping[str, float]) -> dict[str, float]:
    """The figures to pin now, rounded towards the lenient side; those that were not measured stay.

    >>> pin({"precision": 0.91237, "ece": 0.05121}, {"damage": 1.5})
    {'damage': 1.5, 'precision': 0.9123, 'ece': 0.0513}
    """
    rounded = {}
    for name, value in figures.items():
        scaled = round(value * _PLACES, 6)  # 0.01 * 10,000 is a little more than 100 in floating point
        rounded[name] = (ceil(scaled) if name in CEILINGS else floor(scaled)) / _PLACES
    return {**pinned, **rounded}


def read_floors(text: str, name: str) -> dict[str, float]:
    """Read a floors file: ``{"version": 1, "floors": {"precision": 0.9}, "ceilings": {"ece": 0.05}}``.

    Raises ``InputError`` with ``name`` and line when it is not of that form.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{name}:{error.lineno}: not JSON: {error.msg}") from error
    try:
        figures = {**document["floors"], **document["ceilings"]}
        return {str(key): float(value) for key, value in figures.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f'{name}:1: needs the objects "floors" and "ceilings", each of name and number') from error


def write_floors(pinned: Mapping[str, float]) -> str:
    """The text of a floors file."""
    document = {
        "version": 1,
        "floors": {name: value for name, value in pinned.items() if name not in CEILINGS},
        "ceilings": {name: value for name, value in pinned.items() if name in CEILINGS},
    }
    return json.dumps(document, indent=2) + "\n"
