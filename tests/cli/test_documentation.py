"""docs/cli.md leaves nothing out, and completion works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from test_cases import environment

import normalizer
from normalizer.cli import SECTIONS, cli

PAGE = Path(normalizer.__file__).parents[1] / "docs" / "cli.md"
COMMANDS = [name for commands in SECTIONS.values() for name in commands]


def options(command: click.Command) -> set[str]:
    found = {
        option
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            found |= options(inner) if inner else set()
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described(name: str) -> None:
    if not PAGE.exists():
        pytest.skip("needs docs/cli.md, which only a checkout has")
    text = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    common = next(part for part in parts if part.startswith("What commands have in common"))
    own = [part for part in parts if part.startswith(f"`normalizer {name}")]
    assert own, f"docs/cli.md has no section for normalizer {name}"
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    missing = {o for o in options(command) if not re.search(rf"(?<![\w-]){o}(?![\w-])", own[0] + common)}
    assert not missing, f"docs/cli.md does not describe {sorted(missing)} of normalizer {name}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("normalizer che", {"check"}),
        ("normalizer check --format sa", {"sarif"}),
        ("normalizer check --base", {"--baseline"}),
        ("normalizer fix --assume ", {"auto", "spun", "clean"}),
    ],
)
def test_completion(words: str, expected: set[str], tmp_path: Path) -> None:
    # A configuration that is wrong must not get in the way.
    (tmp_path / "normalizer.toml").write_text("nonsense = true")
    extra = {
        "_NORMALIZER_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from normalizer.cli import main; main()"],
        env={**environment(), **extra},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert {line.partition(",")[2] for line in done.stdout.split()} == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from normalizer.cli import main; main()"],
        env={**environment(), "_NORMALIZER_COMPLETE": f"{shell}_source", "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{shell}_complete" in done.stdout
