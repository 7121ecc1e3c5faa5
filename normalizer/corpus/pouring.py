"""Documents straight to a stream, for pipes: no parts, no report, nothing to resume."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from normalizer.corpus.manifest import Manifest
from normalizer.corpus.report import Report
from normalizer.corpus.restore import Result
from normalizer.corpus.run import End, Observer, Run, Taken, consume, fail_at_first, restored
from normalizer.corpus.statistics import Statistics


@dataclass
class Outlet:
    """Takes results in order: payloads go to ``write``, what failed is told by ``tell``."""

    run: Run
    write: Callable[[bytes], object]
    tell: Callable[[str], object]
    total: Statistics = field(default_factory=Statistics)
    broken: dict[str, str | None] = field(default_factory=dict)

    def add(self, item: Taken, result: Result) -> None:
        """Write the results of a batch."""
        source = self.run.sources[item.source]
        if self.run.settings.on_error == "fail":
            fail_at_first(source, result)
        for outcome in result.outcomes:
            if outcome.error is not None:
                self.tell(f"{source.name}:{outcome.number}: {outcome.error}")
        if payload := b"".join(outcome.payload for outcome in result.outcomes if outcome.payload is not None):
            self.write(payload)
        self.total.add(result.statistics)

    def end(self, item: End) -> None:
        """Note why a source ended early, if it did."""
        if item.error is not None:
            self.broken[self.run.sources[item.source].name] = item.error


def pour(
    run: Run, jobs: int, write: Callable[[bytes], object], tell: Callable[[str], object], observer: Observer
) -> Report:
    """Do the whole run and give its JSON lines to ``write``, batch by batch and in order.

    Raises ``InputError`` when a document fails and ``on_error`` is ``"fail"``.
    """
    began = time.monotonic()
    outlet = Outlet(run, write, tell)
    consume(run, Manifest(Path()), observer, lambda batches: restored(run.restorer, batches, jobs), outlet)
    return Report(run.output, round(time.monotonic() - began, 1), outlet.total, outlet.broken)
