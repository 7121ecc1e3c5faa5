"""The document's state: was it spun, and by what kind of engine?

Every word of a text is evidence. A canonical wording that an engine would have replaced speaks for clean text; a
surface that is commoner in spun text than in clean text speaks against it. Both follow from the channel: an engine
that replaces the share ``rate`` of what it knows turns the frequency of a surface into

    frequency x (1 - rate x P(replaced) + rate x gain)

so the logarithm of that factor is the surface's weight of evidence (Good 1950). Words come in bursts, so repeated
surfaces count less each time, and a single surface never decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp, log
from typing import NamedTuple

from normalizer.channel import Channel, Entry
from normalizer.restoration import Detection, Engine
from normalizer.text.tokens import Token


class GateSettings(NamedTuple):
    """``prior``: log-odds that a document is spun. ``clip``: most that one occurrence may weigh. ``rates``: the engines
    considered, each with the share of its words that it replaces.
    """

    prior: float = -4.0
    clip: float = 2.5
    rates: tuple[tuple[Engine, float], ...] = (("replaces-all", 1.0), ("keeps-some", 0.65), ("thesaurus", 0.3))


class State(NamedTuple):
    """The state of a document: the detection, and the replacement rate of the likeliest engine."""

    detection: Detection
    rate: float


def surfaces(channel: Channel, tokens: Sequence[Token]) -> Iterable[Entry]:
    """The known surfaces of a sentence, longest first, without overlaps."""
    matches = channel.longest_matches(tokens)
    return (match.entry for match in matches)


def weight(entry: Entry, rate: float, clip: float) -> float:
    """The weight of evidence (natural log) of one occurrence of a surface for an engine with this rate."""
    factor = 1.0 - rate * min(entry.replaced, 0.995) + rate * entry.gain
    return max(-clip, min(clip, log(factor)))


def judge(channel: Channel, sentences: Iterable[Sequence[Token]], settings: GateSettings = GateSettings()) -> State:  # noqa: B008
    """Weigh the evidence of a whole document."""
    counts: Counter[str] = Counter()
    entries: dict[str, Entry] = {}
    for tokens in sentences:
        for entry in surfaces(channel, tokens):
            counts[entry.surface] += 1
            entries[entry.surface] = entry
    logits: dict[Engine, float] = {}
    for engine, rate in settings.rates:
        total = sum(
            weight(entries[surface], rate, settings.clip) * (1.0 + log(count)) for surface, count in counts.items()
        )
        logits[engine] = settings.prior + total
    best = max(logits, key=logits.__getitem__)
    rate = dict(settings.rates)[best]
    probability = 1.0 / (1.0 + exp(-max(-50.0, min(50.0, logits[best]))))
    strongest = sorted(counts, key=lambda s: abs(weight(entries[s], rate, 9.0)) * (1 + log(counts[s])), reverse=True)[
        :8
    ]
    evidence = tuple(_sentence(entries[s], counts[s], weight(entries[s], rate, 9.0)) for s in strongest)
    return State(Detection(probability, best if probability >= 0.5 else "none", evidence), rate)


def _sentence(entry: Entry, count: int, value: float) -> str:
    times = f"{count}x " if count > 1 else ""
    if value < 0:
        return f"{times}{entry.surface!r}: spun text hardly ever keeps it ({value:+.1f})"
    source = entry.candidates[0].text if entry.candidates else "?"
    return f"{times}{entry.surface!r}: spinners write it for {source!r} ({value:+.1f})"
