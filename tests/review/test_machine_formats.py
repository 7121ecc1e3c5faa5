"""The machine-readable reports: valid against their schemas, whatever the text, and exact about places."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import validators
from jsonschema.protocols import Validator

import normalizer
from normalizer.edits import KINDS, Alternative, Edit
from normalizer.restoration import Restoration
from normalizer.review.github import github
from normalizer.review.json_report import json_report
from normalizer.review.rdjson import rdjson, rdjsonl
from normalizer.review.sarif import sarif

Results = list[tuple[str, Restoration]]

SCHEMAS = Path(__file__).parent / "schemas"
CHECK_SCHEMA = Path(normalizer.__file__).parent / "review" / "schemas" / "check.schema.json"

HOSTILE = [
    "a\nb",
    "a\r\nb",
    "]]>",
    "</script><script>alert(1)</script>",
    "::error::x",
    "%0A::set-output name=x::y",
    "\x00\x01\x1b[31m\x7f\x85",
    "\u202e\u2066\u200b\ufeff\u2028",
    "😀é",
    '"\\',
    ", file=x",
    "x" * 1_000_000,
]
NAMES = ["a.txt", "-", "my news/a,b:c%.txt", "\udce9.txt", "/tmp/x y.txt", "a\nb.txt"]


def schema(path: Path) -> Validator:
    """A validator for the schema in a file, by the draft that the schema names."""
    content = json.loads(path.read_text(encoding="utf-8"))
    kind = validators.validator_for(content)
    kind.check_schema(content)
    return kind(content)


def one(text: str, start: int, end: int, replacement: str, *alternatives: str) -> Restoration:
    others = tuple(Alternative(other, 0.01) for other in alternatives)
    edit = Edit(start, end, text[start:end], replacement, "word", 0.9, others, ("table: x→y",), True)
    return Restoration(text, (edit,))


def hostile(many: int = 1_000) -> Results:
    results = [
        (name, one(f"before {word} after\n", 7, 7 + len(word), replacement, word))
        for name, word, replacement in zip(NAMES * 2, HOSTILE, reversed(HOSTILE), strict=True)
    ]
    line = "doc " * many
    edits = tuple(Edit(4 * i, 4 * i + 3, "doc", "é😀", "word", 0.9) for i in range(many))
    everywhere = tuple(Edit(i, i, "", "+", kind, 0.5) for i, kind in enumerate(KINDS))
    return [
        *results,
        ("line.txt", Restoration(line, edits)),
        ("kinds.txt", Restoration("x" * 9, everywhere, edits[:0])),
    ]


@st.composite
def restorations(draw: st.DrawFn) -> Restoration:
    text = draw(st.text(st.sampled_from("ab é😀\n\r\u2028\ufeff:,%"), max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    words = st.text(st.sampled_from("xyé😀\n:"), max_size=4)
    edits = [Edit(s, e, text[s:e], draw(words), draw(st.sampled_from(KINDS)), draw(st.floats(0, 1))) for s, e in spans]
    return Restoration(text, tuple(edits))


@pytest.mark.parametrize(
    ("report", "path"),
    [
        (json_report, CHECK_SCHEMA),
        (rdjson, SCHEMAS / "rdjson.schema.json"),
        (sarif, SCHEMAS / "sarif-schema-2.1.0.json"),
    ],
    ids=["json", "rdjson", "sarif"],
)
def test_reports_are_valid(report: Callable[[Results], Iterator[str]], path: Path) -> None:
    validator = schema(path)
    validator.validate(json.loads("".join(report(hostile()))))
    validator.validate(json.loads("".join(report([]))))


def test_rdjsonl_is_rdjson_line_by_line() -> None:
    whole = json.loads("".join(rdjson(hostile())))
    lines = "".join(rdjsonl(hostile())).splitlines()
    assert [{**diagnostic, "source": whole["source"]} for diagnostic in whole["diagnostics"]] == [
        json.loads(line) for line in lines
    ]


def replaced(lines: list[Any], changes: list[tuple[int, int, int, int, Any]]) -> Any:
    """Apply changes (start line and column, end line and column, all from 1) as a program that reads a report would."""
    starts = [sum(map(len, lines[:i])) for i in range(len(lines))]
    text = lines[0][:0].join(lines)
    for line, column, end_line, end_column, new in reversed(changes):
        start, end = starts[line - 1] + column - 1, starts[end_line - 1] + end_column - 1
        text = text[:start] + new + text[end:]
    return text


@settings(deadline=None)
@given(restorations())
def test_sarif_fixes_restore_the_text(restoration: Restoration) -> None:
    found = json.loads("".join(sarif([("a.txt", restoration)])))
    # A byte order mark is not part of the text that columns count in.
    mark = "\ufeff" if restoration.original.startswith("\ufeff") else ""
    if mark and any(edit.start == 0 for edit in restoration.edits):
        return
    text = restoration.original.removeprefix(mark)
    changes = []
    for result in found["runs"][0]["results"]:
        (change,) = result["fixes"][0]["artifactChanges"]
        (swap,) = change["replacements"]
        region = swap["deletedRegion"]
        assert region == result["locations"][0]["physicalLocation"]["region"]
        place = region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]
        changes.append((*place, swap["insertedContent"]["text"]))
    lines = [line + "\n" for line in text.split("\n")]
    assert mark + replaced(lines, changes)[:-1] == restoration.restored


@settings(deadline=None)
@given(restorations())
def test_rdjson_suggestions_restore_the_bytes(restoration: Restoration) -> None:
    found = json.loads("".join(rdjson([("a.txt", restoration)])))
    changes = []
    for diagnostic in found["diagnostics"]:
        (suggestion,) = diagnostic["suggestions"]
        start, end = suggestion["range"]["start"], suggestion["range"]["end"]
        assert suggestion["range"] == diagnostic["location"]["range"]
        changes.append((start["line"], start["column"], end["line"], end["column"], suggestion["text"].encode()))
    lines = [line + b"\n" for line in restoration.original.encode().split(b"\n")]
    assert replaced(lines, changes)[:-1] == restoration.restored.encode()


def test_sarif_fixes_are_never_empty() -> None:
    result = json.loads("".join(sarif([("a.txt", one("a doc", 2, 5, "document", "paper"))])))["runs"][0]["results"][0]
    texts = [fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] for fix in result["fixes"]]
    assert texts == ["document", "paper"]


@pytest.mark.parametrize("report", [sarif, rdjson, rdjsonl, github, json_report])
def test_ten_thousand_findings_in_a_line(report: Callable[[Results], Iterator[str]]) -> None:
    assert len("".join(report(hostile(10_000))).splitlines()) > 10_000 or report is json_report


def test_github_commands_are_one_line_each() -> None:
    output = "".join(github(hostile()))
    lines = output.split("\n")
    assert lines.pop() == ""
    assert len(lines) == sum(len(restoration.edits) for _, restoration in hostile())
    for line in lines:
        assert line.isprintable()
        assert len(line) < 4_000
        command, properties, _ = line[2:].split(" ", 1)[0], *line[2:].split(" ", 1)[1].split("::", 1)
        assert line.startswith("::warning file=")
        assert command == "warning"
        names = [item.partition("=")[0] for item in properties.split(",")]
        assert names in (["file", "line", "endLine", "col", "endColumn", "title"], ["file", "line", "endLine", "title"])


def test_github_escapes() -> None:
    (line,) = github([("a,b:%.txt", one("50% a::b", 0, 8, "x"))])
    assert line == (
        "::warning file=a%2Cb%3A%25.txt,line=1,endLine=1,col=1,endColumn=9,title=normalizer%3A word"
        "::50%25 a::b → x (0.90)\n"
    )
