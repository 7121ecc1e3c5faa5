"""Dolma: attributes files with spans, for its mixer to filter by or to replace with.

A document's attributes are ``spun`` (the whole document, scored with its probability) and one list of spans per kind of
edit, scored with the edit's confidence. ``replacements`` holds what the spans become, in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from normalizer.adapters.core import Restorer
from normalizer.corpus.parts import replace_file
from normalizer.corpus.storage import compressor, opened


def attributes(document: Mapping[str, Any], restorer: Restorer, name: str = "normalizer") -> dict[str, Any]:
    """The line of an attributes file for a document with ``id`` and ``text``. Offsets are code points.

    >>> attributes({"id": "1", "text": "BrontÃ«"}, Restorer(only=["encoding"]))["attributes"]["normalizer__encoding"]
    [[0, 7, 0.99]]
    """
    text = document["text"]
    restoration = restorer.analyze(text)
    found: dict[str, list[Any]] = {f"{name}__spun": [[0, len(text), round(restoration.spun_probability, 4)]]}
    for edit in restoration.edits:
        found.setdefault(f"{name}__{edit.kind}", []).append([edit.start, edit.end, round(edit.confidence, 4)])
    replacements = [[edit.start, edit.end, edit.replacement] for edit in restoration.edits]
    line = {"id": document["id"], "attributes": found, "replacements": replacements}
    return line if "source" not in document else {**line, "source": document["source"]}


def tag(documents: Iterable[Mapping[str, Any]], name: str = "normalizer", **options: Any) -> Iterable[dict[str, Any]]:
    """The attributes of a stream of documents, in order."""
    restorer = Restorer(**options)
    return (attributes(document, restorer, name) for document in documents)


def write_attributes(documents: Path, name: str = "normalizer", **options: Any) -> Path:
    """Write ``attributes/<name>/x.jsonl.gz`` for ``documents/x.jsonl.gz``: same rows, same order, in one step.

    Returns the path of the file. Raises ``InputError`` when the documents cannot be read.
    """
    target = documents.parent.parent / "attributes" / name / documents.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened(str(documents)) as source:

        def write(file: Any) -> None:
            stream = compressor(file, source.compression)
            for line in tag(map(json.loads, source.stream), name, **options):
                stream.write((json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))
            if stream is not file:
                stream.close()

        replace_file(target, write)
    return target
