from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.text.directives import ignored_spans

FORMS = [
    "<!-- {} -->",
    "<!--{}-->",
    "# {}",
    "## {}",
    "// {}",
    "% {}",
    "; {}",
    "-- {}",
    "/* {} */",
    "/** {} **/",
    "{{# {} #}}",
    "(* {} *)",
]
AT_LINE_START = [".. {}", " * {}", "[//]: # ({})", '[comment]: # "{}"', "[comment]: <> ({})"]
LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\u2029"]


def ignored(text: str) -> list[str]:
    return [text[start:end] for start, end in ignored_spans(text)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_a_line_is_exempt(form: str, line_end: str) -> None:
    line = "a doc " + form.format("normalizer: ignore")
    assert ignored(line_end.join(["one", line, "three"])) == [line]


@pytest.mark.parametrize("form", FORMS + AT_LINE_START)
@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_the_next_line_is_exempt(form: str, line_end: str) -> None:
    comment = form.format("normalizer: ignore-next-line")
    assert ignored(line_end.join(["one", comment, "", " ", "a doc", "three"]))[-1] == "a doc"


@pytest.mark.parametrize("form", FORMS + AT_LINE_START)
def test_a_block_is_exempt(form: str) -> None:
    start, end = form.format("normalizer: ignore-start"), form.format("normalizer: ignore-end")
    (span,) = ignored(f"one\n{start}\na doc\n\nanother\n{end}\nlast")
    assert "a doc\n\nanother" in span
    assert "one" not in span
    assert "last" not in span


def test_an_open_block_reaches_to_the_end() -> None:
    assert ignored("one\n# normalizer: ignore-start\ntwo\nthree") == ["# normalizer: ignore-start\ntwo\nthree"]


def test_a_reason_may_follow() -> None:
    assert ignored("a doc # normalizer: ignore (a quotation)") == ["a doc # normalizer: ignore (a quotation)"]


@pytest.mark.parametrize(
    "text",
    [
        "The normalizer: ignore it.",
        "# normalizer: ignored",
        "# normalizer: ignore-nothing",
        "# normaliser: ignore",
        "# the normalizer: ignore",
    ],
)
def test_what_is_no_comment(text: str) -> None:
    assert ignored(text) == []


def test_the_last_line_has_no_next_one() -> None:
    assert ignored("# normalizer: ignore-next-line") == ["# normalizer: ignore-next-line"]


@given(
    st.lists(
        st.sampled_from(
            [
                "# normalizer: ignore",
                "<!-- normalizer: ignore-start -->",
                "/* normalizer: ignore-end */",
                "% normalizer: ignore-next-line",
                "\n",
                "\r",
                "word ",
                "#",
                "normalizer:",
            ]
        )
    ).map("".join)
)
def test_spans_are_in_order_and_apart(text: str) -> None:
    done = -1
    for start, end in ignored_spans(text):
        assert done < start < end <= len(text)
        done = end


@pytest.mark.parametrize("filler", ["#", "-", "<!--", " ", "normalizer:", "normalizer: ", "# normalizer: ignore\n"])
def test_long_runs_are_no_trap(filler: str) -> None:
    ignored_spans("normalizer: ignore " + filler * (1_000_000 // len(filler)) + " normalizer: ignore")
