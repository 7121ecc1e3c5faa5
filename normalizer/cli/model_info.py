"""``normalizer model info``: what a language model is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from normalizer.cli.inputs import emit


@click.command()
@click.argument("path", metavar="[MODEL]", type=click.Path(path_type=Path), required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def info(path: Path | None, form: str) -> None:
    """Tell what MODEL is: format, order, size. Without MODEL, about the shipped one."""
    from normalizer.language_model import shipped_model_path
    from normalizer.learn.model.info import describe

    found = describe(path or shipped_model_path())
    if form == "json":
        emit(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    else:
        emit("".join(f"{line}\n" for line in _lines(found)))


def _lines(found: dict[str, Any], indent: str = "") -> list[str]:
    lines = []
    for key, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for part in value:
                lines += [f"{indent}{key.removesuffix('s')}:", *_lines(part, indent + "  ")]
        else:
            shown = " / ".join(f"{v:,}" for v in value) if isinstance(value, list) else value
            lines.append(f"{indent}{key}: {shown:,}" if isinstance(value, int) else f"{indent}{key}: {shown}")
    return lines
