"""What an editor shows of a restoration: diagnostics, hovers and code actions."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from normalizer.edits import Edit
from normalizer.lsp.positions import Encoding, Positions
from normalizer.restoration import Restoration
from normalizer.review.listing import printable
from normalizer.review.places import short

SOURCE = "normalizer"
IGNORE = "normalizer.ignore"
"""The command that writes an ignore rule. Its arguments: URI of the document, original, replacement or null."""

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.normalizer"


class View:
    """An analysed document as an editor sees it. ``encoding`` is what positions are counted in."""

    def __init__(self, uri: str, restoration: Restoration, encoding: Encoding) -> None:
        self.uri = uri
        self.restoration = restoration
        self._positions = Positions(restoration.original, encoding)

    def diagnostics(self) -> list[types.Diagnostic]:
        """A warning for every edit, and a hint for everything that was held back."""
        found = [self._diagnostic(edit, types.DiagnosticSeverity.Warning) for edit in self.restoration.edits]
        found += [self._diagnostic(edit, types.DiagnosticSeverity.Hint) for edit in self.restoration.suggestions]
        return found

    def hover(self, position: types.Position) -> types.Hover | None:
        """The evidence for the edit at a position. Plain text, so that nothing in it can be markup."""
        offset = self._positions.offset(position.line, position.character)
        for edit in self._every():
            if edit.start <= offset <= edit.end:
                content = types.MarkupContent(types.MarkupKind.PlainText, _explain(edit))
                return types.Hover(content, self._range(edit.start, edit.end))
        return None

    def actions(self, place: types.Range, only: list[str] | None = None) -> list[types.CodeAction]:
        """What can be done about the edits in a range, and about all of them at once."""
        start = self._positions.offset(place.start.line, place.start.character)
        end = self._positions.offset(place.end.line, place.end.character)
        touched = [edit for edit in self._every() if edit.start <= end and start <= edit.end]
        found = [action for edit in touched for action in self._quick_fixes(edit)]
        if self.restoration.edits:
            title = f"Make all {len(self.restoration.edits)} corrections of normalizer"
            found.append(types.CodeAction(title, FIX_ALL, edit=self._change(*self.restoration.edits)))
        return [action for action in found if not only or _asked_for(action, only)]

    def _quick_fixes(self, edit: Edit) -> Iterator[types.CodeAction]:
        quick = types.CodeActionKind.QuickFix
        severity = types.DiagnosticSeverity.Warning
        if edit in self.restoration.suggestions:
            severity = types.DiagnosticSeverity.Hint
        about = [self._diagnostic(edit, severity)]
        old = short(printable(edit.original), 40)
        choices = [(edit.replacement, edit.confidence), *((a.text, a.confidence) for a in edit.alternatives)]
        for number, (text, confidence) in enumerate(choices):
            action = f"Replace with ‘{short(printable(text), 40)}’" if text else f"Remove ‘{old}’"
            title = f"{action} ({confidence:.2f})"
            swap = types.TextEdit(self._range(edit.start, edit.end), text)
            change = types.WorkspaceEdit(changes={self.uri: [swap]})
            yield types.CodeAction(title, quick, about, is_preferred=number == 0, edit=change)
        if edit.original:
            new = short(printable(edit.replacement), 40)
            for title, replacement in [
                (f"Never change ‘{old}’ to ‘{new}’ again", edit.replacement),
                (f"Never change ‘{old}’ again", None),
            ]:
                command = types.Command(title, IGNORE, arguments=[self.uri, edit.original, replacement])
                yield types.CodeAction(title, quick, about, command=command)

    def _every(self) -> list[Edit]:
        return sorted((*self.restoration.edits, *self.restoration.suggestions), key=lambda e: (e.start, e.end))

    def _diagnostic(self, edit: Edit, severity: types.DiagnosticSeverity) -> types.Diagnostic:
        old, new = printable(short(edit.original)), printable(short(edit.replacement))
        message = f"‘{old}’ stands for ‘{new}’ ({edit.confidence:.2f})"
        return types.Diagnostic(self._range(edit.start, edit.end), message, severity, edit.kind, source=SOURCE)

    def _change(self, *edits: Edit) -> types.WorkspaceEdit:
        swaps = [types.TextEdit(self._range(edit.start, edit.end), edit.replacement) for edit in edits]
        return types.WorkspaceEdit(changes={self.uri: list(swaps)})

    def _range(self, start: int, end: int) -> types.Range:
        return types.Range(
            types.Position(*self._positions.position(start)), types.Position(*self._positions.position(end))
        )


def _explain(edit: Edit) -> str:
    lines = [f"{printable(short(edit.original))} → {printable(short(edit.replacement))}"]
    lines += [f"{edit.kind}, confidence {edit.confidence:.2f}{', safe' if edit.safe else ''}"]
    lines += [printable(short(reason, 300)) for reason in edit.evidence]
    lines += [f"or {printable(short(a.text))} ({a.confidence:.2f})" for a in edit.alternatives]
    return "\n".join(lines)


def _asked_for(action: types.CodeAction, only: list[str]) -> bool:
    kind = str(getattr(action.kind, "value", action.kind))
    return any(kind == wanted or kind.startswith(f"{wanted}.") for wanted in only)
