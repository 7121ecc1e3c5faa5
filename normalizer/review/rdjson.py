"""Reports in the Reviewdog Diagnostic Format: one object (rdjson), or one line for each finding (rdjsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from normalizer.edits import Edit
from normalizer.restoration import Restoration
from normalizer.review.listing import printable
from normalizer.review.places import ByteColumns, path_text, short

_SOURCE = {"name": "normalizer"}


def rdjson(results: Iterable[tuple[str, Restoration]], *, color: bool = False) -> Iterator[str]:
    """Yield the pieces of one ``DiagnosticResult``. ``color`` means nothing here.

    Columns count UTF-8 bytes from 1 and end exclusively.

    >>> json.loads("".join(rdjson([("a.txt", Restoration("fine", ()))])))["diagnostics"]
    []
    """
    yield f'{{"source": {json.dumps(_SOURCE)}, "severity": "WARNING", "diagnostics": ['
    separator = "\n"
    for diagnostic in _diagnostics(results):
        yield separator + _dump(diagnostic)
        separator = ",\n"
    yield "\n]}\n"


def rdjsonl(results: Iterable[tuple[str, Restoration]], *, color: bool = False) -> Iterator[str]:
    """Yield one ``Diagnostic`` a line. ``color`` means nothing here.

    >>> list(rdjsonl([("a.txt", Restoration("fine", ()))]))
    []
    """
    for diagnostic in _diagnostics(results):
        yield _dump({**diagnostic, "source": _SOURCE}) + "\n"


def _diagnostics(results: Iterable[tuple[str, Restoration]]) -> Iterator[dict[str, Any]]:
    for name, restoration in results:
        columns = ByteColumns(restoration.original)
        path = path_text(name)
        for edit in restoration.edits:
            yield _diagnostic(path, columns, edit)


def _diagnostic(path: str, columns: ByteColumns, edit: Edit) -> dict[str, Any]:
    places = [columns.position(edit.start), columns.position(edit.end)]
    start, end = ({"line": line, "column": column} for line, column in places)
    old, new = printable(short(edit.original)), printable(short(edit.replacement))
    return {
        "message": f"'{old}' stands for '{new}' with probability {edit.confidence:.2f}",
        "location": {"path": path, "range": {"start": start, "end": end}},
        "severity": "WARNING",
        "code": {"value": edit.kind},
        "suggestions": [{"range": {"start": start, "end": end}, "text": edit.replacement}],
    }


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)
