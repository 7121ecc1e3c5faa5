"""WARC and WET: web archives in, JSON lines out (id, url, date, text)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, cast

from normalizer.corpus.formats.archive import CutOffError, Members, Piece, pieces
from normalizer.corpus.formats.lines import too_large
from normalizer.corpus.records import LIMITS, START, Batch, Document, DocumentError, Position, Record
from normalizer.corpus.settings import Settings
from normalizer.corpus.storage import Input, opened
from normalizer.errors import ConfigError, InputError


class Page(NamedTuple):
    """A record of an archive. ``html``: whether the content still has to become plain text."""

    id: str
    url: str
    date: str
    content: bytes
    html: bool
    charset: str | None


@dataclass(frozen=True, slots=True)
class WarcCodec:
    """A web archive. Conversion records (WET) are text; HTML responses become text by trafilatura.

    Other records (requests, images, redirects without content) are no documents and are left out.
    """

    name: str
    settings: Settings

    def read(self, start: Position = START) -> Iterator[Batch]:
        """Batches of pages. A record's number counts the archive's records of every type."""
        try:
            import warcio  # noqa: F401
        except ImportError as error:
            raise ConfigError(f"{self.name}: WARC files need warcio; install normalizer[corpus]") from error
        records: list[Record] = []
        number, size, consumed = start.number, 0, 0
        failure: InputError | None = None
        try:
            with opened(self.name, expand=False) as source:
                for piece in self._pieces(source):
                    number = piece.number
                    if number <= start.number:
                        continue
                    found = self._read_piece(piece)
                    if found is None:
                        continue
                    records.append(found)
                    size += len(found.raw.content)
                    if size >= 4 * LIMITS.size or len(records) >= LIMITS.records:
                        yield Batch(self, records, Position(number, number), size, source.consumed)
                        records, size = [], 0
                consumed = source.consumed
        except InputError as error:
            failure = error
        if records:
            yield Batch(self, records, Position(number, number), size, consumed)
        if failure is not None:
            raise failure

    def _pieces(self, source: Input) -> Iterator[Piece]:
        members = Members(source.stream) if source.compression == "gzip" else None
        stream = cast(IO[bytes], io.BufferedReader(members, 1 << 18)) if members else source.expanded()
        try:
            yield from pieces(stream, members, self.settings.max_size)
        except CutOffError as error:
            raise InputError(f"{self.name}: ends in the middle of record {error}; fetch the file again") from error

    def _read_piece(self, piece: Piece) -> Record | None:
        """The page in a record, or what is wrong with it; None when it holds no text."""
        from warcio.archiveiterator import ArchiveIterator

        if piece.problem is not None:
            return Record(piece.number, Page("", "", "", piece.content, False, None), piece.problem)
        try:
            page = next((self._page(record) for record in ArchiveIterator(io.BytesIO(piece.content))), None)
        except Exception as error:  # whatever warcio says of a record
            reason = f"broken record: {' '.join(str(error).split()) or type(error).__name__}"
            return Record(piece.number, Page("", "", "", piece.content[:1000], False, None), reason)
        if page is None:
            return None
        if len(page.content) > self.settings.max_size:
            problem = too_large(len(page.content), self.settings.max_size)
            return Record(piece.number, page._replace(content=page.content[:1000]), problem)
        return Record(piece.number, page)

    def _page(self, record: Any) -> Page | None:
        """The page in an archive record, or None when it holds no text."""
        kind, charset = "text/plain", None
        if record.rec_type == "response" and record.http_headers is not None:
            kind, _, parameters = (record.http_headers.get_header("Content-Type") or "").partition(";")
            charset = parameters.lower().partition("charset=")[2].split(";")[0].strip(" \"'") or None
        elif record.rec_type != "conversion":
            return None
        html = kind.strip().lower() in ("text/html", "application/xhtml+xml")
        if not html and kind.strip().lower() != "text/plain":
            return None
        header = record.rec_headers.get_header
        return Page(
            (header("WARC-Record-ID") or "").strip("<>"),
            header("WARC-Target-URI") or "",
            header("WARC-Date") or "",
            record.content_stream().read(self.settings.max_size + 1),
            html,
            charset,
        )

    def file_of(self, raw: Page) -> str:
        """The source."""
        return self.name

    def decode(self, raw: Page) -> Document:
        """The document on a page: its main text, without navigation and advertisements."""
        if not raw.html:
            return Document(raw.content.decode(_known(raw.charset), "replace"), raw.id, raw)
        try:
            import trafilatura
        except ImportError as error:
            raise ConfigError("HTML pages need trafilatura; install normalizer[corpus]") from error
        try:
            content = raw.content.decode(_known(raw.charset)) if raw.charset else raw.content
        except UnicodeDecodeError:
            content = raw.content
        try:
            text = trafilatura.extract(content, url=raw.url or None)
        except Exception as error:
            raise DocumentError(f"no text could be taken from the page: {error}") from error
        return Document(text, raw.id, raw)

    def encode(self, document: Document, text: str | None, added: Mapping[str, Any]) -> bytes:
        """A JSON line."""
        page: Page = document.handle
        fields = {"id": page.id, "url": page.url, "date": page.date}
        fields[self.settings.text_field] = document.text if text is None else text  # type: ignore[assignment]
        return (json.dumps({**fields, **added}, ensure_ascii=False) + "\n").encode("utf-8", "replace")

    def passed_on(self, raw: Page, problem: str | None) -> bytes | None:
        """A JSON line without text, of a page that is known by more than its being broken."""
        if problem and not raw.id:
            return None
        added = dict.fromkeys(self.settings.added_fields)
        return self.encode(Document(None, raw.id, raw), None, added)


def _known(charset: str | None) -> str:
    import codecs

    try:
        return codecs.lookup(charset).name if charset else "utf-8"
    except LookupError:
        return "utf-8"
