from __future__ import annotations

import pytest
from lsprotocol import types

from normalizer.edits import Alternative, Edit
from normalizer.lsp.views import View
from normalizer.restoration import Restoration

EVERYWHERE = types.Range(types.Position(0, 0), types.Position(99, 0))


def view(text: str, original: str, replacement: str, *alternatives: str) -> View:
    start = text.index(original)
    others = tuple(Alternative(other, 0.04) for other in alternatives)
    edit = Edit(start, start + len(original), original, replacement, "word", 0.9, others, ("table: doc\u202e",), True)
    return View("file:///a.txt", Restoration(text, (edit,)), "utf-16")


def test_alternatives_can_be_chosen() -> None:
    actions = view("a doc here", "doc", "document", "physician", "paper").actions(EVERYWHERE, ["quickfix"])
    assert [action.title for action in actions] == [
        "Replace with ‘document’ (0.90)",
        "Replace with ‘physician’ (0.04)",
        "Replace with ‘paper’ (0.04)",
        "Never change ‘doc’ to ‘document’ again",
        "Never change ‘doc’ again",
    ]
    assert [action.is_preferred for action in actions[:3]] == [True, False, False]
    commands = [action.command.arguments for action in actions[3:] if action.command]
    assert commands == [["file:///a.txt", "doc", "document"], ["file:///a.txt", "doc", None]]


def test_what_goes_without_a_replacement_is_removed() -> None:
    action = view("a\u200b doc", "\u200b", "").actions(EVERYWHERE, ["quickfix"])[0]
    assert action.title == "Remove ‘\\u200b’ (0.90)"


def test_actions_belong_to_a_place() -> None:
    shown = view("a doc here", "doc", "document")

    def titles(start: int, end: int) -> list[str]:
        place = types.Range(types.Position(0, start), types.Position(0, end))
        return [action.title for action in shown.actions(place, ["quickfix"])]

    assert titles(0, 1) == titles(6, 10) == []
    assert titles(2, 2) == titles(5, 5) == titles(0, 99) != []


def test_the_hover_shows_evidence() -> None:
    hover = view("a doc here", "doc", "document", "paper").hover(types.Position(0, 3))
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.value == ("doc → document\nword, confidence 0.90, safe\ntable: doc\\u202e\nor paper (0.04)")


def test_what_was_held_back_is_a_hint() -> None:
    held_back = view("a doc", "doc", "document").restoration
    shown = View("file:///a.txt", Restoration("a doc", (), held_back.edits), "utf-16")
    assert [d.severity for d in shown.diagnostics()] == [types.DiagnosticSeverity.Hint]
    assert all(action.kind == types.CodeActionKind.QuickFix for action in shown.actions(EVERYWHERE))


@pytest.mark.parametrize("word", ["a\nb", "[x](command:y)", "\x1b[31m", "\u202e", "x" * 1_000_000, ""])
def test_hostile_words_stay_in_their_line(word: str) -> None:
    shown = view(f"before {word} after", word, word + "!", word)
    (diagnostic,) = shown.diagnostics()
    assert diagnostic.message.isprintable()
    assert len(diagnostic.message) < 1_500
    hover = shown.hover(diagnostic.range.start)
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.kind == types.MarkupKind.PlainText
    assert all(line.isprintable() for line in hover.contents.value.split("\n"))
    for action in shown.actions(EVERYWHERE):
        assert action.title.isprintable()
        assert len(action.title) < 200
