"""Any format that can be read can be written as a table: nothing but the text changes on the way."""

from __future__ import annotations

import csv
import datetime
import decimal
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from corpus_helpers import RunCorpus

from normalizer.corpus.formats.rows import write_parquet
from normalizer.corpus.settings import Settings
from normalizer.errors import ConfigError, InputError

pa = pytest.importorskip("pyarrow", reason="Parquet needs the extra 'corpus'")
import pyarrow.parquet as pq  # noqa: E402

ROWS: list[dict[str, Any]] = [
    {"n": n, "text": f"{n} BrontÃ«", "score": n / 3, "tags": ["a", None], "deep": {"x": [n], "y": None}, "ok": True}
    for n in range(300)
] + [{"n": 2**40, "text": None, "score": None, "tags": [], "deep": None, "ok": None}]


def jsonl(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def restored(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "text": row["text"] and row["text"].replace("Ã«", "ë")}


def test_parquet_to_jsonl_and_back(tmp_path: Path, run_corpus: RunCorpus) -> None:
    table = pa.Table.from_pylist(ROWS)
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=70)
    report = run_corpus(tmp_path / "a.parquet", tmp_path / "b.jsonl", part_size=500, id_field="n", jobs=2)
    assert (report.exit_code, report.statistics.changed) == (0, 300)
    assert jsonl(tmp_path / "b.jsonl") == [restored(row) for row in ROWS]
    assert list(jsonl(tmp_path / "b.jsonl")[0]) == list(ROWS[0])
    run_corpus(tmp_path / "b.jsonl", tmp_path / "c.parquet", edits_field="edits", original_field="before")
    back = pq.read_table(tmp_path / "c.parquet")
    assert back.select(table.column_names).to_pylist() == [restored(row) for row in ROWS]
    assert back.select(table.column_names).schema.equals(table.schema)
    direct = pq.read_table(tmp_path / "a.parquet")
    assert back.schema.names == [*direct.schema.names, "before", "edits"]
    assert back.column("edits").to_pylist()[0]["engine"] == "none"


def test_types_that_json_lacks_become_text(tmp_path: Path, run_corpus: RunCorpus) -> None:
    row = {
        "text": "BrontÃ«",
        "day": datetime.date(2024, 2, 29),
        "when": datetime.datetime(2024, 2, 29, 1, 2, 3),
        "price": decimal.Decimal("1.50"),
        "raw": b"caf\xc3\xa9",
        "bytes": b"\xff\x00",
        "nan": float("nan"),
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    run_corpus(tmp_path / "a.parquet", tmp_path / "b.jsonl")
    assert jsonl(tmp_path / "b.jsonl") == [
        {
            "text": "Brontë",
            "day": "2024-02-29",
            "when": "2024-02-29T01:02:03",
            "price": "1.50",
            "raw": "café",
            "bytes": "/wA=",
            "nan": None,
        }
    ]


def test_mixed_types_become_text_and_types_widen(tmp_path: Path, run_corpus: RunCorpus) -> None:
    lines = [
        '{"text": "a", "mixed": 1, "number": 1, "large": 9007199254740993, "huge": 1}',
        '{"text": "b \\ud800", "mixed": "one", "number": 2.5, "large": 0.5, "huge": 99999999999999999999999}',
        '{"text": "c", "mixed": [1, "x"], "late": {"a": 1}}',
        '{"text": "d", "late": {"b": null}}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    run_corpus(tmp_path / "a.jsonl", tmp_path / "b.parquet")
    columns = pq.read_table(tmp_path / "b.parquet").to_pydict()
    assert columns["text"] == ["a", "b \ufffd", "c", "d"]
    assert columns["mixed"] == ["1", "one", '[1, "x"]', None]
    assert columns["number"] == [1.0, 2.5, None, None]
    assert columns["large"] == ["9007199254740993", "0.5", None, None]
    assert columns["huge"] == ["1", "99999999999999999999999", None, None]
    assert [late and late["a"] for late in columns["late"]] == [None, None, 1, None]


def test_types_are_learnt_from_all_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from normalizer.corpus.formats import rows

    monkeypatch.setattr(rows, "BLOCK_ROWS", 1)
    lines = [b'{"text": "a", "x": 1, "y": null, "z": 1}', b'{"text": "b", "x": 0.5, "y": "s", "z": "1"}']
    file = io.BytesIO()
    write_parquet(lambda: lines, file, "out.parquet", Settings())
    whole = pq.ParquetFile(file)
    assert whole.metadata.num_row_groups == 2
    assert whole.read().to_pydict() == {"text": ["a", "b"], "x": [1.0, 0.5], "y": [None, "s"], "z": ["1", "1"]}


def test_jsonl_to_csv_and_back(tmp_path: Path, run_corpus: RunCorpus) -> None:
    lines = ['{"id": 1e2, "text": "BrontÃ«, \\"x\\"\\n", "deep": {"a": [1.50]}}', '{"text": null, "more": true}']
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    run_corpus(tmp_path / "a.jsonl.gz", tmp_path / "b.csv.gz", edits_field="edits", part_size=1)
    with gzip.open(tmp_path / "b.csv.gz", "rt", encoding="utf-8", newline="") as file:
        header, first, second = csv.reader(file)
    assert header == ["id", "text", "deep", "edits", "more"]
    assert first[:3] == ["1e2", 'Brontë, "x"\n', '{"a": [1.50]}']
    assert json.loads(first[3])["edits"][0]["replacement"] == "Brontë"
    assert second == ["", "", "", "", "true"]
    run_corpus(tmp_path / "b.csv.gz", tmp_path / "c.jsonl", id_field="id")
    assert [list(row.values())[:3] for row in jsonl(tmp_path / "c.jsonl")] == [first[:3], ["", "", ""]]


def test_many_files_become_one_or_a_folder_of_another_format(tmp_path: Path, run_corpus: RunCorpus) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    pq.write_table(pa.table({"text": ["BrontÃ«"], "p": [1]}), folder / "a.parquet")
    (folder / "deep" / "b.csv").write_text("c,text\n1,BrontÃ«\n")
    (folder / "deep" / "c.jsonl.gz").write_bytes(gzip.compress(b'{"text": "Bront\xc3\x83\xc2\xab", "d": [1]}'))
    (folder / "e.txt").write_text("BrontÃ«")
    run_corpus(folder, tmp_path / "one.jsonl", part_size=1)
    expected = [
        {"text": "Brontë", "p": 1},
        {"c": "1", "text": "Brontë"},
        {"text": "Brontë", "d": [1]},
        {"id": "e.txt", "text": "Brontë"},
    ]
    assert jsonl(tmp_path / "one.jsonl") == expected
    run_corpus(folder, tmp_path / "many", output_form="parquet")
    names = {path.relative_to(tmp_path / "many").as_posix() for path in (tmp_path / "many").rglob("*.parquet")}
    assert names == {"a.parquet", "deep/b.parquet", "deep/c.parquet", "texts.parquet"}
    for name, row in zip(("a", "deep/b", "deep/c", "texts"), expected, strict=True):
        assert pq.read_table(tmp_path / "many" / f"{name}.parquet").to_pylist() == [row]
    run_corpus(folder, tmp_path / "lines", output_form="jsonl")
    assert {path.name for path in (tmp_path / "lines").rglob("*.jsonl*")} == {
        *("a.jsonl", "b.jsonl", "c.jsonl.gz", "texts.jsonl")
    }
    with pytest.raises(ConfigError, match="several parquet files cannot be joined"):
        run_corpus(folder, tmp_path / "one.parquet")
    (folder / "a.parquet").unlink()
    run_corpus(folder, tmp_path / "one.parquet")
    assert [row["text"] for row in pq.read_table(tmp_path / "one.parquet").to_pylist()] == ["Brontë"] * 3


def test_errors_on_the_way(tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "a.csv").write_text("text,n\nBrontÃ«,1\nshort\nfine,2\n")
    report = run_corpus(tmp_path / "a.csv", tmp_path / "a.jsonl", on_error="keep")
    assert (report.exit_code, report.statistics.errors) == (3, 1)
    assert [row["n"] for row in jsonl(tmp_path / "a.jsonl")] == ["1", "2"]
    (tmp_path / "twice.csv").write_text("text,n,n\na,1,2\n")
    report = run_corpus(tmp_path / "twice.csv", tmp_path / "twice.jsonl")
    assert "two columns 'n'" in str(report.broken)
    for output, message in (("b.txt", "csv cannot be written as text"), ("b.warc", "cannot be written as warc")):
        with pytest.raises(ConfigError, match=message):
            run_corpus(tmp_path / "a.csv", tmp_path / output)
    (tmp_path / "b.txt").write_text("BrontÃ«")
    with pytest.raises(ConfigError, match="choose another name"):
        run_corpus(tmp_path / "b.txt", tmp_path / "b.jsonl", text_field="id")
    run_corpus(tmp_path / "b.txt", tmp_path / "b.jsonl", id_field="id", original_field="before", keep="clean")
    assert jsonl(tmp_path / "b.jsonl") == [{"id": "b.txt", "text": "Brontë", "before": "BrontÃ«"}]
    with pytest.raises(ConfigError, match="Parquet is compressed inside"):
        run_corpus(tmp_path / "a.csv", tmp_path / "c.parquet.gz")


def test_nothing_left_gives_an_empty_table(tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "clean"}\n')
    run_corpus(tmp_path / "a.jsonl", tmp_path / "a.parquet", keep="spun", edits_field="edits")
    assert pq.read_table(tmp_path / "a.parquet").schema.names == ["text", "edits"]
    run_corpus(tmp_path / "a.jsonl", tmp_path / "a.tsv", keep="spun", edits_field="edits")
    assert (tmp_path / "a.tsv").read_text() == "text\tedits\n"


def test_an_interrupted_conversion_goes_on(tmp_path: Path, run_corpus: RunCorpus) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet", row_group_size=70)
    run_corpus(tmp_path / "a.parquet", tmp_path / "whole.csv")
    calls = 0

    def stop(statistics: object, consumed: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_corpus(tmp_path / "a.parquet", tmp_path / "b.csv", part_size=400, observer=stop)
    assert (
        run_corpus(tmp_path / "a.parquet", tmp_path / "b.csv", part_size=400, resume=True).statistics.documents == 301
    )
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_column_that_cannot_be_stored_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from normalizer.corpus.formats import rows

    monkeypatch.setattr(rows, "BLOCK_ROWS", 1)
    lines = [b'{"text": "a", "x": {"y": 9007199254740993}}', b'{"text": "b", "x": {"y": 0.5}}']
    with pytest.raises(InputError, match=r"out\.parquet: the column 'x' cannot be stored as Parquet"):
        write_parquet(lambda: lines, io.BytesIO(), "out.parquet", Settings())
