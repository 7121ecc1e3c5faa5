"""The real server as a process, driven by a real client over its standard input and output."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Union

import pytest
from cattrs import Converter
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

import normalizer
from normalizer.config import read_config
from normalizer.lsp.positions import Encoding, Positions

TEXT = "😀 Two BrontÃ«s.\nAnd a cafÃ© here.\n"
FIXED = "😀 Two Brontës.\nAnd a café here.\n"

Conversation = Callable[["Editor"], Awaitable[None]]


def converter() -> Converter:
    """The client library takes every code action with a command for a command; what the server sends are actions."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    made.register_structure_hook(
        Union[types.Command, types.CodeAction],  # noqa: UP007 - hooks are found by this very type
        lambda value, _: made.structure(value, types.CodeAction),
    )
    return made


class Editor(LanguageClient):
    """An editor: opens documents, applies edits, collects what the server tells."""

    def __init__(self, folder: Path, encodings: list[types.PositionEncodingKind | str]) -> None:
        super().__init__("editor", "1", converter_factory=converter)
        self.folder = folder
        self.encodings = encodings
        self.encoding: Encoding = "utf-16"
        self.diagnostics: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: asyncio.Queue[str] = asyncio.Queue()
        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self.diagnostics.put_nowait(params))
        self.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.put_nowait(params.message))

    async def launch(self, *options: str) -> types.InitializeResult:
        package = str(Path(normalizer.__file__).parents[1])
        await self.start_io(
            sys.executable, "-m", "normalizer", "lsp", *options, cwd=self.folder, env={"PYTHONPATH": package}
        )
        general = types.GeneralClientCapabilities(position_encodings=self.encodings)
        done = await self.initialize_async(
            types.InitializeParams(types.ClientCapabilities(general=general), root_uri=self.folder.as_uri())
        )
        self.initialized(types.InitializedParams())
        self.encoding = done.capabilities.position_encoding or "utf-16"  # type: ignore[assignment]
        return done

    async def open(self, name: str, text: str) -> list[types.Diagnostic]:
        item = types.TextDocumentItem(self.uri(name), "plaintext", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.told(name)

    def change(self, name: str, text: str, version: int) -> None:
        document = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def told(self, name: str) -> list[types.Diagnostic]:
        params = await asyncio.wait_for(self.diagnostics.get(), 30)
        assert params.uri == self.uri(name)
        return list(params.diagnostics)

    async def actions(
        self, name: str, place: types.Range, only: list[types.CodeActionKind | str] | None = None
    ) -> list[types.CodeAction]:
        document = types.TextDocumentIdentifier(self.uri(name))
        context = types.CodeActionContext([], only)
        found = await self.text_document_code_action_async(types.CodeActionParams(document, place, context))
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def applied(self, text: str, action: types.CodeAction) -> str:
        assert action.edit is not None
        assert action.edit.changes is not None
        ((_, edits),) = action.edit.changes.items()
        places = Positions(text, self.encoding)
        for edit in reversed(edits):
            assert isinstance(edit, types.TextEdit)
            start = places.offset(edit.range.start.line, edit.range.start.character)
            end = places.offset(edit.range.end.line, edit.range.end.character)
            text = text[:start] + edit.new_text + text[end:]
        return text


def converse(folder: Path, conversation: Conversation, *options: str, encodings: tuple[str, ...] = ("utf-16",)) -> None:
    async def run() -> None:
        editor = Editor(folder, list(encodings))
        await editor.launch(*options)
        try:
            await conversation(editor)
        finally:
            await asyncio.wait_for(editor.shutdown_async(None), 30)
            editor.exit(None)
            await asyncio.wait_for(editor.stop(), 30)  # type: ignore[no-untyped-call]

    asyncio.run(run())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_findings_hover_and_fixes(tmp_path: Path, encoding: Encoding) -> None:
    async def conversation(editor: Editor) -> None:
        assert editor.encoding == encoding
        found = await editor.open("a.txt", TEXT)
        assert [(d.code, d.source, d.severity) for d in found] == [
            ("encoding", "normalizer", types.DiagnosticSeverity.Warning)
        ] * 2
        assert found[0].message == "‘BrontÃ«s’ stands for ‘Brontës’ (0.99)"
        places = Positions(TEXT, encoding)
        start, end = places.position(TEXT.index("BrontÃ«s")), places.position(TEXT.index("."))
        assert found[0].range == types.Range(types.Position(*start), types.Position(*end))

        document = types.TextDocumentIdentifier(editor.uri("a.txt"))
        hover = await editor.text_document_hover_async(types.HoverParams(document, found[0].range.start))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.kind == types.MarkupKind.PlainText
        assert hover.contents.value == "BrontÃ«s → Brontës\nencoding, confidence 0.99, safe\nencoding: mojibake"
        nothing = await editor.text_document_hover_async(types.HoverParams(document, types.Position(1, 1)))
        assert nothing is None

        actions = await editor.actions("a.txt", found[0].range)
        assert [(action.title, action.is_preferred) for action in actions] == [
            ("Replace with ‘Brontës’ (0.99)", True),
            ("Never change ‘BrontÃ«s’ to ‘Brontës’ again", None),
            ("Never change ‘BrontÃ«s’ again", None),
            ("Make all 2 corrections of normalizer", None),
        ]
        assert editor.applied(TEXT, actions[0]) == TEXT.replace("BrontÃ«s", "Brontës")
        assert editor.applied(TEXT, actions[3]) == FIXED
        only = await editor.actions("a.txt", found[0].range, ["source.fixAll"])
        assert [action.kind for action in only] == ["source.fixAll.normalizer"]
        assert await editor.actions("a.txt", found[0].range, ["refactor"]) == []

    converse(tmp_path, conversation, encodings=(encoding,))


def test_never_again_is_written_into_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "normalizer.toml").write_text("# ours\nassume = 'auto'\n")

    async def conversation(editor: Editor) -> None:
        found = await editor.open("a.txt", TEXT)
        actions = await editor.actions("a.txt", found[0].range)
        command = actions[1].command
        assert command is not None
        await editor.workspace_execute_command_async(
            types.ExecuteCommandParams(command.command, arguments=command.arguments)
        )
        assert "Rule written to" in await asyncio.wait_for(editor.messages.get(), 30)
        assert [d.message for d in await editor.told("a.txt")] == [found[1].message]

    converse(tmp_path, conversation)
    assert (tmp_path / "normalizer.toml").read_text().startswith("# ours\n")
    (rule,) = read_config(tmp_path / "normalizer.toml").settings.rules.ignore
    assert (rule.original, rule.replacement) == ("BrontÃ«s", "Brontës")


def test_it_follows_the_text(tmp_path: Path) -> None:
    async def conversation(editor: Editor) -> None:
        found = await editor.open("a.txt", TEXT)
        for version in range(2, 12):  # quick typing is analysed once
            editor.change("a.txt", "\u2028\rcafÃ©" + "!" * version, version)
        assert await editor.actions("a.txt", found[0].range) == []  # nothing is known about the new text yet
        (only,) = await editor.told("a.txt")
        assert only.range == types.Range(types.Position(1, 0), types.Position(1, 5))
        assert editor.diagnostics.empty()
        document = types.TextDocumentIdentifier(editor.uri("a.txt"))
        editor.text_document_did_close(types.DidCloseTextDocumentParams(document))
        assert await editor.told("a.txt") == []

    converse(tmp_path, conversation)


def test_alternatives_and_what_was_held_back(tmp_path: Path) -> None:
    text = "The settlement commits each side to upgrading greater than 1,900km of railway. A modest doc."

    async def conversation(editor: Editor) -> None:
        found = await editor.open("a.txt", text)
        severities = {d.severity for d in found}
        assert severities == {types.DiagnosticSeverity.Warning, types.DiagnosticSeverity.Hint}
        for diagnostic in found:
            actions = await editor.actions("a.txt", diagnostic.range, ["quickfix"])
            assert {d.severity for d in actions[0].diagnostics or ()} <= severities
            assert editor.applied(text, actions[0]) != text

    converse(tmp_path, conversation, "--assume", "spun")


def test_a_broken_configuration_is_told(tmp_path: Path) -> None:
    async def conversation(editor: Editor) -> None:
        (tmp_path / "normalizer.toml").write_text("saef = true\n")
        item = types.TextDocumentItem(editor.uri("a.txt"), "plaintext", 1, TEXT)
        editor.text_document_did_open(types.DidOpenTextDocumentParams(item))
        message = await asyncio.wait_for(editor.messages.get(), 30)
        assert message.endswith("normalizer.toml:1: saef is no setting; did you mean safe?")
        (tmp_path / "normalizer.toml").write_text("safe = true\n")
        document = types.TextDocumentIdentifier(editor.uri("a.txt"))
        editor.text_document_did_save(types.DidSaveTextDocumentParams(document))
        assert len(await editor.told("a.txt")) == 2

    converse(tmp_path, conversation)


def test_a_document_without_a_file_gets_no_rules(tmp_path: Path) -> None:
    async def conversation(editor: Editor) -> None:
        await editor.workspace_execute_command_async(
            types.ExecuteCommandParams("normalizer.ignore", arguments=["untitled:Untitled-1", "doc", None])
        )
        assert "Save the document first" in await asyncio.wait_for(editor.messages.get(), 30)

    converse(tmp_path, conversation)


def test_without_the_extra(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None; sys.argv[1:] = ['lsp']; from normalizer.cli import main; main()"
    package = str(Path(normalizer.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": package},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'normalizer[lsp]'" in done.stderr
    assert "Traceback" not in done.stderr
