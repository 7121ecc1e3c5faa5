"""What a document is about: a wording that fits its topic is likelier than one that does not.

An n-gram model sees two words to either side. Whether "practice" stands for "train" or for "rehearsal" is decided by
the tram, the station and the tickets a paragraph away. Every word has a direction in a space where related words lie
close together; a document's topic is the mean direction of its words, weighted by how rare they are (the smooth inverse
frequency of Arora, Liang and Ma 2017). The cosine between a wording and the topic of the rest of the document, compared
with the cosine of what stands there, shifts the wording's log-score.

The directions are derived from the word embeddings of all-MiniLM-L6-v2 (``normalizer.learn.topic``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.errors import LexiconError
from normalizer.text.tokens import Token

if TYPE_CHECKING:
    from normalizer.decoder import Decoded, Reading


class TopicModel:
    """The directions and weights of words, from a file that ``normalizer.learn.topic`` wrote; read when first used.

    Raises ``LexiconError`` when the file cannot be read.

    >>> from normalizer.resources import lexicon_path
    >>> topics = TopicModel(lexicon_path("en/topics.npz"))
    >>> station = topics.vector(["station", "tickets", "tram"])
    >>> topics.cosine(("train",), station) > topics.cosine(("rehearsal",), station)
    True
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._directions: dict[tuple[str, ...], Any] = {}

    @cached_property
    def _data(self) -> tuple[dict[str, int], Any, Any]:
        import numpy

        try:
            with numpy.load(self.path, allow_pickle=False) as data:
                names = data["words"].tobytes().decode("utf-8").split("\n")
                vectors, weights = data["vectors"], data["weights"].astype(numpy.float32)
        except (OSError, ValueError, KeyError) as error:
            raise LexiconError(f"{self.path}: not a file of topics ({error}); reinstall normalizer") from error
        return {name: number for number, name in enumerate(names)}, vectors, weights

    def __reduce__(self) -> tuple[type[TopicModel], tuple[Path]]:
        return TopicModel, (self.path,)

    def vector(self, words: Iterable[str]) -> Any:
        """The weighted sum of the directions of words, as an array; unknown words count nothing."""
        known, vectors, weights = self._data
        numbers = [number for word in words if (number := known.get(word)) is not None]
        return weights[numbers] @ vectors[numbers]

    def direction(self, words: tuple[str, ...]) -> Any:
        """The direction of a wording, an array of length 1, or 0 when no word is known; it is remembered."""
        direction = self._directions.get(words)
        if direction is None:
            direction = self._directions[words] = _unit(self.vector(words))
        return direction

    def cosine(self, words: tuple[str, ...], topic: Any) -> float:
        """The cosine of the angle between a wording and a topic, 0 when either has no direction."""
        return float(self.direction(words) @ _unit(topic))


def _unit(vector: Any) -> Any:
    length = float(vector @ vector) ** 0.5
    return vector / length if length > 0.0 else vector


def topic_shifts(
    model: TopicModel, document: Sequence[tuple[Decoded, Sequence[Reading]]], strength: float
) -> Iterator[list[float]]:
    """For every sentence, how far the log-score of each of its readings shifts.

    ``document`` holds what a first pass made of the sentences, and the readings that are asked for. A place has no part
    in the topic that it is judged by.
    """
    expected = [_expected(model, decoded) for decoded, _ in document]
    whole = sum(sum(rows) for rows in expected)
    for rows, (decoded, readings) in zip(expected, document, strict=True):
        places: dict[tuple[int, int], tuple[Any, float]] = {}
        shifts = []
        for reading in readings:
            place = reading.start, reading.end
            if place not in places:
                rest = _unit(whole - sum(rows[reading.start : reading.end]))
                observed = _observed(decoded.tokens[reading.start : reading.end])
                places[place] = rest, float(model.direction(observed) @ rest)
            rest, before = places[place]
            shifts.append(strength * (float(model.direction(reading.words) @ rest) - before))
        yield shifts


def _observed(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple(token.lm for token in tokens)


def _expected(model: TopicModel, decoded: Decoded) -> list[Any]:
    """The expected direction of what stood at every token: the token as it is, or its readings, shared out evenly."""
    rows = [share * model.vector((token.lm,)) for token, share in zip(decoded.tokens, decoded.kept, strict=True)]
    for reading, share in decoded.readings:
        part = (share / (reading.end - reading.start)) * model.vector(reading.words)
        for index in range(reading.start, reading.end):
            rows[index] = rows[index] + part
    return rows
