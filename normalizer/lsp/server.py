"""The server: keeps an up-to-date analysis of every open document and answers from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from normalizer import __version__
from normalizer.errors import NormalizerError
from normalizer.lsp.positions import Encoding
from normalizer.lsp.views import FIX_ALL, IGNORE, View
from normalizer.restoration import Restoration

Analyse = Callable[[Path | None, str], Restoration]
"""Analyses the text of a document that has a path, or none while it has not been saved."""

Ignore = Callable[[Path, str, str | None], Path]
"""Writes the rule that an original is never changed (to a replacement) again; returns the file it wrote to."""

PAUSE = 0.3
"""How many seconds nothing must have been typed before a document is analysed again."""


def path_of(uri: str) -> Path | None:
    """The path of a document, None when it is not a file.

    >>> path_of("untitled:Untitled-1") is None
    True
    """
    path = to_fs_path(uri) if urlsplit(uri).scheme == "file" else None
    return Path(path) if path else None


def make_server(analyse: Analyse, ignore: Ignore) -> LanguageServer:
    """A server that is ready to be started. Errors that ``analyse`` and ``ignore`` raise are shown to the user."""
    # Whole documents, because editors and Python do not agree on what ends a line.
    server = LanguageServer("normalizer", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    views: dict[str, View] = {}
    latest: dict[str, object] = {}
    worker = ThreadPoolExecutor(1)

    async def refresh(uri: str, pause: float = 0.0) -> None:
        request = latest[uri] = object()
        await asyncio.sleep(pause)
        if latest.get(uri) is not request:
            return
        document = server.workspace.get_text_document(uri)
        version = document.version
        try:
            loop = asyncio.get_running_loop()
            restoration = await loop.run_in_executor(worker, analyse, path_of(uri), document.source)
        except NormalizerError as error:
            _complain(server, str(error))
            return
        if latest.get(uri) is request:
            encoding = server.workspace.position_encoding or "utf-16"
            views[uri] = View(uri, restoration, cast(Encoding, str(getattr(encoding, "value", encoding))))
            _publish(server, uri, views[uri].diagnostics(), version)

    def current(uri: str) -> View | None:
        """The analysis of the document as it is now."""
        view = views.get(uri)
        fresh = view is not None and view.restoration.original == server.workspace.get_text_document(uri).source
        return view if fresh else None

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        await refresh(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        await refresh(params.text_document.uri, PAUSE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        await refresh(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        latest.pop(params.text_document.uri, None)
        views.pop(params.text_document.uri, None)
        _publish(server, params.text_document.uri, [], None)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        view = current(params.text_document.uri)
        return view.hover(params.position) if view else None

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    )
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        view = current(params.text_document.uri)
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        return view.actions(params.range, only) if view else []

    @server.command(IGNORE)
    async def ignored(uri: str, original: str, replacement: str | None) -> None:
        path = path_of(uri)
        if path is None:
            _complain(server, "Save the document first: its folder tells which configuration the rule belongs to.")
            return
        try:
            written = ignore(path, original, replacement)
        except NormalizerError as error:
            _complain(server, str(error))
            return
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"Rule written to {written}"))
        for other in list(latest):
            await refresh(other)

    return server


def _publish(server: LanguageServer, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))


def _complain(server: LanguageServer, message: str) -> None:
    server.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"normalizer: {message}"))
