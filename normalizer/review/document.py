"""One input as the review surfaces see it: where it came from, its exact bytes, and what was found in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from normalizer.edits import Edit
from normalizer.restoration import Restoration


@dataclass(frozen=True, slots=True)
class Document:
    r"""An analysed input.

    ``path`` is as the user gave it (``-`` is standard input), with ``/`` between folders. ``sha256`` is the digest of
    the input's bytes, 64 hexadecimal digits. ``text`` is those bytes decoded, byte order mark included; the offsets of
    all edits count its code points. ``restoration`` holds the edits and suggestions.

    >>> document = Document.of("a.txt", b"fine\n", "fine\n", Restoration("fine\n", ()))
    >>> document.sha256[:8], list(document.proposals())
    ('8ecc5f94', [])
    """

    path: str
    sha256: str
    text: str
    restoration: Restoration
    encoding: str = "utf-8"

    @classmethod
    def of(cls, path: str, data: bytes, text: str, restoration: Restoration, encoding: str = "utf-8") -> Document:
        """The document with the digest of ``data``, the bytes that ``text`` was decoded from."""
        return cls(path, digest(data), text, restoration, encoding)

    def proposals(self) -> Iterator[tuple[Edit, bool]]:
        """Every edit and suggestion in order of place; True for those that ``fix`` would apply."""
        both = [(edit, True) for edit in self.restoration.edits]
        both += [(edit, False) for edit in self.restoration.suggestions]
        yield from sorted(both, key=lambda pair: (pair[0].start, pair[0].end))


def digest(data: bytes) -> str:
    """The SHA-256 of ``data`` in hexadecimal digits.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return sha256(data).hexdigest()
