"""A run over a data set: from sources to parts, from parts to outputs and a report."""

from __future__ import annotations

import os
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from normalizer.corpus.deliver import deliver_target, finish
from normalizer.corpus.manifest import Manifest
from normalizer.corpus.parts import PartWriter
from normalizer.corpus.records import START, Batch, Codec, Position, selected
from normalizer.corpus.report import Report, report_path
from normalizer.corpus.restore import BatchRestorer, Result, failed, merged
from normalizer.corpus.settings import Settings
from normalizer.corpus.sources import Source
from normalizer.corpus.statistics import Statistics
from normalizer.corpus.storage import is_url
from normalizer.errors import ConfigError, InputError
from normalizer.pipeline import Normalizer


@dataclass(frozen=True)
class Run:
    """What to do: sources, settings, engine; ``output`` as the user named it, ``work`` the folder for parts."""

    sources: list[Source]
    output: str
    settings: Settings
    normalizer: Normalizer
    work: Path

    @property
    def restorer(self) -> BatchRestorer:
        """What workers do."""
        return BatchRestorer(self.normalizer, self.settings)

    def plan(self) -> dict[str, Any]:
        """What must be the same when the run is resumed."""
        engine = self.normalizer
        settings = {
            **self.settings.to_dict(),
            "min_confidence": engine.min_confidence,
            "safe": engine.safe,
            "assume": engine.assume,
            "kinds": sorted(engine.kinds),
            "lexicon": str(engine.lexicon),
            **({"lexicons": engine.lexicons_digest} if engine.lexicons else {}),
            "output": self.output,
        }
        return {"settings": settings, "sources": [source.to_dict() for source in self.sources]}


Observer = Callable[[Statistics, int], None]
"""Who watches a run: it is told new counts, and the stored bytes read of all sources so far."""

Engine = Callable[[Run, Manifest, Observer], None]
"""Does what the manifest lacks, part by part. Raises ``InputError`` when the run cannot go on."""


def execute(run: Run, engine: Engine, observer: Observer, *, resume: bool, overwrite: bool) -> Report:
    """Do the run, or what is left of it, and return its report.

    Raises ``ConfigError`` when an output or an unfinished run is in the way, ``InputError`` when outputs cannot be
    written, or a document fails and ``on_error`` is ``"fail"``. What is finished by then stays, to be resumed.
    """
    began = time.monotonic()
    manifest = Manifest(run.work)
    with writing(run.output):
        if manifest.path.exists() and not overwrite:
            if not resume:
                raise ConfigError(f"{run.work} holds an unfinished run; --resume goes on with it, --overwrite drops it")
            manifest.resume(run.plan())
        else:
            if resume and (report := Report.read(run.output)) is not None:
                return report
            if not overwrite:
                _refuse_existing(run)
            report_path(run.output).unlink(missing_ok=True)
            if run.work.exists():
                shutil.rmtree(run.work)
            manifest.begin(run.plan())
        try:
            engine(run, manifest, observer)
        except ConfigError:
            if not manifest.started:  # nothing to resume: the command has to be given differently
                shutil.rmtree(run.work)
            raise
        return finish(run.sources, run.settings, manifest, run.output, time.monotonic() - began)


def local_engine(jobs: int) -> Engine:
    """The engine that runs in ``jobs`` processes of this machine; in this process alone if that is 1."""

    def engine(run: Run, manifest: Manifest, observer: Observer) -> None:
        if manifest.has_gaps:
            raise ConfigError(
                "the interrupted run was on Ray and finished parts out of order; resume with --engine ray"
            )
        consume(run, manifest, observer, lambda batches: restored(run.restorer, batches, jobs))

    return engine


def restored(restorer: BatchRestorer, batches: Iterable[Batch], jobs: int) -> Iterator[Result]:
    """The results of batches, in order. A document that kills its process becomes an error."""
    if jobs <= 1:
        return map(restorer, batches)
    from normalizer.parallel import isolated, ordered_map

    def on_crash(batch: Batch) -> Result:
        results = []
        for record in batch.records:
            single = replace(batch, records=[record], size=0)
            try:
                results.append(isolated(restorer, single))
            except BrokenProcessPool:
                statistics = Statistics(documents=1)
                reason = "the process that worked on it died, perhaps for lack of memory"
                statistics.fail(reason)
                results.append(Result([failed(record, batch.codec, restorer.settings, reason)], statistics))
        total = merged(results)
        total.statistics.input_bytes = batch.size
        return total

    return ordered_map(restorer, batches, jobs, on_crash=on_crash)


@dataclass(slots=True)
class End:
    """The end of a source, and why it came early if it did."""

    source: int
    codec: Codec | None = None
    error: str | None = None


@dataclass(slots=True)
class Taken:
    """A batch of a source with only the documents that were selected; ``taken``: how many up to its end."""

    source: int
    batch: Batch
    taken: int


def stream(run: Run, manifest: Manifest) -> Iterator[Taken | End]:
    """Everything that is still to be done, in order. Sources that break end early; the others go on."""
    taken = 0
    for number, source in enumerate(run.sources):
        progress = manifest.progress[number]
        taken = taken if progress.taken is None else progress.taken
        if progress.last:
            continue
        codec: Codec | None = None
        error: str | None = None
        try:
            codec = source.codec(run.settings)
            for batch in codec.read(progress.end):
                batch = take(batch, source.name, run.settings, taken)
                taken += len(batch.records)
                yield Taken(number, batch, taken)
                if taken == run.settings.limit:
                    break
        except InputError as problem:
            error = str(problem)
        yield End(number, codec, error)
        if taken == run.settings.limit:
            for rest in range(number + 1, len(run.sources)):
                yield End(rest)
            return


def take(batch: Batch, source: str, settings: Settings, taken: int) -> Batch:
    """The batch with only the documents that ``sample`` and ``limit`` let through; ``taken``: how many were so far."""
    records = [record for record in batch.records if selected(record.number, source, settings)]
    if settings.limit is not None:
        records = records[: settings.limit - taken]
    return replace(batch, records=records)


def consume(
    run: Run, manifest: Manifest, observer: Observer, process: Callable[[Iterable[Batch]], Iterable[Result]]
) -> None:
    """Read, process and write everything that the manifest lacks."""
    before = [0]
    for source in run.sources:
        before.append(before[-1] + source.size)
    waiting: deque[Taken | End] = deque()

    def batches() -> Iterator[Batch]:
        for item in stream(run, manifest):
            waiting.append(item)
            if isinstance(item, Taken):
                yield item.batch

    writers = Writers(run, manifest)
    for result in process(batches()):
        while isinstance(item := waiting.popleft(), End):
            writers.end(item)
        writers.add(item, result)
        observer(result.statistics, before[item.source] + min(item.batch.consumed, run.sources[item.source].size))
    while waiting:
        item = waiting.popleft()
        assert isinstance(item, End)
        writers.end(item)


@dataclass
class Writers:
    """Turns results into parts, and parts into lines of the manifest."""

    run: Run
    manifest: Manifest
    writer: PartWriter | None = None
    end_of_last: Position = START
    taken: int = 0

    def add(self, item: Taken, result: Result) -> None:
        """Add the result of a batch; a part that is full is written."""
        writer = self._writer(item.source, item.batch.codec)
        if self.run.settings.on_error == "fail":
            fail_at_first(self.run.sources[item.source], result)
        writer.add(item.batch, result)
        self.end_of_last, self.taken = item.batch.end, item.taken
        if writer.full:
            self._commit(last=False, error=None)

    def end(self, item: End) -> None:
        """Write the last part of a source."""
        if self.writer is None or self.writer.number != item.source:
            progress = self.manifest.progress[item.source]
            self.end_of_last = progress.end
            self.taken = self.taken if progress.taken is None else progress.taken
            self._writer(item.source, item.codec)
        self._commit(last=True, error=item.error)
        deliver_target(self.run.sources, self.run.settings, self.manifest, self.run.sources[item.source].target)

    def _writer(self, source: int, codec: Codec | None) -> PartWriter:
        if self.writer is None or self.writer.number != source:
            index = len(self.manifest.progress[source].done)
            self.writer = PartWriter(
                self.manifest.folder, source, self.run.sources[source], codec, self.run.settings, index
            )
        return self.writer

    def _commit(self, *, last: bool, error: str | None) -> None:
        assert self.writer is not None
        self.manifest.add(self.writer.commit(self.end_of_last, self.taken, last=last, error=error))
        self.writer = None


def fail_at_first(source: Source, result: Result) -> None:
    """Raise ``InputError`` if a document failed, for ``on_error="fail"``."""
    for outcome in result.outcomes:
        if outcome.error is not None:
            raise InputError(
                f"{source.name}:{outcome.number}: {outcome.error}. The run stops here (--on-error fail); "
                "--resume with the same options tries again"
            )


@contextmanager
def writing(output: str) -> Iterator[None]:
    """What goes wrong with the disk becomes an ``InputError`` that says what to do."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        name = error.filename if isinstance(error.filename, (str, os.PathLike)) else output
        raise InputError(
            f"{os.fspath(name)}: could not be written: {reason}. "
            "What is finished stays; make room or give access, then --resume"
        ) from error


def work_folder(output: str, *, single: bool) -> Path:
    """The folder for the parts of an unfinished run: beside an output file, or inside an output folder.

    >>> work_folder("out.jsonl", single=True).name
    'out.jsonl.unfinished'
    """
    if is_url(output):
        return Path(output.rstrip("/").rsplit("/", 1)[-1] + ".unfinished")
    return Path(f"{output}.unfinished") if single else Path(output) / "_unfinished"


def _refuse_existing(run: Run) -> None:
    for source in run.sources:
        if source.form == "text":
            targets = [Path(source.target) / relative for _, relative in source.files]
        else:
            targets = [] if is_url(source.target) else [Path(source.target)]
        for target in targets:
            if target.exists():
                raise ConfigError(f"{target} exists; --overwrite replaces it")
