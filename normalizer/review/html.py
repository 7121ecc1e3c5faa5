"""The HTML report: every proposal of every document in one page that works offline, to read and to decide on.

The page is put together from the files in ``page/``. Texts and edits travel as JSON inside of a script element that no
browser runs; the page's own scripts and style are named by hash in its content security policy, so nothing else can
run, and they put text into the page only as text.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from normalizer import __version__
from normalizer.edits import KINDS, Edit
from normalizer.files import write_text
from normalizer.review.document import Document

STYLE = "page.css"
SCRIPTS = (
    "data.js",
    "decisions.js",
    "selection.js",
    "elements.js",
    "reading.js",
    "inspector.js",
    "overview.js",
    "main.js",
)
"""The page's scripts, in the order in which they build on one another."""

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {style}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_SLOT = re.compile(r"\{\{(\w+)\}\}")

# What could end a script element or hide in a listing of the page: markup, controls, invisible characters, and the
# halves of surrogate pairs, which stand for undecodable bytes of file names.
_UNSAFE = re.compile("[<>&\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def write_report(path: Path, documents: Sequence[Document], *, threshold: float = 0.5) -> None:
    """Write the review page for ``documents`` to ``path``, in one step.

    ``threshold`` is the confidence (0 to 1) that the page's slider starts at: what reaches it is shown as a change,
    the rest as a suggestion. Raises ``InputError`` when the file cannot be written.
    """
    write_text(path, render_report(documents, threshold=threshold))


def render_report(documents: Sequence[Document], *, threshold: float = 0.5) -> str:
    """The review page as HTML.

    >>> from normalizer.restoration import Restoration
    >>> page = render_report([Document.of("a.txt", b"</script>", "</script>", Restoration("</script>", ()))])
    >>> "://" in page, page.count("</script>") == len(SCRIPTS) + 1
    (False, True)
    """
    style = _resource(STYLE)
    scripts = [_resource(name) for name in SCRIPTS]
    slots = {
        "policy": _POLICY.format(scripts=" ".join(map(_hash, scripts)), style=_hash(style)),
        "style": f"<style>{style}</style>",
        "data": f'<script type="application/json" id="data">{embed(report_data(documents, threshold))}</script>',
        "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
    }
    return _SLOT.sub(lambda slot: slots[slot[1]], _resource("page.html"))


def report_data(documents: Sequence[Document], threshold: float) -> dict[str, Any]:
    """What the page is told, as plain data; ``page/data.js`` reads it.

    Edits are lists to save room: ``[start, end, replacement, kind, confidence, flags, alternatives, evidence]``, with
    offsets in code points, ``kind`` an index into ``kinds``, ``flags`` 1 for the safe tier plus 2 for what ``fix``
    would apply, an alternative ``[text, confidence]``, and evidence as indices into ``evidence``, where each sentence
    stands once. Probabilities have 4 places.
    """
    evidence: dict[str, int] = {}
    listed = [
        {
            "path": document.path,
            "sha256": document.sha256,
            "spun": round(document.restoration.spun_probability, 4),
            "engine": document.restoration.engine,
            "encoding": document.encoding,
            "text": document.text,
            "edits": [_edit_data(edit, applied, evidence) for edit, applied in document.proposals()],
        }
        for document in documents
    ]
    return {
        "generator": f"normalizer {__version__}",
        "threshold": threshold,
        "kinds": KINDS,
        "documents": listed,
        "evidence": list(evidence),
    }


def embed(data: Any) -> str:
    r"""``data`` as JSON that can stand inside of a script element, whatever it holds.

    >>> embed({"text": "</script><!--\u2028\u202e"})
    '{"text":"\\u003c/script\\u003e\\u003c!--\\u2028\\u202e"}'
    """
    dumped = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", dumped)


def _edit_data(edit: Edit, applied: bool, evidence: dict[str, int]) -> list[Any]:
    return [
        edit.start,
        edit.end,
        edit.replacement,
        KINDS.index(edit.kind),
        round(edit.confidence, 4),
        int(edit.safe) + 2 * int(applied),
        [[alternative.text, round(alternative.confidence, 4)] for alternative in edit.alternatives],
        [evidence.setdefault(reason, len(evidence)) for reason in edit.evidence],
    ]


def _resource(name: str) -> str:
    return files("normalizer.review").joinpath("page", name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
