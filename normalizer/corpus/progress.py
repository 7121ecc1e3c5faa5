"""The progress bar of a run: shown on a terminal, silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from normalizer.corpus.statistics import Statistics

Observe = Callable[[Statistics, int], None]


def ignore(statistics: Statistics, consumed: int) -> None:
    """An observer that shows nothing."""


@contextmanager
def progress(total: int, *, quiet: bool) -> Iterator[Observe]:
    """An observer that draws a bar on standard error: share of ``total`` stored bytes read, documents, MB/s, edits.

    Shows nothing when ``quiet``, when standard error is no terminal, or when the package rich is not installed.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield ignore
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    except ImportError:
        yield ignore
        return
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[documents]:,} documents"),
        TextColumn("{task.fields[rate]:.2f} MB/s"),
        TextColumn("{task.fields[spun]:.1%} spun"),
        TextColumn("{task.fields[edits]:,} edits"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=total or None, documents=0, rate=0.0, spun=0.0, edits=0)
        seen = Statistics()

        def observe(statistics: Statistics, consumed: int) -> None:
            seen.add(statistics)
            elapsed = bar.tasks[task].elapsed or 0.0
            bar.update(
                task,
                completed=consumed,
                documents=seen.documents,
                rate=seen.input_bytes / 1e6 / elapsed if elapsed else 0.0,
                spun=seen.spun / max(sum(seen.spun_probability), 1),
                edits=seen.edits,
            )

        yield observe
