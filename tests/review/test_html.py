"""The review page as a file: what is in it, and what can never be in it. Browsers are in test_html_page.py."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.edits import Alternative, Edit
from normalizer.errors import InputError
from normalizer.restoration import Detection, Restoration
from normalizer.review.document import Document
from normalizer.review.html import SCRIPTS, embed, render_report, report_data, write_report

HOSTILE = (
    "</script><script>alert(1)</script> <!--<script> ]]> <img src=x onerror=alert(1)> "
    "\u202egnp.exe\u2066\u2028\u2029\u200b\ufeff\x00\x1b[31m {{policy}} {{data}} \\u003c &lt; \r\n"
)


def document(text: str, *edits: Edit, path: str = "a.txt") -> Document:
    return Document.of(path, text.encode(), text, Restoration(text, edits, (), Detection(0.99, "replaces-all")))


def data_of(page: str) -> dict[str, Any]:
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    found: dict[str, Any] = json.loads(block[1])
    return found


class Elements(HTMLParser):
    """The start tags of a page, and the content of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in {"script", "style"} and data.strip():
            self.raw.append((*self.tags[-1], data))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(json_values)
def test_embedded_data_reads_back_and_cannot_end_its_element(value: object) -> None:
    embedded = embed(value)
    assert json.loads(embedded) == value
    assert not set(embedded) & set("<>&\u2028\u2029\u202e\x7f\ufeff")
    embedded.encode()  # no lone surrogates


@given(st.text(), st.text(), st.text(min_size=1))
def test_nothing_from_documents_becomes_markup(text: str, replacement: str, path: str) -> None:
    edit = Edit(0, len(text), text, replacement, "word", 0.9, (Alternative(replacement, 0.1),), (text,))
    page = render_report([document(text, edit, path=path)])
    plain = render_report([document("")])
    assert [tag for tag, _ in Elements(page).tags] == [tag for tag, _ in Elements(plain).tags]


def test_hostile_text_is_kept_exactly() -> None:
    edit = Edit(0, 9, HOSTILE[:9], HOSTILE, "word", 0.9, (Alternative(HOSTILE, 0.1),), (HOSTILE,))
    found = data_of(render_report([document(HOSTILE, edit, path=HOSTILE)]))
    assert found["documents"] == [
        {
            "path": HOSTILE,
            "sha256": sha256(HOSTILE.encode()).hexdigest(),
            "spun": 0.99,
            "engine": "replaces-all",
            "encoding": "utf-8",
            "text": HOSTILE,
            "edits": [[0, 9, HOSTILE, 3, 0.9, 2, [[HOSTILE, 0.1]], [0]]],
        }
    ]
    assert found["evidence"] == [HOSTILE]


def test_policy_names_every_script_and_the_style_and_nothing_else() -> None:
    elements = Elements(render_report([document(HOSTILE, path=HOSTILE)]))
    [policy] = [a["content"] or "" for t, a in elements.tags if a.get("http-equiv") == "Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["base-uri"] == directives["form-action"] == "'none'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy

    def hashes(tag: str) -> list[str]:
        content = [data for t, attributes, data in elements.raw if t == tag and "type" not in attributes]
        return [f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'" for part in content]

    assert directives["script-src"].split() == hashes("script")
    assert directives["style-src"].split() == hashes("style")
    assert len(hashes("script")) == len(SCRIPTS)


def test_page_refers_to_nothing_outside_of_itself() -> None:
    page = render_report([document("fine")])
    assert not re.search(r"https?:|//[a-z]|url\(|@import", re.sub(r"^\s*//.*|\s// .*", "", page, flags=re.MULTILINE))
    for _, attributes in Elements(page).tags:
        assert not {"src", "srcset", "style", "srcdoc", "action"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on")]


def test_scripts_never_parse_markup() -> None:
    page = render_report([])
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch("):
        assert word not in page


def test_evidence_is_stored_once() -> None:
    edits = [Edit(i, i + 1, "a", "b", "word", 0.9, evidence=("document: spun", f"place {i}")) for i in range(3)]
    found = report_data([document("aaa", *edits)], 0.5)
    assert found["evidence"] == ["document: spun", "place 0", "place 1", "place 2"]
    assert [edit[7] for edit in found["documents"][0]["edits"]] == [[0, 1], [0, 2], [0, 3]]


def test_path_that_is_not_utf8_can_be_written(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    write_report(page, [document("fine", path="caf\udce9.txt")])
    assert data_of(page.read_text(encoding="utf-8"))["documents"][0]["path"] == "caf\udce9.txt"


def test_a_page_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"report\.html"):
        write_report(tmp_path / "missing" / "report.html", [])
