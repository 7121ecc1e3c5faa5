"""A command group that imports a command only when it is used, and lists commands by task."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from normalizer.errors import ConfigError, NormalizerError


class LazyGroup(click.Group):
    """A group whose commands are named as ``module:attribute``, under headings.

    It also turns what can go wrong into messages and exit codes: 2 for wrong settings, 3 for unusable input, 130
    for an interruption, and silence when the reader of a pipe has gone.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Mapping[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, by task."""
        return [name for commands in self.sections.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        for commands in self.sections.values():
            if cmd_name in commands:
                module, attribute = commands[cmd_name].split(":")
                command: click.Command = getattr(import_module(module), attribute)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands under the headings."""
        width = max(map(len, self.list_commands(ctx)), default=0)
        for heading, commands in self.sections.items():
            rows = []
            for name in commands:
                command = self.get_command(ctx, name)
                if command is not None and not command.hidden:
                    rows.append((name.ljust(width), command.get_short_help_str(80)))
            with formatter.section(heading):
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors become exit codes."""
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except BrokenPipeError:
            _silence_stdout()
            ctx.exit(0)
        except NormalizerError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(2 if isinstance(error, ConfigError) else 3)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(130)
        except OSError as error:
            click.echo(f"error: {error.strerror or error}", err=True)
            ctx.exit(3)
        return result


def _silence_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush cannot fail either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
