"""The texts of corpora, one by one: what every way of learning reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from normalizer.corpus.records import Batch, DocumentError, Record
from normalizer.corpus.settings import Settings
from normalizer.corpus.sources import Source, find_inputs
from normalizer.errors import ConfigError, InputError


class Text(NamedTuple):
    """A document: its ``name`` (source and id, or number, for messages), its ``id`` and its ``text``."""

    name: str
    id: str
    text: str


@dataclass
class Corpus:
    """The documents of one or more paths, folders, globs or URLs; iterating reads them anew, as a stream.

    ``form`` overrides what the suffixes say, ``text_field`` and ``id_field`` name the fields of tables. Documents that
    cannot be read, or have no text, are left out; ``problems`` tells why, one sentence each (the first hundred).
    Raises ``InputError`` when a path cannot be read, ``ConfigError`` when its format is not known.
    """

    paths: Sequence[str]
    form: str | None = None
    text_field: str = "text"
    id_field: str | None = None
    sources: list[Source] = field(init=False)
    problems: list[str] = field(default_factory=list)
    consumed: int = 0

    def __post_init__(self) -> None:
        if not self.paths:
            raise ConfigError("name at least one corpus")
        self.sources = [source for path in self.paths for source in find_inputs(path, self.form)]

    @property
    def size(self) -> int:
        """Stored bytes of all sources."""
        return sum(source.size for source in self.sources)

    def __iter__(self) -> Iterator[Text]:
        self.consumed, done = 0, 0
        self.problems.clear()
        for source in self.sources:
            id_field = None if source.form == "text" else self.id_field
            settings = Settings(text_field=self.text_field, id_field=id_field)
            for batch in source.codec(settings).read():
                for record in batch.records:
                    text = self._text(source, batch, record)
                    if text is not None:
                        yield text
                self.consumed = done + batch.consumed
            done = self.consumed = done + source.size

    def _text(self, source: Source, batch: Batch, record: Record) -> Text | None:
        place = record.raw.name if source.form == "text" else f"{source.name}:{record.number}"
        reason = record.problem
        if reason is None:
            try:
                document = batch.codec.decode(record.raw)
            except DocumentError as error:
                reason = str(error)
            else:
                if document.text is None or not document.text.strip():
                    reason = "the document has no text"
                else:
                    return Text(place, document.id or str(record.number), document.text)
        if len(self.problems) < 100:
            self.problems.append(f"{place}: {reason}")
        return None


def required(texts: Iterable[Text], corpus: Corpus) -> Iterator[Text]:
    """The texts as they come. Raises ``InputError`` when there is none at all, with the first reason."""
    empty = True
    for text in texts:
        empty = False
        yield text
    if empty:
        reason = f" ({corpus.problems[0]})" if corpus.problems else ""
        raise InputError(f"{', '.join(map(str, corpus.paths))}: there is no text to learn from{reason}")
