"""The JSON report: one versioned document with the edits of every file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from normalizer.restoration import Restoration
from normalizer.review.places import path_text

VERSION = 1
"""Raised when a field changes its meaning or goes away; new fields may come without."""


def json_report(results: Iterable[tuple[str, Restoration]], *, color: bool = False) -> Iterator[str]:
    """Yield the pieces of ``{"version": 1, "files": [...]}``, file by file. ``color`` means nothing here.

    A file is an object with ``path``, ``spun_probability``, ``engine``, ``edits`` and ``suggestions``;
    ``normalizer/review/schemas/check.schema.json`` describes all of it.

    >>> print("".join(json_report([("a.txt", Restoration("fine", ()))])), end="")
    {"version": 1, "files": [
    {"path": "a.txt", "spun_probability": 0.0, "engine": "none", "edits": [], "suggestions": []}
    ]}
    """
    yield f'{{"version": {VERSION}, "files": ['
    separator = "\n"
    for name, restoration in results:
        yield separator + json.dumps({"path": path_text(name), **restoration.to_dict()}, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
