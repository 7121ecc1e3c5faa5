"""The decisions file: what is written is read again, and what is wrong is told."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed import reviewed_documents

from normalizer.edits import KINDS, Alternative, Edit
from normalizer.errors import EditError, InputError
from normalizer.review.decisions import (
    DECISIONS,
    VERSION,
    Decisions,
    DecisionsWriter,
    NeverAgain,
    ReviewedDocument,
    ReviewedEdit,
    dump_decisions,
    parse_decisions,
    read_decisions,
    write_decisions,
)

EDIT: dict[str, Any] = {"start": 9, "end": 12, "original": "doc", "replacement": "document", "decision": "accepted"}
DOCUMENT: dict[str, Any] = {"path": "a.txt", "sha256": "0" * 64, "edits": [EDIT]}


def file(**changes: Any) -> str:
    return json.dumps({"version": 1, "documents": [{**DOCUMENT, "edits": [{**EDIT, **changes}]}]})


@given(reviewed_documents())
def test_what_is_written_is_read_again(case: tuple[ReviewedDocument, str]) -> None:
    decisions = Decisions((case[0],))
    assert parse_decisions(dump_decisions(decisions), "d.json") == decisions


def test_a_full_record_comes_back() -> None:
    edit = Edit(
        9, 12, "doc", "document", "entity", 0.5, (Alternative("paper", 0.25),), ("table: document→doc",), safe=True
    )
    signed = ReviewedEdit(edit, "corrected", "", "Ann", "2026-05-04T09:30:00Z", "a modest ", ".")
    decisions = Decisions((ReviewedDocument("käse/a b.txt", "f" * 64, (signed,), "utf-16-le"),))
    assert parse_decisions(dump_decisions(decisions), "d.json") == decisions


@given(
    st.lists(
        st.builds(
            NeverAgain,
            st.text(st.characters(codec=None), min_size=1),
            st.none() | st.text(),
            st.text(),
            st.text(),
            st.text(),
        ),
        unique=True,
    )
)
def test_what_is_never_wanted_again_is_read_again(rules: list[NeverAgain]) -> None:
    decisions = Decisions((), tuple(rules))
    content = dump_decisions(decisions)
    assert parse_decisions(content.encode().decode(), "d.json") == decisions
    assert len(content.split("\n")) == (4 + len(rules) if rules else 3)


def test_a_file_without_rules_is_as_it_was_before_there_were_any() -> None:
    assert "never_again" not in dump_decisions(Decisions((ReviewedDocument("a.txt", "0" * 64, ()),)))


@given(st.text(st.characters(codec=None), min_size=1))
def test_any_path_comes_back_from_a_file_that_is_utf8(path: str) -> None:
    decisions = Decisions((ReviewedDocument(path, "0" * 64, ()),))
    content = dump_decisions(decisions).encode()
    read = parse_decisions(content.decode(), "d.json").documents[0].path
    assert read == path.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def test_the_least_that_can_be_written_by_hand() -> None:
    [document] = parse_decisions(file(), "d.json").documents
    assert document.chosen() == [Edit(9, 12, "doc", "document", "word", 1.0)]
    assert document.encoding == "utf-8"


def test_unknown_fields_are_ignored() -> None:
    assert parse_decisions(file(mood="good"), "d.json").documents[0].edits[0].decision == "accepted"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "d.json:1: not JSON: expecting value at column 1"),
        ('{"version": 1,\n"documents": [}', "d.json:2: not JSON"),
        ("[" * 100_000, "d.json: not a decisions file: nested too deeply"),
        ("[]", "d.json: the file must be object"),
        ('{"version": 1}', "d.json: the file lacks documents"),
        ('{"version": "1", "documents": []}', "d.json: version must be same as const definition: 1"),
        (f'{{"version": {VERSION + 1}}}', "is newer than this normalizer; update it"),
        (file(decision="maybe"), "d.json: documents[0].edits[0].decision must be one of"),
        (file(start="9"), "d.json: documents[0].edits[0].start must be integer"),
        (file(start=-1), "d.json: documents[0].edits[0].start must be bigger than or equal to 0"),
        (file(end=11), "d.json: documents[0].edits[0]: edit at 9-11 covers 2 code points"),
        (file(kind="verb"), "d.json: documents[0].edits[0].kind must be one of"),
        (file(confidence=1.5), "d.json: documents[0].edits[0].confidence must be smaller than or equal to 1"),
        (file(decision="corrected"), "d.json: documents[0].edits[0] lacks text"),
        (file(text="paper"), "d.json: documents[0].edits[0] has a text, which goes with the decision 'corrected' only"),
        (json.dumps({"version": 1, "documents": [DOCUMENT, DOCUMENT]}), "documents[1]: 'a.txt' appears twice"),
        (json.dumps({"version": 1, "documents": [{**DOCUMENT, "sha256": "ABC"}]}), "documents[0].sha256 must match"),
    ],
)
def test_what_is_wrong_is_told(content: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_decisions(content, "d.json")
    assert message in str(raised.value)


def test_a_text_goes_with_a_correction_only() -> None:
    with pytest.raises(EditError, match="'corrected'"):
        ReviewedEdit(Edit(0, 1, "a", "b", "word", 0.5), "accepted", "c")


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text("\ufeff" + file(), encoding="utf-8")
    assert read_decisions(tmp_path / "d.json").count()["accepted"] == 1


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_decisions(tmp_path / "d.json")


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.json"
    write_decisions(path, Decisions())
    before = path.read_bytes()
    writer = DecisionsWriter(path)
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(InputError, match="no space left"):
        writer.write(parse_decisions(file(), "d.json"))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["d.json"]


def test_a_file_that_something_else_has_changed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    first, second = DecisionsWriter(path), DecisionsWriter(path)
    first.write(Decisions())
    first.write(Decisions())
    with pytest.raises(InputError, match="is a second review open"):
        second.write(parse_decisions(file(), "d.json"))


def test_new_findings_join_without_touching_decisions() -> None:
    def document(*edits: ReviewedEdit) -> ReviewedDocument:
        return ReviewedDocument("a.txt", "0" * 64, edits)

    decided = ReviewedEdit(Edit(9, 12, "doc", "document", "word", 0.9), "rejected")
    same = ReviewedEdit(Edit(9, 12, "doc", "document", "word", 0.9))
    wider = ReviewedEdit(Edit(2, 12, "modest doc", "report", "phrase", 0.9))
    new = ReviewedEdit(Edit(0, 1, "a", "the", "word", 0.9))
    assert document(decided).extended(document(new, same)) == document(new, decided)
    assert document(decided).extended(document(wider)) == document(decided)


def test_the_schema_is_valid_and_says_what_the_reader_says() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((files("normalizer.review") / "schemas" / "decisions.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for content in (file(), file(decision="corrected", text=""), dump_decisions(Decisions())):
        assert validator.is_valid(json.loads(content))
    for content in (file(decision="corrected"), file(text=""), file(decision="maybe"), "[]", '{"version": 2}'):
        assert not validator.is_valid(json.loads(content))
    assert schema["definitions"]["edit"]["properties"]["kind"]["enum"] == list(KINDS)
    assert schema["definitions"]["edit"]["properties"]["decision"]["enum"] == list(DECISIONS)
