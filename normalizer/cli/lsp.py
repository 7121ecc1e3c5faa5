"""``normalizer lsp``: the language server."""

from __future__ import annotations

from pathlib import Path

import click

from normalizer.cli.configured import analysis, config_option, configurations
from normalizer.cli.options import EngineOptions, engine_options
from normalizer.errors import ConfigError


@click.command()
@config_option
@engine_options
def lsp(engine: EngineOptions) -> None:
    """Serve editors over standard input and output.

    An editor starts this itself: it shows findings while you write, evidence on hover, and quick fixes to accept a
    correction, choose another one, or never see it again. Needs the extra lsp.
    """
    try:
        from normalizer.lsp.server import make_server
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the language server needs {error.name}; install it with: pip install 'normalizer[lsp]'"
        ) from error
    named = configurations().named

    def ignore(path: Path, original: str, replacement: str | None) -> Path:
        from normalizer.config import Configurations, add_ignore

        target = Configurations(named).file_for_rules(path)
        add_ignore(target, original, replacement)
        return target

    make_server(analysis(engine), ignore).start_io()
