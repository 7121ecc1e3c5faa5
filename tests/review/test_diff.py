"""Diffs apply with the real tools, whatever the text holds."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reviewed import by_hand, reviewed_documents

from normalizer.edits import Edit
from normalizer.errors import EditError
from normalizer.restoration import Restoration
from normalizer.review.application import apply_decisions
from normalizer.review.columns import width_of
from normalizer.review.decisions import ReviewedDocument
from normalizer.review.diff import unified_diff, word_diff

LINES = st.lists(
    st.text("ab é\r\u2028\x85\x0c+-@\\\t𝒳", max_size=6),
    min_size=1,
    max_size=12,
)
NAMES = ["news.txt", "my news.txt", "tab\tbed.txt", 'quo"ted.txt', "back\\slash.txt", "dir/été.txt", " lead.txt"]
APPLY = [["patch", "-p0", "--quiet"], ["git", "apply", "-p0", "--whitespace=nowarn"]]


def apply_patch(command: list[str], folder: Path, name: str, before: str, after: str) -> str:
    """Write ``before``, apply the diff to ``after`` with ``command``, read the file back."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(before.encode())
    patch = unified_diff(before, after, name).encode()
    done = subprocess.run(command, cwd=folder, input=patch, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout, done.stderr, patch)
    return path.read_bytes().decode() if path.exists() else ""


@pytest.mark.parametrize("command", APPLY, ids=["patch", "git"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=LINES, new=LINES)
def test_a_diff_applies(command: list[str], old: list[str], new: list[str], tmp_path: Path) -> None:
    before, after = "\n".join(old), "\n".join(new)
    if before != after and before and after:
        assert apply_patch(command, tmp_path, "news.txt", before, after) == after


@pytest.mark.parametrize("command", APPLY, ids=["patch", "git"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=reviewed_documents(), name=st.sampled_from(["a.txt", "my news/a b.txt"]))
def test_the_diff_of_any_subset_of_edits_gives_the_bytes_of_editing_by_hand(
    command: list[str], case: tuple[ReviewedDocument, str], name: str, tmp_path: Path
) -> None:
    document, text = case
    wanted = by_hand(text, document).decode()
    if text and wanted != text:
        restoration = Restoration(text, apply_decisions(document, text).edits)
        assert restoration.restored == wanted
        assert apply_patch(command, tmp_path, name, text, restoration.restored) == wanted


@pytest.mark.parametrize("command", APPLY, ids=["patch", "git"])
@pytest.mark.parametrize("name", NAMES)
def test_a_diff_finds_its_file(command: list[str], name: str, tmp_path: Path) -> None:
    assert apply_patch(command, tmp_path, name, "one\ntwo\n", "one\n2\n") == "one\n2\n"


@pytest.mark.parametrize("command", APPLY, ids=["patch", "git"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\r\nb\r\n", "a\r\nB\r\n"),
        ("a\rb\rc", "a\rB\rc"),
        ("a\u2028b\nc", "a\u2028B\nc"),
        ("no end", "no End"),
        ("end\n", "End"),
        ("end", "End\n"),
        ("\ufeffx\n", "\ufeffy\n"),
        ("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "one\n2\n3\n4\n5\n6\n7\n8\n9\nten\n"),
        ("-- a\n", "++ b\n"),
        ("gone\n", ""),
        ("gone", ""),
    ],
)
def test_line_endings_survive(command: list[str], before: str, after: str, tmp_path: Path) -> None:
    assert apply_patch(command, tmp_path, "news.txt", before, after) == after


def test_equal_texts_have_no_diff() -> None:
    assert unified_diff("same\n", "same\n", "n") == ""


def test_distant_changes_get_their_own_hunks() -> None:
    before = "".join(f"{i}\n" for i in range(30))
    after = before.replace("3\n", "three\n", 1).replace("27\n", "27 changed\n")
    assert unified_diff(before, after, "n").count("@@ -") == 2


def test_word_diff_marks_words_in_their_lines() -> None:
    text = "first line\nThe safety of\r\nall\n"
    edits = [Edit(15, 21, "safety", "security", "word", 0.9), Edit(26, 29, "all", "everyone", "word", 0.9)]
    assert word_diff(text, edits, "my news.txt", color=False) == (
        "--- my news.txt\t\n+++ my news.txt\t\n"
        "@@ -2 @@\nThe [-safety-]{+security+} of\r\n"
        "@@ -3 @@\n[-all-]{+everyone+}\n"
    )
    assert "\x1b[31" in word_diff(text, edits, "n")
    assert word_diff(text, [], "n") == ""


def test_word_diff_of_an_edit_across_lines() -> None:
    text = "one two\nthree four\n"
    edits = [Edit(4, 13, "two\nthree", "2 3", "phrase", 0.9), Edit(14, 18, "four", "4", "word", 0.9)]
    assert word_diff(text, edits, "n", color=False).endswith("@@ -1,2 @@\none [-two\nthree-]{+2 3+} [-four-]{+4+}\n")


def test_word_diff_refuses_edits_of_another_text() -> None:
    with pytest.raises(EditError, match="the text has changed"):
        word_diff("a signal", [Edit(2, 8, "safety", "security", "word", 0.9)], "n")


TERMINAL = st.text("ab é\r\n\u2028\x85\x1b\u202e\t𝒳日", max_size=150)


@given(st.lists(st.tuples(TERMINAL, TERMINAL, TERMINAL), min_size=1, max_size=4), st.integers(20, 120), st.booleans())
def test_word_diff_for_a_terminal_fits_it_and_cannot_act_on_it(
    parts: list[tuple[str, str, str]], width: int, color: bool
) -> None:
    text, edits = "", []
    for kept, old, new in parts:
        text += kept
        edits.append(Edit(len(text), len(text) + len(old), old, new, "word", 0.9))
        text += old
    shown = re.sub(r"\x1b\[\d*(?:;\d+)*m", "", word_diff(text, edits, "a\x1bb", color=color, width=width))
    lines = shown.split("\n")
    assert all(width_of(line) <= width and line.isprintable() for line in lines[2:])
    assert shown.startswith("--- a\\x1bb\n+++ a\\x1bb\n@@ -")


def test_word_diff_for_a_terminal_leaves_out_what_is_far_from_changes() -> None:
    words = [f"w{n}" for n in range(300)]
    text = " ".join(words) + "\r\n"
    edits = [Edit(text.index(w), text.index(w) + len(w), w, w.upper(), "word", 0.9) for w in ("w150", "w152")]
    assert word_diff(text, edits, "n", color=False, width=80).splitlines()[3:] == [
        "...w138 w139 w140 w141 w142 w143 w144 w145 w146 w147 w148 w149 [-w150-]{+W150+} ",
        "  w151 [-w152-]{+W152+} w153 w154 w155 w156 w157 w158 w159 w160 w161 w162 w163 ",
        "  w164...",
    ]
    assert len(word_diff(text, edits, "n", color=False)) > len(text)
