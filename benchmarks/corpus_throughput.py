"""Measures ``normalizer corpus``: speed, overhead over the bare library loop, scaling, and memory.

    python benchmarks/corpus_throughput.py SPUN.jsonl.xz CLEAN.jsonl.xz --output benchmarks/corpus_throughput.json

Inputs are JSON lines with ``text``. The text is a mixture of both. Memory is the peak resident size of a process.
"""

from __future__ import annotations

import json
import lzma
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click


def documents(path: Path, count: int) -> list[dict[str, Any]]:
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rb") as file:
        return [json.loads(line) for line in islice(file, count)]


def resident(pid: int) -> dict[int, int]:
    """Peak resident sizes (bytes) of a process and its descendants; empty where there is no /proc."""
    sizes = {}
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                sizes[pid] = int(line.split()[1]) * 1024
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            sizes |= resident(int(child))
    except OSError:
        pass
    return sizes


def processor_time(pid: int) -> float:
    """Processor seconds of a process itself, without its children; 0 where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """A run: wall-clock and processor seconds, those of the parent alone, and peak sizes, the parent's first."""

    seconds: float
    cpu: float
    parent_cpu: float
    peaks: list[int]

    def to_dict(self, size: int, start_up: float) -> dict[str, Any]:
        return {
            "seconds": round(self.seconds, 2),
            "cpu_seconds": round(self.cpu, 2),
            "cpu_seconds_without_start_up": round(self.cpu - start_up, 2),
            "parent_cpu_seconds": round(self.parent_cpu, 2),
            "mb_per_s": round(size / 1e6 / self.seconds, 4),
            "peak_mb_by_process": [round(peak / 1e6) for peak in self.peaks],
        }


def run(arguments: list[str]) -> Measured:
    """Run the command and watch its processes."""
    before = os.times()
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "normalizer", "corpus", *arguments, "-q", "--overwrite"])
    peaks: dict[int, int] = {}
    parent = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            parent[0] = max(parent[0], processor_time(process.pid))
            for pid, size in resident(process.pid).items():
                peaks[pid] = max(size, peaks.get(pid, 0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - began
    done.set()
    watcher.join()
    assert code == 0, code
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(seconds, cpu, parent[0], [peaks[pid] for pid in sorted(peaks)])


def library_loop(texts: list[str]) -> float:
    from normalizer import Normalizer

    normalizer = Normalizer()
    normalizer.analyze("Loaded before the clock starts.")
    began = time.process_time()
    for text in texts:
        normalizer.analyze(text)
    return time.process_time() - began


def measure(mixture: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    texts = [document["text"] for document in mixture]
    size = sum(len(text.encode()) for text in texts)
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in mixture))
    loop = library_loop(texts)
    figures: dict[str, Any] = {"text_bytes": size, "documents": len(texts), "library_loop_cpu_seconds": round(loop, 2)}
    figures["library_loop_mb_per_s"] = round(size / 1e6 / loop, 4)
    started = folder / "start.jsonl"
    started.write_text("".join(json.dumps({"text": f"Number {n}."}) + "\n" for n in range(200)))
    found = {}
    for jobs in (1, 2):
        options = ["--edits-field", "edits", "--jobs", str(jobs)]
        start_up = run([str(started), str(folder / "started.jsonl"), *options]).cpu
        found[jobs] = run([str(path), str(folder / "out.jsonl"), *options])
        figures[f"jobs_{jobs}"] = found[jobs].to_dict(size, start_up)
    figures["overhead_without_start_up"] = round(figures["jobs_1"]["cpu_seconds_without_start_up"] / loop - 1, 3)
    figures["speed_up_2_over_1"] = round(found[1].seconds / found[2].seconds, 2)
    return figures


def memory(mixture: list[dict[str, Any]], folder: Path, megabytes: int, documents: int) -> dict[str, Any]:
    """Peak memory for a file of so many megabytes, of which about ``documents`` are sampled for restoring."""
    block = "".join(json.dumps(document) + "\n" for document in mixture).encode()
    path = folder / "large.jsonl"
    times = max(1, megabytes * 1_000_000 // len(block))
    with path.open("wb") as file:
        for _ in range(times):
            file.write(block)
    share = documents / (times * len(mixture))
    options = ["--jobs", "2", "--sample", str(share), "--part-size", "10000000"]
    measured = run([str(path), str(folder / "out.jsonl"), *options])
    size = path.stat().st_size
    path.unlink()
    return {"file_mb": round(size / 1e6), **measured.to_dict(size, 0.0)}


@click.command()
@click.argument("spun", type=click.Path(path_type=Path, exists=True))
@click.argument("clean", type=click.Path(path_type=Path, exists=True))
@click.option("--count", default=120, show_default=True, help="Documents of each kind.")
@click.option("--large", default=5000, show_default=True, help="Megabytes of the large file.")
@click.option("--output", type=click.Path(path_type=Path), default=None)
def main(spun: Path, clean: Path, count: int, large: int, output: Path | None) -> None:
    """Measure, print and write the figures."""
    kinds = {"spun": documents(spun, count), "clean": documents(clean, count)}
    figures: dict[str, Any] = {"python": platform.python_version(), "cores": os.cpu_count()}
    figures["load_before"] = [round(load, 1) for load in os.getloadavg()]
    with tempfile.TemporaryDirectory() as name:
        for kind, mixture in kinds.items():
            figures[kind] = measure(mixture, Path(name))
            print(kind, json.dumps(figures[kind], indent=2))
        figures["memory"] = [memory(kinds["clean"], Path(name), size, 200) for size in (50, large)]
        print("memory", json.dumps(figures["memory"], indent=2))
    if output:
        output.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
