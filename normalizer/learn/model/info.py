"""What a model file says about itself."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from normalizer.errors import ModelError
from normalizer.language_model import LanguageModel, MixedModel, load_model

_KINDS = ("probing", "rest probing", "trie", "quantised trie", "array trie", "quantised array trie")
_FIXED, _COUNTS = 88, 108
"""Where the parameters and the counts stand in a KenLM binary."""


def describe(path: Path) -> dict[str, Any]:
    """Path, format, order, counts and size (bytes) of a model; of a mixture, of each of its models, with weights.

    Raises ``ModelError`` when it is no model.
    """
    model = load_model(path)
    if isinstance(model, MixedModel):
        parts = [
            {"weight": round(weight, 4), **_described(part)}
            for part, weight in zip(model.models, model.weights, strict=True)
        ]
        return {"path": str(path), "format": "mixture", "order": model.order, "models": parts}
    return _described(model)


def _described(model: LanguageModel) -> dict[str, Any]:
    path = model.path
    kind, counts = _header(path, model.order)
    size = path.stat().st_size
    return {"path": str(path), "format": kind, "order": model.order, "ngrams": counts, "bytes": size}


def _header(path: Path, order: int) -> tuple[str, list[int]]:
    with path.open("rb") as file:
        start = file.read(_COUNTS + 8 * order)
        if start.startswith(b"mmap lm"):
            (kind,) = struct.unpack_from("<I", start, _FIXED + 8)
            name = _KINDS[kind] if kind < len(_KINDS) else str(kind)
            return f"KenLM {name}", list(struct.unpack_from(f"<{order}Q", start, _COUNTS))
        file.seek(0)
        counts = []
        for number, line in enumerate(file):
            if line.startswith(b"ngram "):
                counts.append(int(line.partition(b"=")[2]))
            elif counts or number > 1000:
                return "ARPA", counts
    raise ModelError(f"{path}: neither a KenLM binary nor an ARPA file")
