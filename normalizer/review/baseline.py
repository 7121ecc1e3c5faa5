"""Baselines: the findings that are known and accepted, so that only new ones count.

A finding is recognised by its original and the words around it on the same line, as they read when restored. So it
stays known when lines move and when its neighbours are corrected. Equal findings in a file are counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from normalizer.edits import Edit
from normalizer.errors import InputError
from normalizer.offsets import OffsetMap
from normalizer.restoration import Restoration

VERSION = 1
WORDS = 3
"""How many words before and after a finding belong to its fingerprint."""

_WINDOW = 200
"""How far to look for them, in code points."""

_BREAKS = "\n\r\u2028\u2029"


@dataclass(frozen=True)
class Baseline:
    """Known findings: for each file, by its path with ``/``, how often each fingerprint occurs."""

    files: Mapping[str, Mapping[str, int]]

    def unknown(self, path: str, restoration: Restoration) -> Restoration:
        """The restoration with only those edits that are not in the baseline.

        When a file has more equal findings than the baseline knows, the last ones are new.

        >>> doc = Restoration("a doc", (Edit(2, 5, "doc", "document", "word", 0.9),))
        >>> known = Baseline({"a.txt": fingerprints(doc)})
        >>> len(known.unknown("a.txt", doc).edits), len(known.unknown("b.txt", doc).edits)
        (0, 1)
        """
        left = Counter(self.files.get(path, {}))
        new = []
        for edit, print_ in zip(restoration.edits, _prints(restoration), strict=True):
            if left[print_] > 0:
                left[print_] -= 1
            else:
                new.append(edit)
        return restoration if len(new) == len(restoration.edits) else replace(restoration, edits=tuple(new))

    def updated(self, found: Mapping[str, Mapping[str, int]], gone: Iterable[str] = ()) -> Baseline:
        """The baseline with the findings in ``found`` in place of the old ones of those files, and none of ``gone``."""
        dropped = set(gone)
        files = {path: prints for path, prints in {**self.files, **found}.items() if prints}
        return Baseline({path: prints for path, prints in files.items() if path not in dropped})

    def to_json(self) -> str:
        """The baseline as the text of its file: sorted, one fingerprint a line, kind to version control."""
        data = {"version": VERSION, "files": {path: dict(prints) for path, prints in self.files.items()}}
        return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_baseline(text: str, name: str) -> Baseline:
    """Read a baseline from the text of its file. ``name`` is for messages.

    Raises ``InputError`` when it is not a baseline, or one of a later version.

    >>> read_baseline('{"version": 1, "files": {}}', "b.json").files
    {}
    """
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"{name}{line}: not a baseline: {error}; write it anew with --write-baseline") from error
    version = data.get("version") if isinstance(data, dict) else None
    if version != VERSION:
        raise InputError(f"{name}: not a baseline of version {VERSION}; write it anew with --write-baseline")
    files = data.get("files")
    if not isinstance(files, dict) or not all(_is_counts(prints) for prints in files.values()):
        raise InputError(f"{name}: files has to map paths to counts; write the baseline anew with --write-baseline")
    return Baseline(files)


def fingerprints(restoration: Restoration) -> dict[str, int]:
    """How often each fingerprint occurs among the edits."""
    return dict(Counter(_prints(restoration)))


def _prints(restoration: Restoration) -> list[str]:
    if not restoration.edits:
        return []
    text = restoration.restored
    spans = OffsetMap(restoration.edits).spans
    return [_print(edit, text, *span) for edit, span in zip(restoration.edits, spans, strict=True)]


def _print(edit: Edit, text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    for line_break in _BREAKS:
        before, after = before.rpartition(line_break)[2], after.partition(line_break)[0]
    key = [edit.kind, edit.original, before.split()[-WORDS:], after.split()[:WORDS]]
    return sha256(json.dumps(key).encode()).hexdigest()[:24]


def _is_counts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(n, int) and not isinstance(n, bool) for n in value.values())
