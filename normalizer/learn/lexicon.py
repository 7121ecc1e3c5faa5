"""What the lexicon knows, as the ways of learning ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from normalizer.channel import FIRST_LINE, Channel, read_overlay
from normalizer.learn.segment import Pair
from normalizer.lexicon.table import Row, load_table, read_source
from normalizer.resources import lexicon_path


@dataclass(frozen=True)
class Known:
    """Tells whether one of some channels has a pair (canonical, variant) of normalised tokens.

    >>> from normalizer.resources import lexicon_path
    >>> Known((Channel([lexicon_path("en/channel.tsv")]),))((("agency",), ("company",)))
    True
    """

    channels: tuple[Channel, ...]

    def __call__(self, pair: Pair) -> bool:
        canonical, surface = (" ".join(side) for side in pair)
        entries = (channel.get(surface) for channel in self.channels)
        return any(candidate.key == canonical for entry in entries if entry for candidate in entry.candidates)

    def word(self, word: str) -> bool:
        """Whether one of the channels has the word as a surface or key: then it is more than a name."""
        return any(word in channel for channel in self.channels)


def is_overlay(path: Path) -> bool:
    """Whether a file is a channel, and not a table. Raises ``LexiconError`` when it cannot be read."""
    return read_source(path).startswith(FIRST_LINE)


def base_channel(lexicon: Sequence[Path]) -> Channel:
    """The shipped channel with overlays laid over it; tables are left out (``base_rows`` gives them).

    Raises ``LexiconError`` for a file that is neither.
    """
    overlay: dict[str, str] = {}
    for path in lexicon:
        if is_overlay(path):
            overlay.update(read_overlay(path))
    return Channel([lexicon_path("en/channel.tsv")], overlay)


def base_rows(lexicon: Sequence[Path]) -> list[Row]:
    """The rows of the tables among the files. Raises ``LexiconError`` for a file that is neither table nor overlay."""
    return [row for path in lexicon if not is_overlay(path) for row in load_table(path).rows]
