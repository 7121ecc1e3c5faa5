"""What the lexicon knows, as the ways of learning ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from normalizer.channel import Channel
from normalizer.language_model import LanguageModel
from normalizer.learn.segment import Pair
from normalizer.lexicon.extending import overlay
from normalizer.resources import CHANNEL, lexicon_path


@dataclass(frozen=True)
class Known:
    """Tells whether one of some channels has a pair (canonical, variant) of normalised tokens.

    >>> from normalizer.resources import lexicon_path
    >>> Known((Channel([lexicon_path("en/channel.tsv")]),))((("agency",), ("company",)))
    True
    """

    channels: tuple[Channel, ...]

    def __call__(self, pair: Pair) -> bool:
        """Whether one of the channels has the pair."""
        canonical, surface = (" ".join(side) for side in pair)
        entries = (channel.get(surface) for channel in self.channels)
        return any(candidate.key == canonical for entry in entries if entry for candidate in entry.candidates)

    def word(self, word: str) -> bool:
        """Whether one of the channels has the word as a surface or key: then it is more than a name."""
        return any(word in channel for channel in self.channels)


def shipped_channel() -> Channel:
    """The shipped channel."""
    return Channel([lexicon_path("en") / CHANNEL])


def extended_channel(lexicon: Sequence[Path], model: LanguageModel) -> Channel:
    """The shipped channel with overlays, tables and folders of one's own on top.

    Raises ``LexiconError`` for a file that is none of these, ``ConfigError`` for one that does not exist.
    """
    base = shipped_channel()
    return base.extended(overlay(base, lexicon, model)) if lexicon else base
