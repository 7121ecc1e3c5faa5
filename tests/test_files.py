"""Files are read and written without losing anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import InputError
from normalizer.files import decode_text, encode_text, find_files, read_text, write_text

ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_decoding_loses_nothing(text: str) -> None:
    data = text.encode()
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        decoded = decode_text(data, "n")
        assert decoded.text.encode(decoded.encoding) == data


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", ["", "one\r\ntwo\rthree\n", "café “x”"])
def test_bytes_come_back(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    decoded = decode_text(data, "n", encoding)
    assert encode_text(decoded.text, "n", decoded.encoding) == data


def test_utf_16_keeps_its_byte_order() -> None:
    data = b"\xfe\xff" + "one\r\n".encode("utf-16-be")
    decoded = decode_text(data, "n", "utf-16")
    assert decoded.text == "\ufeffone\r\n"
    assert decoded.text.encode(decoded.encoding) == data


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b"one\ncaf\xe9 x", "utf-8", "n:2: not valid UTF-8: byte 0xe9 at offset 7"),
        (b"caf\xc3", "utf-8", "n:1: not valid UTF-8: byte 0xc3 at offset 3"),
        (b"one\ntwo\0", "utf-8", "n:2: binary, not text: NUL byte at offset 7"),
        (
            "x".encode("utf-16"),
            "utf-8",
            "n:1: starts with the byte order mark of UTF-16. Read it with --encoding utf-16",
        ),
        (b"x", "utf-9", "n: unknown encoding 'utf-9'"),
        (b"eA==", "base64", "n: 'base64' is not an encoding of text"),
    ],
)
def test_messages_say_where_and_what_to_do(data: bytes, encoding: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_text(data, "n", encoding)
    assert str(caught.value).startswith(message)


def test_unreadable_paths(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_text(tmp_path / "missing.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_text(tmp_path)


def test_what_an_encoding_cannot_hold_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(InputError, match=r"a\.txt:2: cp1252 cannot hold U\+0416"):
        write_text(path, "x\nЖ", "cp1252")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="permission bits are a POSIX matter")
def test_writing_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_text(link, "new\r\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"new\r\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.txt", "real.txt"]


@pytest.mark.skipif(os.name != "posix", reason="permission bits are a POSIX matter")
def test_a_new_file_takes_the_permissions_of_its_model(tmp_path: Path) -> None:
    model = tmp_path / "model.txt"
    model.write_text("x")
    model.chmod(0o604)
    write_text(tmp_path / "new.txt", "y", like=model)
    assert (tmp_path / "new.txt").stat().st_mode & 0o777 == 0o604


def test_writing_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="could not be written: no such file"):
        write_text(tmp_path / "no" / "a.txt", "x")


def test_folders_are_searched_for_text(tmp_path: Path) -> None:
    for name in ["b.txt", "a.md", "c.py", ".hidden.txt", "sub/d.TXT", ".git/e.txt", "node_modules/f.txt", "out/g.txt"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = list(find_files([tmp_path, tmp_path / "c.py", tmp_path / "b.txt"], outside=tmp_path / "out"))
    assert [str(relative) for _, relative in found] == ["a.md", "b.txt", str(Path("sub/d.TXT")), "c.py"]


def test_a_missing_path_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "missing.txt"
    assert list(find_files([path])) == [(path, Path("missing.txt"))]
