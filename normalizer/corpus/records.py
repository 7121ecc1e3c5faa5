"""What flows through a run: batches of raw records in, outcomes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from normalizer.corpus.settings import Settings
from normalizer.errors import NormalizerError


class DocumentError(NormalizerError):
    """One document cannot be processed; the message is the reason. The run goes on."""


class Position(NamedTuple):
    """Where reading goes on: ``offset`` as the format counts (bytes, row groups), ``number`` of records before it."""

    offset: int
    number: int


START = Position(0, 0)


class Record(NamedTuple):
    """A record as it stands in the source. ``number`` counts from 1 (lines, rows); ``problem``: why it is unusable."""

    number: int
    raw: Any
    problem: str | None = None


class Document(NamedTuple):
    """A decoded record: its text (None when it has none), its id for messages, and what the format needs to encode."""

    text: str | None
    id: str | None
    handle: Any


class Codec(Protocol):
    """A source in its format. Small and picklable, because it travels with every batch."""

    def read(self, start: Position = START) -> Iterator[Batch]:
        """Batches from ``start`` on. Raises ``InputError`` where the source breaks, after what could be read."""

    def file_of(self, raw: Any) -> str:
        """The file that a raw record comes from, by the name that the run knows it by."""

    def decode(self, raw: Any) -> Document:
        """The document in a raw record. Raises ``DocumentError``."""

    def encode(self, document: Document, text: str | None, added: Mapping[str, Any]) -> Any:
        """The record to write: with a new text (None leaves it as it is) and added fields."""

    def passed_on(self, raw: Any, problem: str | None) -> Any:
        """A record that could not be processed, as it stands, with empty added fields; None where there is no way."""


@dataclass(slots=True)
class Batch:
    """Consecutive records. ``end``: the position behind them; ``size``: their bytes, uncompressed.

    ``consumed``: bytes of the stored (compressed) source read so far, for the progress bar.
    """

    codec: Codec
    records: list[Record]
    end: Position
    size: int
    consumed: int


class Outcome(NamedTuple):
    """What became of a record: ``payload`` to write (None: nothing), or the ``error`` that prevented it."""

    number: int
    payload: Any = None
    id: str | None = None
    error: str | None = None


class Limits(NamedTuple):
    """How large batches are: records and bytes.

    Small enough that at the end of a run no process works long while the others have nothing left to do.
    """

    records: int = 16
    size: int = 24_000


LIMITS = Limits()


def selected(number: int, source: str, settings: Settings) -> bool:
    """Whether sampling takes a document: decided by its place alone, so that every run decides alike.

    >>> sum(selected(n, "a.jsonl", Settings(sample=0.25)) for n in range(1000))
    255
    """
    if settings.sample is None:
        return True
    from hashlib import blake2b

    digest = blake2b(f"{settings.seed}:{source}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < settings.sample * 2**64
