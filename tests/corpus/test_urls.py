"""Data sets behind URLs: a real S3 server, a real web server."""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus_helpers import RunCorpus

from normalizer.errors import InputError

REASON = "URLs are tested with the extra 'test-adapters'"
LINES = "".join(json.dumps({"id": n, "text": f"{n} BrontÃ«"}) + "\n" for n in range(100)).encode()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """An empty bucket on a server that speaks S3."""
    server_module = pytest.importorskip("moto.server", reason=REASON)
    s3fs = pytest.importorskip("s3fs", reason=REASON)
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (
        ("AWS_ENDPOINT_URL", f"http://{host}:{port}"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_CONFIG_FILE", str(tmp_path / "none")),
        ("no_proxy", "127.0.0.1"),
    ):
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("corpora")
    yield "s3://corpora"
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def test_s3(bucket: str, tmp_path: Path, run_corpus: RunCorpus, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    monkeypatch.chdir(tmp_path)
    system = s3fs.S3FileSystem()
    system.pipe("corpora/in/a.jsonl.gz", gzip.compress(LINES))
    system.pipe("corpora/in/deep/b.jsonl", LINES)
    report = run_corpus(f"{bucket}/in", f"{bucket}/out", part_size=1000)
    assert (report.exit_code, report.statistics.documents, report.statistics.changed) == (0, 200, 200)
    assert sorted(system.find("corpora/out")) == ["corpora/out/a.jsonl.gz", "corpora/out/deep/b.jsonl"]
    expected = [{"id": n, "text": f"{n} Brontë"} for n in range(100)]
    for content in (gzip.decompress(system.cat("corpora/out/a.jsonl.gz")), system.cat("corpora/out/deep/b.jsonl")):
        assert [json.loads(line) for line in content.splitlines()] == expected
    run_corpus(f"{bucket}/in/**/*.jsonl", tmp_path / "local.parquet")
    run_corpus(tmp_path / "local.parquet", f"{bucket}/back.parquet")
    run_corpus(f"{bucket}/back.parquet", tmp_path / "back.jsonl")
    assert [json.loads(line) for line in (tmp_path / "back.jsonl").read_text().splitlines()] == expected
    with pytest.raises(InputError, match=r"s3://corpora/none\.jsonl"):
        run_corpus(f"{bucket}/none.jsonl", tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="nothere"):
        run_corpus(f"{bucket}/in/deep/b.jsonl", "s3://nothere/out.jsonl")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def test_http(tmp_path: Path, run_corpus: RunCorpus, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("aiohttp", reason=REASON)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "a.jsonl.gz").write_bytes(gzip.compress(LINES))
    handler = functools.partial(Quiet, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        report = run_corpus(f"{address}/a.jsonl.gz", tmp_path / "out.jsonl")
        assert (report.exit_code, report.statistics.documents) == (0, 100)
        with pytest.raises(InputError, match=r"none\.jsonl"):
            run_corpus(f"{address}/none.jsonl", tmp_path / "none.jsonl")
        server.shutdown()
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8").count("Bront\\u00eb") == 100
