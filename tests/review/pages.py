"""Documents for the review page, for tests in several browsers."""

from __future__ import annotations

from typing import Any

from normalizer.edits import Alternative, Edit
from normalizer.restoration import Detection, Restoration
from normalizer.review.document import Document

TEXT = "The signal of a modest doc 🙂 was clear.\r\nA second doc came.\r\nNo 5 nations signed.\r\n"
"""CRLF, and a character outside of the basic plane, before which and behind which things are edited."""


def edit(text: str, original: str, replacement: str, confidence: float, nth: int = 0, **more: Any) -> Edit:
    start = -1
    for _ in range(nth + 1):
        start = text.index(original, start + 1)
    kind = more.pop("kind", "word")
    return Edit(start, start + len(original), original, replacement, kind, confidence, **more)


def small() -> Document:
    edits = (
        edit(TEXT, "signal", "sign", 0.88, evidence=("table: sign→signal",)),
        edit(TEXT, "doc", "document", 0.9, alternatives=(Alternative("paper", 0.07),), safe=True),
        edit(TEXT, "doc", "document", 0.95, 1),
        edit(TEXT, "nations", "countries", 0.7, kind="phrase"),
    )
    held_back = (edit(TEXT, "5", "five", 0.3), edit(TEXT, "clear", "evident", 0.2))
    return document("news/a b.txt", TEXT, edits, held_back)


def document(path: str, text: str, edits: tuple[Edit, ...], held_back: tuple[Edit, ...] = ()) -> Document:
    restoration = Restoration(text, edits, held_back, Detection(0.99, "replaces-all"))
    return Document.of(path, text.encode(), text, restoration)
