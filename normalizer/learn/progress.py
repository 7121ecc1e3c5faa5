"""The progress bar of learning: shown on a terminal, silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int, str], None]
"""Takes how much is done, in the unit of the total, and a few words on how it goes."""


@contextmanager
def bar(total: int, description: str, *, quiet: bool) -> Iterator[Advance]:
    """A bar on standard error; nothing when ``quiet``, when that is no terminal, or when rich is not installed."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, note: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    except ImportError:
        yield lambda done, note: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task(description, total=total or None, note="")
        yield lambda done, note: shown.update(task, completed=done, note=note)
