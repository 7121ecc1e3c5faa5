"""Hugging Face ``datasets``: a function for ``Dataset.map`` and ``IterableDataset.map``."""

from __future__ import annotations

from typing import Any

from normalizer.adapters.core import Restorer


class NormalizerMap:
    """For ``ds.map(NormalizerMap(), batched=True)``: restores the column ``text_field``.

    Provenance goes to the columns ``<prefix>spun_probability``, ``<prefix>spun_engine`` and ``<prefix>edits`` (JSON);
    the text as it was goes to the column ``original_field`` if that is named. Pickles by its options, so the cache
    of ``datasets`` recognises it.

    >>> NormalizerMap(only=["encoding"])({"text": ["BrontÃ«"]})["text"]
    ['Brontë']
    """

    def __init__(
        self, text_field: str = "text", *, original_field: str | None = None, prefix: str = "", **options: Any
    ) -> None:
        self.text_field, self.original_field, self.prefix = text_field, original_field, prefix
        self.restorer = Restorer(**options)

    def __call__(self, batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """The columns to replace and to add."""
        texts = list(batch[self.text_field])
        columns = self.restorer.columns(texts)
        changed = {self.text_field: columns.pop("text")}
        if self.original_field:
            changed[self.original_field] = texts
        return {**changed, **{self.prefix + name: values for name, values in columns.items()}}
