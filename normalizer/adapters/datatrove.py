"""datatrove: a formatter block that restores documents and records how, and a filter on the document's state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from normalizer.adapters.core import Restorer, need

if TYPE_CHECKING:
    BaseFormatter: Any = object
    BaseFilter: Any = object
else:
    try:
        from datatrove.pipeline.filters.base_filter import BaseFilter
        from datatrove.pipeline.formatters.base import BaseFormatter
    except ImportError:
        BaseFilter = BaseFormatter = object


class NormalizerFormatter(BaseFormatter):  # type: ignore[misc]
    """A pipeline block: restores ``doc.text`` and writes provenance into ``doc.metadata[metadata_key]``.

    The provenance is a dictionary with ``spun_probability``, ``engine`` and ``edits``. Options are those of
    ``Normalizer``.
    """

    name = "🩹 Normalizer"

    def __init__(self, metadata_key: str = "normalizer", **options: Any) -> None:
        need("datatrove")
        super().__init__()
        self.metadata_key = metadata_key
        self.restorer = Restorer(**options)

    def format(self, text: str) -> str:
        """The text, restored."""
        return self.restorer.analyze(text).restored

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Restore a stream of documents."""
        for document in data:
            self.stat_update("total")
            with self.track_time():
                restored = self.restorer(document.text)
                document.text = restored.text
                document.metadata[self.metadata_key] = {
                    "spun_probability": restored.spun_probability,
                    "engine": restored.spun_engine,
                    "edits": json.loads(restored.edits or "[]"),
                }
                if restored.edits != "[]":
                    self.stat_update("changed")
                self.update_doc_stats(document)
            yield document


class SpunFilter(BaseFilter):  # type: ignore[misc]
    """Keeps documents that are not spun: drops those whose probability reaches ``threshold``, without decoding them.

    ``keep="spun"`` keeps the others instead. The probability is left in ``doc.metadata["spun_probability"]``.
    """

    name = "🩹 Spun filter"

    def __init__(
        self, threshold: float = 0.5, keep: str = "clean", exclusion_writer: Any = None, **options: Any
    ) -> None:
        need("datatrove")
        super().__init__(exclusion_writer)
        self.threshold, self.keep = threshold, keep
        self.restorer = Restorer(**options)

    def filter(self, doc: Any) -> Any:
        """Whether to keep a document, and why not."""
        probability = self.restorer.normalizer.detect(doc.text).spun_probability
        doc.metadata["spun_probability"] = round(probability, 4)
        spun = probability >= self.threshold
        return True if spun == (self.keep == "spun") else (False, "spun" if spun else "clean")
