"""What a worker does: decode, restore and encode a batch. The parent only reads and writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from normalizer.corpus.records import Batch, Codec, DocumentError, Outcome, Record
from normalizer.corpus.settings import Settings
from normalizer.corpus.statistics import Statistics
from normalizer.corpus.treatment import Treatments
from normalizer.errors import ConfigError
from normalizer.restoration import Restoration


@dataclass(slots=True)
class Result:
    """The outcomes of a batch, one per record and in order, and their counts."""

    outcomes: list[Outcome]
    statistics: Statistics


@dataclass(frozen=True)
class BatchRestorer:
    """Restores batches. Picklable; a worker loads the engine once, with its first batch."""

    treatments: Treatments
    settings: Settings

    def __call__(self, batch: Batch) -> Result:
        """Process a batch. What goes wrong with a document becomes its outcome."""
        statistics = Statistics(input_bytes=batch.size)
        return Result([self._outcome(record, batch.codec, statistics) for record in batch.records], statistics)

    def _outcome(self, record: Record, codec: Codec, statistics: Statistics) -> Outcome:
        statistics.documents += 1
        identifier: str | None = None
        reason = record.problem
        if reason is None:
            try:
                document = codec.decode(record.raw)
                identifier = document.id
                if document.text is None:
                    return self._without_text(record, codec, document, statistics)
                restoration = self.treatments.of(codec.file_of(record.raw)).analyze(document.text)
                text = restoration.restored if restoration.edits else None
                payload = codec.encode(document, text, self._added(document.text, restoration))
            except ConfigError:
                raise
            except DocumentError as error:
                reason = str(error)
            except Exception as error:  # one bad document never stops the run
                reason = f"could not be restored: {type(error).__name__}: {error}"
            else:
                statistics.count(restoration)
                if not self._kept(restoration.spun_probability >= 0.5):
                    statistics.filtered += 1
                    payload = None
                return Outcome(record.number, payload, identifier)
        statistics.fail(reason)
        return failed(record, codec, self.settings, reason, identifier)

    def _without_text(self, record: Record, codec: Codec, document: Any, statistics: Statistics) -> Outcome:
        statistics.without_text += 1
        if not self._kept(spun=False):
            statistics.filtered += 1
            return Outcome(record.number, None, document.id)
        return Outcome(record.number, codec.encode(document, None, self._added(None, None)), document.id)

    def _kept(self, spun: bool) -> bool:
        return self.settings.keep is None or (self.settings.keep == "spun") == spun

    def _added(self, text: str | None, restoration: Restoration | None) -> dict[str, Any]:
        added: dict[str, Any] = {}
        if self.settings.original_field:
            added[self.settings.original_field] = text
        if self.settings.edits_field:
            added[self.settings.edits_field] = provenance(restoration) if restoration else None
        return added


def provenance(restoration: Restoration) -> dict[str, Any]:
    """What is recorded about a document: its spun probability, the engine, and the edits that were made.

    >>> provenance(Restoration("a", ()))
    {'spun_probability': 0.0, 'engine': 'none', 'edits': []}
    """
    return {
        "spun_probability": round(restoration.spun_probability, 4),
        "engine": restoration.engine,
        "edits": [edit.to_dict() for edit in restoration.edits],
    }


def failed(record: Record, codec: Codec, settings: Settings, reason: str, identifier: str | None = None) -> Outcome:
    """The outcome of a document that could not be processed; ``on_error="keep"`` passes it on where it can be."""
    payload = codec.passed_on(record.raw, record.problem) if settings.on_error == "keep" else None
    return Outcome(record.number, payload, identifier, reason)


def merged(results: Iterable[Result]) -> Result:
    """One result for consecutive results."""
    total = Result([], Statistics())
    for result in results:
        total.outcomes += result.outcomes
        total.statistics.add(result.statistics)
    return total
