"""The Ray engine: the parts of a run as rows of a Ray data set, done by actors that load the engine once.

The driver cuts the sources into the same parts as the local engine does, so the outputs are the same bytes. Actors
read their stretch of the source themselves and write the part into the run's folder; only its line for the manifest
travels back. Sources and folder must therefore be reachable from every node. A part that is lost with its node is done
again by another: writing it twice does no harm, because it has one name and is renamed into place when it is whole.
"""

from __future__ import annotations

import json
import logging
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from normalizer.corpus.manifest import Manifest
from normalizer.corpus.parts import Part, PartWriter
from normalizer.corpus.records import START, Codec, Position
from normalizer.corpus.run import Engine, Observer, Run, Taken, fail_at_first, stream, take, writing
from normalizer.errors import ConfigError, InputError


def ray_engine(address: str | None, workers: int) -> Engine:
    """The engine that runs on a Ray cluster: the one at ``address``, or one started on this machine.

    ``workers``: how many actors; 0 for as many as the cluster has CPUs. Raises ``ConfigError`` when Ray is missing or
    cannot be reached.
    """
    try:
        import ray
    except ImportError as error:
        raise ConfigError("--engine ray needs Ray; install normalizer[ray]") from error

    def engine(run: Run, manifest: Manifest, observer: Observer) -> None:
        started = not ray.is_initialized()
        if started:
            _knock(address or os.environ.get("RAY_ADDRESS", ""))
            try:
                ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
            except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
                raise ConfigError(f"Ray could not be reached at {address or 'this machine'}: {error}") from error
        try:
            _execute(run, manifest, observer, workers)
        finally:
            if started:
                ray.shutdown()

    return engine


def _knock(address: str) -> None:
    """Raise ``ConfigError`` when nobody answers at ``host:port``; Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
        except (OSError, OverflowError) as error:
            raise ConfigError(f"Ray could not be reached at {address}: {error}") from error


def _execute(run: Run, manifest: Manifest, observer: Observer, workers: int) -> None:
    import ray
    from ray.data import ActorPoolStrategy, DataContext

    missing = [piece for piece in plan(run) if piece.part not in manifest.progress[piece.source].done]
    if not missing:
        return
    cpus = max(1, int(ray.cluster_resources().get("CPU", 1)))
    context = DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.WARNING)
    rows = [{"piece": json.dumps(asdict(piece))} for piece in missing]
    parts = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        PartRestorer,
        fn_constructor_args=(run, str(Path.cwd())),
        batch_size=1,
        compute=ActorPoolStrategy(size=min(workers or cpus, len(rows))),
        num_cpus=1,
    )
    done = 0
    try:
        for row in parts.iter_rows():
            entry = json.loads(row["entry"])
            if failure := entry.get("failure"):
                raise InputError(failure)
            part = Part.from_dict(entry)
            done += part.statistics.input_bytes
            manifest.add(part)
            observer(part.statistics, done)
    except ray.exceptions.RayError as error:
        raise InputError(f"Ray gave up: {str(error).splitlines()[0]}. --resume does what is missing") from error


@dataclass(frozen=True, slots=True)
class Piece:
    """A part to be done: where it starts and ends, and how many documents the run has taken before it."""

    source: int
    part: int
    start: Position
    end: Position
    before: int
    last: bool = False
    error: str | None = None


def plan(run: Run) -> list[Piece]:
    """The parts of the whole run, cut where the local engine cuts them. Reads every source once."""
    pieces: list[Piece] = []
    start = end = START
    before = taken = part = size = 0
    for item in stream(run, Manifest(run.work)):
        if isinstance(item, Taken):
            end, taken = item.batch.end, item.taken
            size += item.batch.size
            if size >= run.settings.part_size:
                pieces.append(Piece(item.source, part, start, end, before))
                start, before, part, size = end, taken, part + 1, 0
        else:
            pieces.append(Piece(item.source, part, start, end, before, True, item.error))
            start = end = START
            before, part, size = taken, 0, 0
    return pieces


class PartRestorer:
    """A Ray actor: loads the engine once, then does one part after the other."""

    def __init__(self, run: Run, folder: str) -> None:
        os.chdir(folder)  # relative paths mean the same as for the driver
        self.run = run
        self.restorer = run.restorer

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Do the part in a batch of one row; the result is its line for the manifest, or a failure."""
        fields = json.loads(str(batch["piece"][0]))
        piece = Piece(**{**fields, "start": Position(*fields["start"]), "end": Position(*fields["end"])})
        try:
            with writing(self.run.output):
                entry = self.restore(piece).to_dict()
        except InputError as error:
            entry = {"failure": str(error)}
        return {"entry": [json.dumps(entry)]}

    def restore(self, piece: Piece) -> Part:
        """Read, restore and write a part. Raises ``InputError``."""
        run, source, taken = self.run, self.run.sources[piece.source], piece.before
        codec: Codec | None = None
        if piece.error is None or piece.start != piece.end:
            codec = source.codec(run.settings)
        writer = PartWriter(run.work, piece.source, source, codec, run.settings, piece.part)
        if codec is not None and piece.start != piece.end:
            for batch in codec.read(piece.start):
                batch = take(batch, source.name, run.settings, taken)
                taken += len(batch.records)
                result = self.restorer(batch)
                if run.settings.on_error == "fail":
                    fail_at_first(source, result)
                writer.add(batch, result)
                if batch.end >= piece.end:
                    break
        return writer.commit(piece.end, taken, last=piece.last, error=piece.error)
