"""A broken record of a web archive costs itself; everything else is there, and nothing gets lost in silence."""

from __future__ import annotations

import gzip
import io
import json
from itertools import accumulate
from pathlib import Path

import pytest
from corpus_helpers import RunCorpus
from hypothesis import given
from hypothesis import strategies as st

from normalizer.corpus.formats.archive import CutOffError, Members, Piece, pieces


def record(body: bytes, name: str = "x", length: int | None = None) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <{name}>\r\nContent-Type: text/plain\r\n"
    size = len(body) if length is None else length
    return head.encode() + f"Content-Length: {size}\r\n\r\n".encode() + body + b"\r\n\r\n"


BODIES = st.lists(st.binary(min_size=1, max_size=60).map(lambda b: b.replace(b"WARC/", b"") or b"-"), min_size=2)


def read(archive: bytes, *, packed: bool, max_size: int = 10_000) -> tuple[list[Piece], bool]:
    """The records of an archive, and whether it is cut off."""
    found: list[Piece] = []
    members = Members(io.BytesIO(archive)) if packed else None
    stream = io.BufferedReader(members, 64) if members else io.BytesIO(archive)
    try:
        for piece in pieces(stream, members, max_size):
            found.append(piece)
    except CutOffError:
        return found, True
    return found, False


@given(BODIES, st.booleans())
def test_whole_archives(bodies: list[bytes], packed: bool) -> None:
    records = [record(body) for body in bodies]
    archive = b"".join(map(gzip.compress, records) if packed else records)
    found, cut = read(archive, packed=packed)
    assert not cut
    assert found == [Piece(n, one.removesuffix(b"\r\n\r\n")) for n, one in enumerate(records, 1)]


@given(BODIES, st.booleans(), st.data())
def test_a_cut_is_noticed_wherever_it_is(bodies: list[bytes], packed: bool, data: st.DataObject) -> None:
    parts = [gzip.compress(record(body)) if packed else record(body) for body in bodies]
    archive = b"".join(parts)
    place = data.draw(st.integers(1, len(archive) - 1))
    found, cut = read(archive[:place], packed=packed)
    ends = list(accumulate(map(len, parts)))
    whole = sum(end - (0 if packed else 4) <= place for end in ends)
    assert [piece.content for piece in found][:whole] == [record(b).removesuffix(b"\r\n\r\n") for b in bodies[:whole]]
    at_an_end = any(end - (0 if packed else 4) <= place <= end for end in ends)
    assert cut or at_an_end or any(piece.problem for piece in found)
    assert len(found) <= whole + 1


@given(BODIES, st.integers(0, 10**6), st.binary(min_size=8, max_size=20))
def test_a_damaged_member_costs_itself(bodies: list[bytes], which: int, rubbish: bytes) -> None:
    which %= len(bodies)
    parts = [gzip.compress(record(body)) for body in bodies]
    parts[which] = parts[which][:12] + rubbish.replace(b"\x1f", b"\0") + parts[which][12 + len(rubbish) :]
    found, cut = read(b"".join(parts), packed=True)
    good = [piece.content for piece in found if piece.problem is None]
    expected = [record(body).removesuffix(b"\r\n\r\n") for n, body in enumerate(bodies) if n != which]
    assert [content for content in good if content in expected] == expected
    assert cut or any(piece.problem for piece in found)


@pytest.mark.parametrize(
    ("middle", "problem"),
    [
        (b"XXXX/1.0\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n", "not a record"),
        (b"WARC/1.0\r\nContent-Length: abc\r\n\r\nabc\r\n\r\n", "does not tell its length"),
        (b"WARC/1.0\r\n\r\nabc\r\n\r\n", "does not tell its length"),
        (record(b"a" * 200_000), "the limit is 100"),
        (record(b"one\ntwo\n", length=3), "not a record"),
    ],
)
def test_damage_of_a_record(middle: bytes, problem: str) -> None:
    found, cut = read(record(b"first") + middle + record(b"last"), packed=False, max_size=100)
    assert not cut
    assert found[0].content.endswith(b"first")
    assert found[-1].content.endswith(b"last")
    [broken] = [piece for piece in found if piece.problem]
    assert problem in str(broken.problem)


def test_what_the_run_makes_of_it(tmp_path: Path, run_corpus: RunCorpus) -> None:
    pytest.importorskip("warcio", reason="WARC needs the extra 'corpus'")
    records = [gzip.compress(record(f"{n} BrontÃ«".encode(), f"r{n}")) for n in range(9)]
    records[4] = records[4][:20] + b"\0\0\0\0" + records[4][24:]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(records))
    report = run_corpus(tmp_path / "a.warc.gz", tmp_path / "b.jsonl", part_size=1, on_error="keep")
    texts = [json.loads(line)["text"] for line in (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines()]
    assert texts == [f"{n} Brontë" for n in range(9) if n != 4]
    assert (report.exit_code, report.statistics.errors, report.broken) == (3, 1, {})
    assert "broken gzip data" in (tmp_path / "b.jsonl.quarantine.jsonl").read_text()
    (tmp_path / "c.warc.gz").write_bytes(gzip.compress(b"".join(gzip.decompress(records[n]) for n in range(4))))
    assert run_corpus(tmp_path / "c.warc.gz", tmp_path / "c.jsonl").statistics.documents == 4
    (tmp_path / "d.warc").write_bytes(gzip.decompress(records[0]) + gzip.decompress(records[1])[:60])
    report = run_corpus(tmp_path / "d.warc", tmp_path / "d.jsonl")
    assert (report.statistics.documents, report.exit_code) == (1, 3)
    assert "ends in the middle of record 2" in str(report.broken)
