"""What a run over a data set promises, whatever the format."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus_helpers import SPUN, RunCorpus

from normalizer import Normalizer
from normalizer.corpus import run as run_module
from normalizer.corpus.storage import Input
from normalizer.errors import ConfigError, InputError
from normalizer.restoration import Restoration

Compress = Callable[[bytes], bytes]


def zstd(data: bytes) -> bytes:
    module = pytest.importorskip("zstandard", reason="zstd needs the extra 'corpus'")
    return bytes(module.ZstdCompressor().compress(data))


COMPRESSORS: list[tuple[str, Compress]] = [
    (".gz", gzip.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
    (".zst", zstd),
]


def content(path: Path) -> bytes:
    source = Input(str(path))
    try:
        return source.stream.read()
    finally:
        source.close()


def documents(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in content(path).splitlines()]


def test_order_and_fields_stay(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    report = run_corpus(articles, tmp_path / "out.jsonl", part_size=500)
    before = articles.read_text()
    assert (tmp_path / "out.jsonl").read_text() == before.replace("Bront\\u00c3\\u00ab", "Bront\\u00eb")
    assert (report.exit_code, report.statistics.documents, report.statistics.changed) == (0, 100, 50)
    assert not (tmp_path / "out.jsonl.unfinished").exists()


def test_processes_give_what_one_process_gives(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    one = run_corpus(articles, tmp_path / "one.jsonl", edits_field="edits")
    two = run_corpus(articles, tmp_path / "two.jsonl", edits_field="edits", jobs=2, part_size=1000)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert one.statistics.to_dict() == two.statistics.to_dict()


def test_provenance_tells_everything(tmp_path: Path, run_corpus: RunCorpus, engine: Normalizer, restored: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": SPUN}))
    run_corpus(
        tmp_path / "a.jsonl", tmp_path / "b.jsonl", edits_field="edits", original_field="before", normalizer=engine
    )
    [document] = documents(tmp_path / "b.jsonl")
    assert list(document) == ["text", "before", "edits"]
    assert document["text"] == restored
    assert document["before"] == SPUN
    provenance = document["edits"]
    assert isinstance(provenance, dict)
    assert set(provenance) == {"spun_probability", "engine", "edits"}
    assert any(edit["replacement"] == "Foreign" for edit in provenance["edits"])


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSORS)
def test_compression_by_magic_in_and_by_suffix_out(
    suffix: str, compress: Compress, articles: Path, tmp_path: Path, run_corpus: RunCorpus
) -> None:
    run_corpus(articles, tmp_path / "plain.jsonl")
    misnamed = tmp_path / "misnamed.jsonl"
    misnamed.write_bytes(compress(articles.read_bytes()))
    output = tmp_path / f"out.jsonl{suffix}"
    run_corpus(misnamed, output, part_size=700)
    assert output.read_bytes()[:2] == compress(b"")[:2]
    assert content(output) == (tmp_path / "plain.jsonl").read_bytes()


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSORS)
def test_a_truncated_file_gives_what_is_whole(
    suffix: str, compress: Compress, tmp_path: Path, run_corpus: RunCorpus
) -> None:
    lines = b"".join(json.dumps({"id": n, "text": os.urandom(40).hex()}).encode() + b"\n" for n in range(2000))
    whole = compress(lines) if suffix != ".bz2" else compress(lines) + compress(lines)
    (tmp_path / f"cut.jsonl{suffix}").write_bytes(whole[: len(whole) - len(whole) // 4])
    (tmp_path / "good.jsonl").write_bytes(lines[:1000].rpartition(b"\n")[0])
    report = run_corpus(str(tmp_path / "*.jsonl*"), tmp_path / "out")
    assert report.exit_code == 3
    assert list(report.broken) == [str(tmp_path / f"cut.jsonl{suffix}")]
    assert "broken" in str(report.broken)
    kept = content(tmp_path / "out" / f"cut.jsonl{suffix}")
    assert lines.startswith(kept) or suffix == ".bz2"
    assert (tmp_path / "out" / "good.jsonl").exists()


BAD_LINES = {
    "no object": (b"[1]", "not a JSON object"),
    "not JSON": (b'{"text": "x"', "not valid JSON"),
    "missing field": (b'{"body": "x"}', "there is no field 'text'; there are 'body'"),
    "number": (b'{"text": 3}', "is a number, not a string"),
    "list": (b'{"text": ["x"]}', "is a list, not a string"),
    "not UTF-8": (b'{"text": "caf\xe9"}', "not valid UTF-8"),
    "too large": (b'{"text": "' + b"x" * 3000 + b'"}', "the limit is 2,000"),
    "too deep": (b'{"text": "x", "a": ' + b"[" * 900 + b"]" * 900 + b"}", ""),
}


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_document_does_not_stop_the_run(bad: str, tmp_path: Path, run_corpus: RunCorpus) -> None:
    line, reason = BAD_LINES[bad]
    good = b'{"text": "Bront\xc3\x83\xc2\xab"}\n'
    (tmp_path / "a.jsonl").write_bytes(good + line + b"\n\n" + good)
    for mode in ("skip", "keep"):
        report = run_corpus(tmp_path / "a.jsonl", tmp_path / "b.jsonl", on_error=mode, max_size=2000, overwrite=True)
        fixed = '{"text": "Brontë"}\n'.encode()
        if not reason:
            assert report.exit_code == 0
            continue
        kept = line + b"\n" if mode == "keep" and bad != "too large" else b""
        assert (tmp_path / "b.jsonl").read_bytes() == fixed + kept + fixed
        assert (report.exit_code, report.statistics.errors, report.statistics.documents) == (3, 1, 3)
        assert report.quarantine is not None
        [entry] = documents(Path(report.quarantine))
        assert reason in str(entry["reason"])
        assert (entry["number"], entry["source"]) == (2, str(tmp_path / "a.jsonl"))


def test_on_error_fail_stops_and_resumes(tmp_path: Path, run_corpus: RunCorpus) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n{"text": 2}\n')
    with pytest.raises(InputError, match=r"a\.jsonl:2: the field 'text' is a number"):
        run_corpus(path, tmp_path / "b.jsonl", on_error="fail")
    assert not (tmp_path / "b.jsonl").exists()
    with pytest.raises(ConfigError, match="on error 'fail', this one has 'skip'"):
        run_corpus(path, tmp_path / "b.jsonl", resume=True)
    with pytest.raises(ConfigError, match="unfinished run"):
        run_corpus(path, tmp_path / "b.jsonl")


class Fragile(Normalizer):
    """An engine that dies of one document, as if the machine had killed it."""

    def analyze(self, text: str) -> Restoration:
        if "deadly" in text:
            os._exit(9)
        if "wrong" in text:
            raise ValueError("no idea")
        return super().analyze(text)


def test_a_document_that_kills_its_process_is_quarantined(tmp_path: Path, run_corpus: RunCorpus) -> None:
    texts = ["one", "wrong", "two", "deadly", "three"]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    report = run_corpus(
        tmp_path / "a.jsonl", tmp_path / "b.jsonl", jobs=2, normalizer=Fragile(only=["encoding"]), id_field=None
    )
    assert [d["text"] for d in documents(tmp_path / "b.jsonl")] == ["one", "two", "three"]
    assert report.quarantine is not None
    reasons = [str(entry["reason"]) for entry in documents(Path(report.quarantine))]
    assert reasons == [
        "could not be restored: ValueError: no idea",
        "the process that worked on it died, perhaps for lack of memory",
    ]


def test_limit_sample_and_filter(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    run_corpus(articles, tmp_path / "limit.jsonl", limit=37, part_size=200)
    assert len(documents(tmp_path / "limit.jsonl")) == 37
    run_corpus(articles, tmp_path / "sample.jsonl", sample=0.3)
    run_corpus(articles, tmp_path / "again.jsonl", sample=0.3, jobs=2, part_size=300)
    assert 10 < len(documents(tmp_path / "sample.jsonl")) < 60
    assert content(tmp_path / "sample.jsonl") == content(tmp_path / "again.jsonl")
    report = run_corpus(articles, tmp_path / "spun.jsonl", keep="spun")
    assert report.statistics.filtered == 100 - len(documents(tmp_path / "spun.jsonl"))


def test_repeated_ids_are_reported(tmp_path: Path, run_corpus: RunCorpus) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(f'{{"id": 7, "text": "x"}}\n{{"id": "{name}", "text": "y"}}\n')
    report = run_corpus(str(tmp_path / "?.jsonl"), tmp_path / "out", id_field="id")
    assert report.exit_code == 3
    assert report.duplicates.examples == {"7": [f"{tmp_path / 'a.jsonl'}:1", f"{tmp_path / 'b.jsonl'}:1"]}
    assert len(documents(tmp_path / "out" / "b.jsonl")) == 2


def test_an_output_is_not_replaced_by_accident(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "out.jsonl").write_text("precious")
    with pytest.raises(ConfigError, match="exists; --overwrite"):
        run_corpus(articles, tmp_path / "out.jsonl")
    with pytest.raises(ConfigError, match="would be overwritten"):
        run_corpus(articles, articles, overwrite=True)
    assert (tmp_path / "out.jsonl").read_text() == "precious"


@pytest.mark.parametrize("after", range(0, 9, 2))
def test_a_full_disk_loses_nothing(
    after: int, articles: Path, tmp_path: Path, run_corpus: RunCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_corpus(articles, tmp_path / "whole.jsonl", part_size=600)
    calls = iter(range(1000))
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if next(calls) == after:
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(InputError, match="no space left on device"):
            run_corpus(articles, tmp_path / "out.jsonl", part_size=600)
    assert not (tmp_path / "out.jsonl").exists()
    report = run_corpus(articles, tmp_path / "out.jsonl", part_size=600, resume=True)
    assert content(tmp_path / "out.jsonl") == content(tmp_path / "whole.jsonl")
    assert report.statistics.documents == 100


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_named(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    with pytest.raises(InputError, match=r"locked.*permission denied"):
        run_corpus(articles, tmp_path / "locked" / "out.jsonl")


def test_a_finished_run_is_not_done_again(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    first = run_corpus(articles, tmp_path / "out.jsonl")
    articles.unlink()
    (tmp_path / "articles.jsonl").write_text("")
    again = run_corpus(articles, tmp_path / "out.jsonl", resume=True)
    assert again.to_dict() == first.to_dict()


def test_changed_inputs_are_noticed(
    articles: Path, tmp_path: Path, run_corpus: RunCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(run_module, "finish", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(InputError):
            run_corpus(articles, tmp_path / "out.jsonl", part_size=500)
    articles.write_text(articles.read_text() + '{"text": "more"}\n')
    with pytest.raises(ConfigError, match="the inputs have changed"):
        run_corpus(articles, tmp_path / "out.jsonl", part_size=500, resume=True)


def test_many_files_keep_their_tree_or_become_one(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    half = articles.read_bytes().splitlines(keepends=True)
    (tmp_path / "in" / "a.jsonl").write_bytes(b"".join(half[:50]))
    (tmp_path / "in" / "deep" / "b.jsonl.gz").write_bytes(gzip.compress(b"".join(half[50:])))
    run_corpus(articles, tmp_path / "single.jsonl")
    run_corpus(tmp_path / "in", tmp_path / "out")
    assert content(tmp_path / "out" / "a.jsonl") + content(tmp_path / "out" / "deep" / "b.jsonl.gz") == content(
        tmp_path / "single.jsonl"
    )
    run_corpus(tmp_path / "in", tmp_path / "joined.jsonl.gz")
    assert content(tmp_path / "joined.jsonl.gz") == content(tmp_path / "single.jsonl")


def test_urls(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    fsspec = pytest.importorskip("fsspec", reason="URLs need the extra 'corpus'")
    run_corpus(articles, tmp_path / "single.jsonl")
    memory = fsspec.filesystem("memory")
    memory.pipe("/in/a.jsonl.gz", gzip.compress(articles.read_bytes()))
    work = os.getcwd()  # noqa: PTH109
    os.chdir(tmp_path)
    try:
        run_corpus("memory://in/*.gz", "memory://out")
        assert gzip.decompress(memory.cat("/out/a.jsonl.gz")) == content(tmp_path / "single.jsonl")
        run_corpus("memory://in/a.jsonl.gz", tmp_path / "local.jsonl")
        assert content(tmp_path / "local.jsonl") == content(tmp_path / "single.jsonl")
        with pytest.raises(InputError, match="no file matches"):
            run_corpus("memory://in/*.none", "memory://other")
    finally:
        os.chdir(work)


def test_nothing_to_read(tmp_path: Path, run_corpus: RunCorpus) -> None:
    with pytest.raises(InputError, match="no such file"):
        run_corpus(tmp_path / "gone.jsonl", tmp_path / "out.jsonl")
    (tmp_path / "odd.bin").write_text("x")
    with pytest.raises(ConfigError, match="--format"):
        run_corpus(tmp_path / "odd.bin", tmp_path / "out.jsonl")


def test_a_file_that_is_not_there_costs_itself(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.jsonl", "b.txt"):
        (folder / name).symlink_to(tmp_path / "nowhere")
    (folder / "c.jsonl").write_bytes(articles.read_bytes())
    for source in (folder, f"{folder}/*"):
        report = run_corpus(source, tmp_path / "out", overwrite=True)
        assert (report.exit_code, report.statistics.changed, report.statistics.errors) == (3, 50, 1)
        assert "a.jsonl: no such file or directory" in str(report.broken)


def test_json_lines_called_json(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c4.json.gz").write_bytes(gzip.compress(articles.read_bytes()))
    (tmp_path / "in" / "package.json").write_text('[\n{"name": "x"}\n]\n')
    assert run_corpus(tmp_path / "in", tmp_path / "out").statistics.documents == 100
    assert (tmp_path / "out" / "c4.json.gz").exists()
    report = run_corpus(tmp_path / "in" / "package.json", tmp_path / "out.json")
    assert "`jq -c '.[]'` makes JSON lines of a JSON array" in (tmp_path / "out.json.quarantine.jsonl").read_text()
    assert report.exit_code == 3


def test_earlier_outputs_are_no_inputs(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"text": "one"}\n[]\n')
    (folder / "b.jsonl").write_text('{"text": "two"}\n')
    for _ in range(2):
        report = run_corpus(folder, folder / "out.jsonl", overwrite=True)
        assert [d["text"] for d in documents(folder / "out.jsonl")] == ["one", "two"]
        assert report.statistics.documents == 3


def test_a_manifest_that_was_cut_off_is_continued(articles: Path, tmp_path: Path, run_corpus: RunCorpus) -> None:
    run_corpus(articles, tmp_path / "whole.jsonl", part_size=600)

    def stop(statistics: object, consumed: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_corpus(articles, tmp_path / "out.jsonl", part_size=600, observer=stop)
    manifest = tmp_path / "out.jsonl.unfinished" / "manifest.jsonl"
    lines = manifest.read_bytes().splitlines(keepends=True)
    for kept in ([*lines[:-1], lines[-1][:-20]], [lines[0][:50]], []):
        manifest.parent.mkdir(exist_ok=True)
        manifest.write_bytes(b"".join(kept))
        run_corpus(articles, tmp_path / "out.jsonl", part_size=600, resume=True)
        assert content(tmp_path / "out.jsonl") == content(tmp_path / "whole.jsonl")
    manifest.parent.mkdir()
    second = json.dumps({**json.loads(lines[1]), "part": 1}).encode() + b"\n"
    manifest.write_bytes(lines[0] + second)
    with pytest.raises(ConfigError, match="--engine ray"):
        run_corpus(articles, tmp_path / "out.jsonl", part_size=600, resume=True)
    manifest.write_bytes(lines[0] + b"{nonsense\n")
    with pytest.raises(InputError, match=r"manifest\.jsonl:2: damaged"):
        run_corpus(articles, tmp_path / "out.jsonl", part_size=600, resume=True)
