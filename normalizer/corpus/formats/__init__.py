"""The formats of data sets: each reads batches of raw records, decodes and encodes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.corpus.settings import Settings

if TYPE_CHECKING:
    from normalizer.corpus.formats.rows import FieldCodec
    from normalizer.corpus.records import Codec

Files = tuple[tuple[str, str], ...]
SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
    ".wet": "warc",
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
}
FORMATS = ("jsonl", "csv", "tsv", "parquet", "text", "warc")
OUTPUTS = {"jsonl": "jsonl", "csv": "csv", "tsv": "tsv", "parquet": "parquet", "text": "text", "warc": "jsonl"}
"""Which format each is written in, unless another is asked for.

WARC records become JSON lines: id, url, date and text.
"""

WRITTEN = ("jsonl", "csv", "tsv", "parquet")
"""The formats that any other can be converted to."""


def codec(form: str, name: str, settings: Settings, files: Files = (), *, rows: bool = False) -> Codec:
    """The codec for one source. Reads what the format needs to know beforehand, such as a CSV header.

    ``files``: those of a tree of text files. ``rows``: write JSON lines, whatever the format.

    Raises ``InputError`` when the source cannot be read, or lacks the text field altogether.
    """
    if form == "jsonl":
        from normalizer.corpus.formats.jsonl import JsonlCodec

        return JsonlCodec(name, settings)
    if form == "warc":
        from normalizer.corpus.formats.warc import WarcCodec

        return WarcCodec(name, settings)
    found = _field_codec(form, name, settings, files, rows)
    if not rows:
        return found
    from normalizer.corpus.formats.rows import RowCodec

    return RowCodec(found, settings)


def _field_codec(form: str, name: str, settings: Settings, files: Files, rows: bool) -> FieldCodec:
    if form in ("csv", "tsv"):
        from normalizer.corpus.formats.delimited import open_delimited

        return open_delimited(name, settings, "," if form == "csv" else "\t", unique=rows)
    if form == "parquet":
        from normalizer.corpus.formats.parquet import open_parquet

        return open_parquet(name, settings, whole=rows)
    from normalizer.corpus.formats.text import TextCodec

    return TextCodec(files, settings, named=rows)
