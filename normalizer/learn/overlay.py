"""Overlays: a channel file with only the lines that learning changed, which ``--lexicon`` lays over the shipped one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from normalizer.channel import FIRST_LINE, FORMAT, Channel, Entry, format_line
from normalizer.files import write_text
from normalizer.lexicon.sorted_lines import SORTED


def format_channel(entries: Iterable[Entry], header: Sequence[str] = ()) -> str:
    """The text of a channel file; ``header`` becomes comment lines. Entries are sorted by surface.

    >>> format_channel([Entry("doc", 0.0, 2.0, 0.5, ())], ["Learnt."]).splitlines()[:3]
    ['# normalizer channel 2', '# sorted', '# Learnt.']
    """
    lines = [format_line(entry) for entry in sorted(entries)]
    return "\n".join([f"{FIRST_LINE} {FORMAT}", SORTED, *(f"# {line}" for line in header), *lines, ""])


def write_overlay(path: Path, entries: Iterable[Entry], header: Sequence[str] = ()) -> int:
    """Write an overlay in one step and return its number of lines. Raises ``InputError`` when it cannot be written."""
    found = list(entries)
    write_text(path, format_channel(found, header))
    return len(found)


def changed(entries: Iterable[Entry], base: Channel, tolerance: float = 0.1) -> Iterable[Entry]:
    """The entries that differ from those of ``base`` by more than ``tolerance`` (relative) in some weight."""
    for entry in entries:
        known = base.get(entry.surface)
        if known is None or differ(entry, known, tolerance):
            yield entry


def differ(a: Entry, b: Entry, tolerance: float) -> bool:
    """Whether two entries of one surface differ by more than ``tolerance``, relative to the greater value.

    >>> differ(Entry("a", 0.5, 1.0, 0.5, ()), Entry("a", 0.51, 1.0, 0.5, ()), 0.1)
    False
    """
    weights = [{c.key: c.probability for c in entry.candidates} for entry in (a, b)]
    if weights[0].keys() != weights[1].keys():
        return True
    pairs = [(a.replaced, b.replaced), (a.gain, b.gain), (a.kept_share, b.kept_share)]
    pairs += [(weights[0][key], weights[1][key]) for key in weights[0]]
    return any(abs(x - y) > tolerance * max(x, y, 0.01) for x, y in pairs)
