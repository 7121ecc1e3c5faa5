"""The SARIF 2.1.0 report, with fixes: what code-scanning services and editors read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from normalizer.edits import KINDS, Edit
from normalizer.restoration import Restoration
from normalizer.review.listing import printable
from normalizer.review.places import short, uri
from normalizer.text.lines import LineIndex

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BYTE_ORDER_MARK = "\ufeff"

_DESCRIPTIONS = {
    "encoding": "Characters that were broken by a wrong encoding, or that are invisible or look like others.",
    "spintax": "Braces that a spinner left behind.",
    "phrase": "A phrase that a spinner put for another.",
    "word": "A word that a spinner put for another.",
    "entity": "A name or title that a spinner garbled.",
    "agreement": "A form that has to follow another correction.",
    "markup": "Residue of scraping.",
}


def sarif(results: Iterable[tuple[str, Restoration]], *, color: bool = False) -> Iterator[str]:
    """Yield the pieces of a SARIF log with one run, finding by finding. ``color`` means nothing here.

    Columns count code points from 1 and end exclusively; a byte order mark is not counted, as the standard asks. The
    first fix of a result is the edit, further ones are its alternatives.

    >>> json.loads("".join(sarif([("a.txt", Restoration("fine", ()))])))["runs"][0]["columnKind"]
    'unicodeCodePoints'
    """
    from normalizer import __version__

    rules = [{"id": kind, "shortDescription": {"text": _DESCRIPTIONS[kind]}} for kind in KINDS]
    tool = {"driver": {"name": "normalizer", "semanticVersion": __version__, "rules": rules}}
    yield f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{"tool": {json.dumps(tool)}, '
    yield '"columnKind": "unicodeCodePoints", "results": ['
    separator = "\n"
    for name, restoration in results:
        index = _Regions(restoration.original)
        for edit in restoration.edits:
            yield separator + json.dumps(_result(uri(name), index, edit))
            separator = ",\n"
    yield "\n]}]}\n"


class _Regions:
    def __init__(self, text: str) -> None:
        self._index = LineIndex(text)
        self._mark = text.startswith(BYTE_ORDER_MARK)

    def region(self, start: int, end: int) -> dict[str, int]:
        (line, column), (end_line, end_column) = self._place(start), self._place(end)
        return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}

    def _place(self, offset: int) -> tuple[int, int]:
        line, column = self._index.position(offset)
        return line, max(1, column - 1) if self._mark and line == 1 else column


def _result(path: str, index: _Regions, edit: Edit) -> dict[str, Any]:
    artifact = {"uri": path}
    region = index.region(edit.start, edit.end)
    old, new = printable(short(edit.original)), printable(short(edit.replacement))
    return {
        "ruleId": edit.kind,
        "ruleIndex": KINDS.index(edit.kind),
        "level": "warning",
        "message": {"text": f"'{old}' stands for '{new}' with probability {edit.confidence:.2f}."},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "fixes": [
            {
                "description": {"text": f"Replace '{old}' with '{printable(short(text))}'."},
                "artifactChanges": [
                    {
                        "artifactLocation": artifact,
                        "replacements": [{"deletedRegion": region, "insertedContent": {"text": text}}],
                    }
                ],
            }
            for text in (edit.replacement, *(alternative.text for alternative in edit.alternatives))
        ],
        "properties": {"confidence": round(edit.confidence, 4), "safe": edit.safe, "evidence": list(edit.evidence)},
    }
