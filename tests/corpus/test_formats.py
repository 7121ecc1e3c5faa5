"""Each format keeps what is not the text, byte for byte or type for type."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from corpus_helpers import SPUN, RunCorpus
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalizer import Normalizer
from normalizer.corpus.formats.delimited import cells, still_open
from normalizer.corpus.formats.jsonl import JsonlCodec, members
from normalizer.corpus.records import Document, DocumentError
from normalizer.corpus.settings import Settings
from normalizer.errors import ConfigError, InputError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.text(), VALUES, max_size=5),
    st.text(),
    st.text(),
    st.booleans(),
    st.sampled_from([None, 1]),
)
def test_only_the_text_of_a_json_line_changes(
    fields: dict[str, Any], old: str, new: str, escape: bool, indent: int | None
) -> None:
    fields = {name: value for name, value in fields.items() if name not in ("text", "extra")}
    fields = {**fields, "text": old, "last": 1}
    separators = (", ", ": ") if indent is None else (" ,  ", ":")
    raw = json.dumps(fields, ensure_ascii=escape, separators=separators).encode("utf-8", "backslashreplace") + b"\n"
    codec = JsonlCodec("a.jsonl", Settings(edits_field="extra"))
    document = codec.decode(raw)
    assert document.text == json.loads(raw)["text"]
    assert codec.encode(document, None, {}) == raw
    changed = json.loads(codec.encode(document, new, {"extra": [1]}))
    assert list(changed.items()) == [*{**json.loads(raw), "text": new}.items(), ("extra", [1])]


def test_numbers_and_spaces_stay_as_they_are_written() -> None:
    raw = b'\xef\xbb\xbf { "a":1.10, "b" : 1E400,"n":12345678901234567890123, "text":"x" , "text": "y"}\r\n'
    codec = JsonlCodec("a.jsonl", Settings())
    document = codec.decode(raw)
    assert document.text == "y"
    assert codec.encode(document, "z", {}) == raw.replace(b'"y"', b'"z"')


@given(st.text(alphabet='{}[]":, \\utex1', max_size=20))
def test_whatever_json_refuses_is_refused(line: str) -> None:
    try:
        value = json.loads(line)
        valid = isinstance(value, dict)
    except ValueError:
        valid = False
    try:
        found, _ = members(line)
    except DocumentError:
        assert not valid
    else:
        assert valid
        assert list(found) == list(value)


CELL = st.text(alphabet='ab,"\t\r\n é', max_size=8)


@given(st.lists(CELL, min_size=1, max_size=4), st.sampled_from([",", "\t"]), st.booleans())
def test_rows_are_read_as_the_csv_module_writes_them(row: list[str], delimiter: str, all_quoted: bool) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL).writerow(row)
    written = buffer.getvalue()
    assert [cell.value for cell in cells(written, delimiter)] == row
    lines = written.encode().splitlines(keepends=True)
    open_quote = False
    for line in lines:
        assert open_quote or line is lines[0]
        open_quote = still_open(line, open_quote, delimiter.encode())
    assert not open_quote


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_csv_keeps_every_other_byte(suffix: str, delimiter: str, tmp_path: Path, run_corpus: RunCorpus) -> None:
    rows = 'id,"text",score\r\n1,"BrontÃ«, ""she""\r\nsaid",1.10\r\n"2",plain BrontÃ«,\r\n3,a "quote" inside,x'
    (tmp_path / f"a.{suffix}").write_bytes(rows.replace(",", delimiter).encode())
    run_corpus(tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}", id_field="id", part_size=1)
    expected = (rows.replace("Ã«", "ë") + "\n").replace(",", delimiter)
    assert (tmp_path / f"b.{suffix}").read_bytes() == expected.encode()


def test_csv_gets_columns_and_says_what_is_wrong(tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "a.csv").write_text('text,n\nBrontÃ«,1\nshort\n"open,2\n', encoding="utf-8")
    report = run_corpus(tmp_path / "a.csv", tmp_path / "b.csv", original_field="old", edits_field="edits")
    rows = list(csv.reader((tmp_path / "b.csv").open(encoding="utf-8", newline="")))
    assert rows[0] == ["text", "n", "old", "edits"]
    assert rows[1][:3] == ["Brontë", "1", "BrontÃ«"]
    assert json.loads(rows[1][3])["edits"][0]["original"] == "BrontÃ«"
    assert len(rows) == 2
    assert sorted(report.statistics.reasons) == [
        "a quoted cell is never closed",
        "the row has # cells; the header has #",
    ]
    with pytest.raises(ConfigError, match="would be overwritten"):
        run_corpus(tmp_path / "a.csv", tmp_path / "a.csv", overwrite=True)
    missing = run_corpus(tmp_path / "a.csv", tmp_path / "c.csv", text_field="body")
    assert "no column 'body'; there are 'text', 'n'" in str(missing.broken)
    assert not (tmp_path / "c.csv").exists()


def test_csv_with_a_header_only(tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "a.csv").write_text("text,n\n")
    run_corpus(tmp_path / "a.csv", tmp_path / "b.csv", original_field="old")
    assert (tmp_path / "b.csv").read_text() == "text,n,old\n"


def parquet(path: Path, **changes: Any) -> Any:
    pa = pytest.importorskip("pyarrow", reason="Parquet needs the extra 'corpus'")
    import pyarrow.parquet as pq

    count = 90
    texts: list[str | None] = [f"Row {n} BrontÃ«" if n % 3 else None for n in range(count)]
    table = pa.table(
        {
            "when": pa.array([datetime.datetime(2020, 1, 1)] * count, pa.timestamp("us")),
            "text": pa.array(texts, pa.string()).cast(changes.get("type", pa.string())),
            "nested": pa.array([{"a": [n, None], "b": "x"} for n in range(count)]),
            "id": pa.array(range(count), pa.int32()),
            "kind": pa.array(["x", "y", "z"] * 30).dictionary_encode(),
        },
    ).replace_schema_metadata({"made": "for a test"})
    pq.write_table(table, path, row_group_size=40, compression="gzip")
    return table


@pytest.mark.parametrize("kind", ["string", "large_string", "dictionary"])
def test_parquet_keeps_types_and_row_groups(kind: str, tmp_path: Path, run_corpus: RunCorpus) -> None:
    pa = pytest.importorskip("pyarrow", reason="Parquet needs the extra 'corpus'")
    import pyarrow.parquet as pq

    types = {
        "string": pa.string(),
        "large_string": pa.large_string(),
        "dictionary": pa.dictionary(pa.int32(), pa.string()),
    }
    before = parquet(tmp_path / "a.parquet", type=types[kind])
    report = run_corpus(tmp_path / "a.parquet", tmp_path / "b.parquet", id_field="id", part_size=300)
    with pq.ParquetFile(tmp_path / "b.parquet") as file:
        after = file.read()
        assert [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)] == [40, 40, 10]
        assert file.metadata.row_group(0).column(0).compression == "GZIP"
    assert after.schema.equals(pq.read_schema(tmp_path / "a.parquet"), check_metadata=True)
    assert after.drop(["text"]).equals(before.drop(["text"]))
    expected = [text and text.replace("Ã«", "ë") for text in before["text"].to_pylist()]
    assert after["text"].to_pylist() == expected
    assert (report.statistics.documents, report.statistics.without_text) == (90, 30)


def test_parquet_provenance_and_limit(tmp_path: Path, run_corpus: RunCorpus, engine: Normalizer) -> None:
    pa = pytest.importorskip("pyarrow", reason="Parquet needs the extra 'corpus'")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"body": [SPUN, None, "x"]}), tmp_path / "a.parquet")
    run_corpus(
        tmp_path / "a.parquet",
        tmp_path / "b.parquet",
        text_field="body",
        edits_field="edits",
        original_field="old",
        limit=2,
        normalizer=engine,
    )
    first, second = pq.read_table(tmp_path / "b.parquet").to_pylist()
    assert first["old"] == SPUN
    assert first["edits"]["edits"] == [edit.to_dict() for edit in engine.analyze(SPUN).edits]
    assert second == {"body": None, "old": None, "edits": None}


def test_parquet_that_is_no_use(tmp_path: Path, run_corpus: RunCorpus) -> None:
    parquet(tmp_path / "in.parquet")
    whole = (tmp_path / "in.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    report = run_corpus(tmp_path / "cut.parquet", tmp_path / "b.parquet")
    assert report.exit_code == 3
    assert "not a whole Parquet file" in str(report.broken)
    assert not (tmp_path / "b.parquet").exists()
    for field, reason in (("id", "of type int32, not text"), ("gone", "no column 'gone'")):
        report = run_corpus(tmp_path / "in.parquet", tmp_path / "c.parquet", text_field=field, overwrite=True)
        assert reason in str(report.broken)


def test_a_tree_of_text_files(tmp_path: Path, run_corpus: RunCorpus) -> None:
    tree = tmp_path / "in"
    (tree / "deep").mkdir(parents=True)
    (tree / "a.txt").write_bytes("BrontÃ«\r\n".encode())
    (tree / "deep" / "b.md").write_bytes(b"\xef\xbb\xbffine")
    (tree / "deep" / "bad.txt").write_bytes(b"caf\xe9")
    report = run_corpus(tree, tmp_path / "out", part_size=1)
    assert (tmp_path / "out" / "a.txt").read_bytes() == "Brontë\r\n".encode()
    assert (tmp_path / "out" / "deep" / "b.md").read_bytes() == b"\xef\xbb\xbffine"
    assert not (tmp_path / "out" / "deep" / "bad.txt").exists()
    assert report.exit_code == 3
    assert (tmp_path / "out" / "_quarantine.jsonl").exists()
    assert not (tmp_path / "out" / "_unfinished").exists()
    with pytest.raises(InputError, match="nothing to read"):
        run_corpus(tmp_path / "out" / "deep" / "..", tmp_path / "out")
    with pytest.raises(ConfigError, match="have no fields"):
        run_corpus(tree, tmp_path / "other", edits_field="edits")


PAGE = """<html><head><title>T</title></head><body><nav>Home About</nav><article><h1>A talk</h1>
<p>The BrontÃ« sisters wrote their novels in a small house on the moor, and nobody knew about it for years.</p>
<p>When the books came out, every reader in London wanted to know who had written them, and why.</p>
</article></body></html>"""


def warc_record(kind: str, url: str, body: bytes, content_type: str, *, http: bool) -> bytes:
    if http:
        body = b"HTTP/1.1 200 OK\r\nContent-Type: " + content_type.encode() + b"\r\n\r\n" + body
        content_type = "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{url}>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2024-01-01T00:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def test_web_archives(tmp_path: Path, run_corpus: RunCorpus) -> None:
    pytest.importorskip("warcio", reason="WARC needs the extra 'corpus'")
    pytest.importorskip("trafilatura", reason="HTML needs the extra 'html'")
    records = [
        warc_record("warcinfo", "info", b"software: x\r\n", "application/warc-fields", http=False),
        warc_record("response", "http://a/page", PAGE.encode(), "text/html; charset=utf-8", http=True),
        warc_record("response", "http://a/image", b"\x89PNG", "image/png", http=True),
        warc_record("response", "http://a/plain", "BrontÃ«".encode(), "text/plain", http=True),
        warc_record("conversion", "http://a/wet", "BrontÃ« again".encode(), "text/plain", http=False),
    ]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(gzip.compress(record) for record in records))
    report = run_corpus(tmp_path / "a.warc.gz", tmp_path / "b.jsonl", part_size=1)
    found = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [d["url"] for d in found] == ["http://a/page", "http://a/plain", "http://a/wet"]
    assert "The Brontë sisters" in found[0]["text"]
    assert "About" not in found[0]["text"]
    assert [d["text"] for d in found[1:]] == ["Brontë", "Brontë again"]
    assert found[0]["id"] == "urn:http://a/page"
    assert report.exit_code == 0
    whole = (tmp_path / "a.warc.gz").read_bytes()
    (tmp_path / "cut.warc.gz").write_bytes(whole[:-30])
    report = run_corpus(tmp_path / "cut.warc.gz", tmp_path / "c.jsonl")
    assert report.exit_code == 3
    assert (tmp_path / "c.jsonl").read_text().count("\n") >= 2


def test_documents_are_named_by_their_id() -> None:
    codec = JsonlCodec("a.jsonl", Settings(id_field="id"))
    assert codec.decode(b'{"id": 1.50, "text": null}\n') == Document(
        None, "1.50", codec.decode(b'{"id": 1.50, "text": null}\n').handle
    )
    with pytest.raises(DocumentError, match="--id-field"):
        codec.decode(b'{"text": ""}')
