"""Writing a model: as ARPA text, which every tool reads, or as a KenLM binary, which is mapped into memory.

The binary is KenLM's trie (Heafield 2011), format version 5, without quantisation: sorted word hashes, then unigrams,
then bit-packed bigrams and trigrams, each sorted from the last word backwards. It is little-endian, as all platforms
are that KenLM has wheels for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from normalizer.learn.model.counts import SPECIAL, numpy
from normalizer.learn.model.kneser_ney import Estimated, ngrams

_MAGIC = b"mmap lm http://kheafield.com/code format version 5\n\0"
_TRIE = 2
_BLOCK = 1 << 15
"""N-grams that are packed at a time; a multiple of eight, so that blocks end with a byte."""


def write_arpa(model: Estimated, stream: IO[bytes]) -> None:
    """Write a model as ARPA text (UTF-8)."""
    words = [word.encode() for word in model.words]
    lines = [b"\\data\\"]
    lines += [f"ngram {order}={len(level.keys)}".encode() for order, level in enumerate(model.levels, 1)]
    stream.write(b"\n".join(lines) + b"\n")
    for order, level in enumerate(model.levels, 1):
        stream.write(f"\n\\{order}-grams:\n".encode())
        places = [place.astype(int).tolist() for place in ngrams(level, order)]
        probabilities, backoffs = level.log_probability.tolist(), level.log_backoff.tolist()
        for index, (probability, backoff) in enumerate(zip(probabilities, backoffs, strict=True)):
            phrase = b" ".join(words[place[index]] for place in places)
            end = b"" if order == len(model.levels) else b"\t%.6g" % backoff
            stream.write(b"%.6g\t%b%b\n" % (probability, phrase, end))
    stream.write(b"\n\\end\\\n")


def write_klm(model: Estimated, stream: IO[bytes]) -> None:
    """Write a model as a KenLM binary."""
    np = numpy()
    hashes = np.array([murmur(word.encode()) for word in model.words], np.uint64)
    order = np.argsort(hashes[1:], kind="stable")
    new = np.zeros(len(model.words), np.uint64)  # the unknown word stays number 0
    new[1:][order] = np.arange(1, len(model.words), dtype=np.uint64)
    counts = [len(level.keys) for level in model.levels]
    stream.write(_header(counts))
    stream.write(struct.pack("<Q", counts[0] - 1) + np.sort(hashes[1:]).astype("<u8").tobytes() + bytes(8))
    _write_levels(model, new, counts, stream)
    by_number = [b""] * len(model.words)
    for word, number in zip(model.words, new.tolist(), strict=True):
        by_number[number] = word.encode()
    stream.write(b"\0".join(by_number) + b"\0")


def _header(counts: list[int]) -> bytes:
    sanity = _MAGIC.ljust(56, b"\0") + struct.pack("<fffIIIQ", 0.0, 1.0, -0.5, 1, 0xFFFFFFFF, 0, 1)
    fixed = struct.pack("<B3xfIB3xI", len(counts), 1.5, _TRIE, 1, 1)
    header = sanity + fixed + struct.pack(f"<{len(counts)}Q", *counts)
    return header + bytes(-len(header) % 8)


def _write_levels(model: Estimated, new: Any, counts: list[int], stream: IO[bytes]) -> None:
    np = numpy()
    backwards = []
    for number, level in enumerate(model.levels, 1):
        words = [new[place.astype(np.int64)] for place in ngrams(level, number)]
        order = np.lexsort(words)  # by the last word first, then by the one before it
        backwards.append(([place[order] for place in words], order))
    backoffs = [_signed(level.log_backoff, level.extends)[order] for level, (_, order) in _pairs(model, backwards)]
    probabilities = [level.log_probability.astype("<f4")[order] for level, (_, order) in _pairs(model, backwards)]
    ones, twos, threes = (words for words, _ in backwards)

    unigrams = np.zeros(counts[0] + 2, np.dtype([("p", "<f4"), ("b", "<f4"), ("next", "<u8")]))
    unigrams["p"][: counts[0]], unigrams["b"][: counts[0]] = probabilities[0], backoffs[0]
    unigrams["next"][: counts[0]] = np.searchsorted(twos[1], ones[0])
    unigrams["next"][counts[0] :] = counts[1]
    unigrams["next"][counts[0] + 1] = 0
    stream.write(unigrams.tobytes())

    bits = np.uint64(32)
    ends = (threes[2] << bits) | threes[1]
    following = np.searchsorted(ends, (twos[1] << bits) | twos[0]).astype(np.uint64)
    word_bits = counts[0].bit_length()
    fields = [
        (np.append(twos[0], np.uint64(0)), word_bits),
        (np.append(_raw(probabilities[1]), np.uint64(0)), 31),
        (np.append(_raw(backoffs[1]), np.uint64(0)), 32),
        (np.append(following, np.uint64(counts[2])), counts[2].bit_length()),
    ]
    _write_packed(fields, stream)
    none = np.zeros(1, np.uint64)
    _write_packed([(np.append(threes[0], none), word_bits), (np.append(_raw(probabilities[2]), none), 31)], stream)


def _pairs(model: Estimated, backwards: list[Any]) -> Iterator[Any]:
    return zip(model.levels, backwards, strict=True)


def _signed(backoff: Any, extends: Any) -> Any:
    """Back-off weights; minus zero tells KenLM that no longer n-gram begins with this one."""
    np = numpy()
    return np.where(extends, np.minimum(backoff, 0.0) + 0.0, -0.0).astype("<f4")


def _raw(values: Any) -> Any:
    np = numpy()
    return values.view("<u4").astype(np.uint64)


def _write_packed(fields: list[tuple[Any, int]], stream: IO[bytes]) -> None:
    """Write records of bit fields, lowest bits first, and the eight bytes of padding that KenLM reads beyond them."""
    np = numpy()
    size = len(fields[0][0])
    for start in range(0, size, _BLOCK):
        columns = []
        for values, bits in fields:
            block = np.ascontiguousarray(values[start : start + _BLOCK], "<u8")
            columns.append(np.unpackbits(block.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")[:, :bits])
        stream.write(np.packbits(np.concatenate(columns, axis=1).ravel(), bitorder="little").tobytes())
    stream.write(bytes(8))


def murmur(data: bytes, seed: int = 0) -> int:
    """MurmurHash64A (Appleby 2008), by which KenLM knows words.

    >>> hex(murmur(b"<s>"))
    '0x758639bd217e70'
    """
    m, mask = 0xC6A4A7935BD1E995, 0xFFFFFFFFFFFFFFFF
    h = seed ^ (len(data) * m & mask)
    whole = len(data) & ~7
    for (k,) in struct.iter_unpack("<Q", data[:whole]):
        k = k * m & mask
        k = (k ^ (k >> 47)) * m & mask
        h = (h ^ k) * m & mask
    if tail := data[whole:]:
        h = (h ^ int.from_bytes(tail, "little")) * m & mask
    h = (h ^ (h >> 47)) * m & mask
    return h ^ (h >> 47)


def write_model(model: Estimated, path: Path) -> None:
    """Write a model in one step, as ARPA text where the name ends in ``.arpa``, else as a KenLM binary.

    Raises ``OSError`` when it cannot be written.
    """
    from normalizer.corpus.parts import replace_file

    assert model.words[: len(SPECIAL)] == SPECIAL
    replace_file(path, lambda stream: (write_arpa if path.suffix == ".arpa" else write_klm)(model, stream))
