"""From finished parts to outputs: joined, put in their place in one step, reported."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from normalizer.corpus.duplicates import find_duplicates
from normalizer.corpus.manifest import Manifest
from normalizer.corpus.parts import compressed, replace_file, write_file
from normalizer.corpus.report import Report, quarantine_path
from normalizer.corpus.settings import Settings
from normalizer.corpus.sources import Source
from normalizer.corpus.storage import is_url, upload


def deliver_target(sources: Sequence[Source], settings: Settings, manifest: Manifest, target: str) -> None:
    """Write ``target`` from its parts if all of its sources are finished; then drop the parts.

    Raises ``OSError`` when it cannot be written. A target whose sources gave nothing at all is not written.
    """
    numbers = [number for number, source in enumerate(sources) if source.target == target and not source.tree]
    progress = [manifest.progress[number] for number in numbers]
    if not numbers or target in manifest.delivered or not all(one.last for one in progress):
        return
    if any(one.documents or one.error is None for one in progress):
        local = manifest.folder / "joined" if is_url(target) else Path(target)
        local.parent.mkdir(parents=True, exist_ok=True)
        replace_file(local, lambda file: _join(sources, settings, manifest, numbers, file))
        if is_url(target):
            upload(local, target)
            local.unlink()
    manifest.deliver(target)
    for number in numbers:
        _drop(manifest, number)


def finish(sources: Sequence[Source], settings: Settings, manifest: Manifest, output: str, seconds: float) -> Report:
    """Write what is not written yet, the quarantine and the report, and remove the folder of the run."""
    for target in dict.fromkeys(source.target for source in sources):
        deliver_target(sources, settings, manifest, target)
    quarantine = quarantine_path(output)
    quarantined = any(True for number in range(len(sources)) for _ in manifest.files(number, "quarantine"))
    if quarantined:
        write_file(quarantine, _pieces(path for n in range(len(sources)) for path in manifest.files(n, "quarantine")))
    else:
        quarantine.unlink(missing_ok=True)
    ids = (path for number in range(len(sources)) for path in manifest.files(number, "ids"))
    report = Report(
        output=output,
        seconds=round(seconds, 1),
        statistics=manifest.total,
        broken={sources[n].name: one.error for n, one in sorted(manifest.progress.items()) if one.error},
        duplicates=find_duplicates(ids, manifest.total.documents, manifest.folder),
        quarantine=str(quarantine) if quarantined else None,
    )
    report.write()
    manifest.path.unlink()  # first: without it nobody takes what else is in the folder for an unfinished run
    shutil.rmtree(manifest.folder)
    return report


def _join(
    sources: Sequence[Source], settings: Settings, manifest: Manifest, numbers: Sequence[int], file: BinaryIO
) -> None:
    first = sources[numbers[0]]
    if first.table:
        from normalizer.corpus.formats.rows import write_csv, write_parquet

        def lines() -> Iterator[bytes]:
            return (line for number in numbers for line in _lines(manifest.files(number, "data")))

        if first.written == "parquet":
            write_parquet(lines, file, first.target, settings)
            return
        with compressed(file, first.compression) as stream:
            write_csv(lines, stream, "," if first.written == "csv" else "\t", settings)
        return
    for number in numbers:
        if sources[number].written == "parquet":
            from normalizer.corpus.formats.parquet import write_rows

            write_rows(sources[number].name, _lines(manifest.files(number, "data")), file, settings)
            continue
        for path in manifest.files(number, "data"):
            with path.open("rb") as part:
                shutil.copyfileobj(part, file, 1 << 20)


def _lines(paths: Iterator[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            yield from file


def _pieces(paths: Iterator[Path]) -> Iterator[bytes]:
    for path in paths:
        yield path.read_bytes()


def _drop(manifest: Manifest, source: int) -> None:
    for path in manifest.files(source, "data"):
        path.unlink()
