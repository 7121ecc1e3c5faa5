"""What a document is about: a wording that fits its topic is likelier than one that does not.

An n-gram model sees two words to either side. Whether "practice" stands for "train" or for "rehearsal" is decided by
the tram, the station and the tickets a paragraph away. Every word has a direction in a space where related words lie
close together; a document's topic is the mean direction of its words, weighted by how rare they are (the smooth inverse
frequency of Arora, Liang and Ma 2017). The cosine between a wording and the topic of the rest of the document, compared
with the cosine of what stands there, shifts the wording's log-score.

The directions are derived from the word embeddings of all-MiniLM-L6-v2 (``normalizer.learn.topic``).
"""

from __future__ import annotations

from array import array
from binascii import a2b_base64
from collections.abc import Iterable, Iterator, Sequence
from operator import add, mul, sub
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer.errors import LexiconError
from normalizer.lexicon.sorted_lines import Groups, beginning, read_sorted

if TYPE_CHECKING:
    from normalizer.decoder import Decoded, Reading
    from normalizer.text.tokens import Token

LEAST_SHARE = 0.02
"""What is less likely than this says nothing of the topic."""

Vector = Sequence[float]
"""A point of the space, 64 numbers, for which plain Python is as fast as an array library.

What is remembered is kept in arrays, which take a quarter of the memory of lists.
"""


class TopicModel:
    """The directions and weights of words, from a file that ``normalizer.learn.topic`` wrote, read as they are needed.

    Raises ``LexiconError`` when the file is not there, or later, when a line is malformed.

    >>> from normalizer.resources import lexicon_path
    >>> topics = TopicModel(lexicon_path("en/topics.tsv"))
    >>> station = topics.vector(("station", "tickets", "tram"))
    >>> cosine(topics.vector(("train",)), station) > cosine(topics.vector(("rehearsal",)), station)
    True
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        lines = read_sorted(self.path)
        if lines is None:
            raise LexiconError(f"{path}: not a file of topics; reinstall normalizer")
        self._groups = Groups(lambda name: {line.partition("\t")[0]: line for line in lines.group(name)})
        self._vectors: dict[tuple[str, ...], Vector] = {}
        self._directions: dict[tuple[str, ...], Vector] = {}

    def __reduce__(self) -> tuple[type[TopicModel], tuple[Path]]:
        return TopicModel, (self.path,)

    def vector(self, words: tuple[str, ...]) -> Vector:
        """The weighted sum of the directions of words, empty when none is known; it is remembered."""
        total = self._vectors.get(words)
        if total is None:
            known = [found for word in words if (found := self._word(word))]
            total = known[0] if known else ()
            for other in known[1:]:
                total = [*map(add, total, other)]
            if known:
                total = self._vectors[words] = array("d", total)
        return total

    def direction(self, words: tuple[str, ...]) -> Vector:
        """The direction of a wording, of length 1, or empty when no word is known; it is remembered."""
        direction = self._directions.get(words)
        if direction is None:
            direction = unit(self.vector(words))
            if direction:
                direction = self._directions[words] = array("d", direction)
        return direction

    def _word(self, word: str) -> Vector | None:
        line = self._groups[beginning(word)].get(word)
        if line is None:
            return None
        try:
            _, weight, packed = line.split("\t")
            scale = float(weight)
            return [scale * number for number in array("b", a2b_base64(packed))]
        except ValueError as error:
            raise LexiconError(f"{self.path}: malformed line of {word!r} ({error}); reinstall normalizer") from error


def unit(vector: Vector) -> Vector:
    """The vector scaled to length 1; nothing becomes of nothing.

    >>> unit([3.0, 4.0])
    [0.6, 0.8]
    """
    length = sum(map(mul, vector, vector)) ** 0.5
    return [number / length for number in vector] if length > 0.0 else ()


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of the angle between two vectors, 0 when either is empty."""
    return float(sum(map(mul, unit(one), unit(other))))


def topic_shifts(
    model: TopicModel, document: Sequence[tuple[Decoded, Sequence[Reading]]], strength: float
) -> Iterator[list[float]]:
    """For every sentence, how far the log-score of each of its readings shifts.

    ``document`` holds what a first pass made of the sentences, and the readings that are asked for. A place has no part
    in the topic that it is judged by.
    """
    expected = [_expected(model, decoded) for decoded, _ in document]
    whole = _total(row for rows in expected for row in rows)
    for rows, (decoded, readings) in zip(expected, document, strict=True):
        places: dict[tuple[int, int], tuple[Vector, float, float]] = {}
        shifts = []
        for reading in readings:
            place = reading.start, reading.end
            if place not in places:
                own = _total(rows[reading.start : reading.end])
                rest = [*map(sub, whole, own)] if own else whole
                length = sum(map(mul, rest, rest)) ** 0.5
                observed = model.direction(_observed(decoded.tokens[reading.start : reading.end]))
                places[place] = rest, sum(map(mul, observed, rest)), strength / length if length > 0.0 else 0.0
            rest, before, scale = places[place]
            shifts.append(scale * (sum(map(mul, model.direction(reading.words), rest)) - before))
        yield shifts


def _observed(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple(token.lm for token in tokens)


def _expected(model: TopicModel, decoded: Decoded) -> list[Vector]:
    """The expected direction of what stood at every token: the token as it is, or its readings, shared out evenly."""
    rows = [
        _scaled(share, model.vector((token.lm,))) for token, share in zip(decoded.tokens, decoded.kept, strict=True)
    ]
    for reading, share in decoded.readings:
        if share >= LEAST_SHARE:
            part = _scaled(share / (reading.end - reading.start), model.vector(reading.words))
            for index in range(reading.start, reading.end):
                rows[index] = _total((rows[index], part))
    return rows


def _scaled(share: float, vector: Vector) -> Vector:
    if share > 1.0 - LEAST_SHARE:
        return vector
    return [share * number for number in vector] if share >= LEAST_SHARE else ()


def _total(vectors: Iterable[Vector]) -> Vector:
    """The sum of vectors, of which those that are empty count nothing."""
    total: Vector = ()
    for vector in vectors:
        if vector:
            total = [*map(add, total, vector)] if total else vector
    return total
