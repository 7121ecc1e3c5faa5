"""Measures ``normalizer corpus``: speed, overhead over the bare library loop, scaling, memory, Ray, and what follows.

    python benchmarks/corpus_throughput.py SPUN.jsonl.xz CLEAN.jsonl.xz --output benchmarks/corpus_throughput.json

takes six minutes on two idle cores and prints the tables of docs/planning.md; ``--page docs/planning.md`` writes them
there. Inputs are JSON lines with ``text``, repeated until a process alone has ``--seconds`` of work. Start-up (loading
the engine in every process) is measured on tiny documents and told apart. Memory is the peak resident size of a
process. ``--large 5000`` compares a file of 5 GB with one of 50 MB; ``--whole`` restores all of it (an hour and more)
instead of a sample.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import click

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


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

    def to_dict(self, size: int) -> dict[str, Any]:
        return {
            "seconds": round(self.seconds, 2),
            "cpu_seconds": round(self.cpu, 2),
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
    """Processor seconds of the bare loop, in a process that has loaded everything."""
    from normalizer import Normalizer

    normalizer = Normalizer()
    normalizer.analyze(texts[0])
    began = time.process_time()
    for text in texts:
        normalizer.analyze(text)
    return time.process_time() - began


def long_enough(found: list[dict[str, Any]], seconds: float) -> list[dict[str, Any]]:
    """As many documents, repeated if need be, as keep one process busy for so long."""
    probe = found[: max(1, len(found) // 20)]
    each = library_loop([document["text"] for document in probe]) / len(probe)
    return list(islice(cycle(found), max(1, round(seconds / each))))


def written(path: Path, found: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(document) + "\n" for document in found))
    return path


def measure(found: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Speed of the library and of one and two processes on these documents."""
    texts = [document["text"] for document in found]
    size = sum(len(text.encode()) for text in texts)
    path = written(folder / "in.jsonl", found)
    started = written(folder / "start.jsonl", [{"text": f"Number {n}."} for n in range(200)])
    loop = library_loop(texts)
    figures: dict[str, Any] = {"text_bytes": size, "documents": len(texts), "library_loop_cpu_seconds": round(loop, 2)}
    figures["library_loop_mb_per_s"] = round(size / 1e6 / loop, 4)
    net, working = {}, {}
    for jobs in (1, 2):
        options = ["--edits-field", "edits", "--jobs", str(jobs)]
        start_up = run([str(started), str(folder / "started.jsonl"), *options])
        whole = run([str(path), str(folder / "out.jsonl"), *options])
        net[jobs] = whole.seconds - start_up.seconds
        working[jobs] = whole.cpu - start_up.cpu
        figures[f"jobs_{jobs}"] = {
            **whole.to_dict(size),
            "start_up_seconds": round(start_up.seconds, 2),
            "cpu_seconds_without_start_up": round(working[jobs], 2),
            "mb_per_s_without_start_up": round(size / 1e6 / net[jobs], 4),
        }
    figures["overhead"] = round(working[1] / loop - 1, 3)
    figures["speed_up"] = round(figures["jobs_1"]["seconds"] / figures["jobs_2"]["seconds"], 3)
    figures["speed_up_without_start_up"] = round(net[1] / net[2], 3)
    figures["speed_up_that_processor_time_allows"] = round(2 * working[1] / working[2], 3)
    figures["core_hours_per_gb"] = round(working[2] / size * 1e9 / 3600, 2)
    return figures


def memory(found: list[dict[str, Any]], folder: Path, megabytes: int, whole: bool) -> dict[str, Any]:
    """Peak memory for a file of so many megabytes, read to its end; restored in whole or in a sample."""
    block = "".join(json.dumps(document) + "\n" for document in found).encode()
    path = folder / "large.jsonl"
    times = max(1, megabytes * 1_000_000 // len(block))
    with path.open("wb") as file:
        for _ in range(times):
            file.write(block)
    share = 1.0 if whole else min(1.0, 400 / (times * len(found)))
    options = ["--jobs", "2", "--assume", "clean", "--sample", str(share), "--part-size", "10000000"]
    measured = run([str(path), str(folder / "out.jsonl"), *options])
    size = path.stat().st_size
    path.unlink()
    return {"file_mb": round(size / 1e6), "restored": "all" if whole else "400 documents", **measured.to_dict(size)}


@contextmanager
def cluster(nodes: int) -> Iterator[None]:
    """A Ray cluster of nodes with one core each, on this machine."""
    os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
    import ray
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        for _ in range(nodes - 1):
            found.add_node(num_cpus=1)
        ray.init(address=found.address, log_to_driver=False)
        yield
    finally:
        ray.shutdown()
        found.shutdown()


def on_ray(found: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Speed on one and on two Ray nodes of one core each; the time that Ray takes to start is told apart."""
    from normalizer import Normalizer
    from normalizer.corpus.progress import ignore
    from normalizer.corpus.ray_engine import ray_engine
    from normalizer.corpus.run import Run, execute, work_folder
    from normalizer.corpus.settings import Settings
    from normalizer.corpus.sources import find_sources
    from normalizer.corpus.treatment import Treatment, Treatments

    size = sum(len(document["text"].encode()) for document in found)
    paths = [written(folder / "tiny.jsonl", found[:4]), written(folder / "ray.jsonl", found)]
    figures: dict[str, Any] = {"text_bytes": size, "documents": len(found)}
    for nodes in (1, 2):
        with cluster(nodes):
            seconds = []
            for path in (paths[0], *paths):  # the first run starts processes that the others find
                output = str(folder / f"ray-{nodes}-{path.name}")
                settings = Settings(edits_field="edits", part_size=50_000)
                plan = Run(
                    find_sources(str(path), output),
                    output,
                    settings,
                    Treatments(Treatment(Normalizer())),
                    work_folder(output, single=True),
                )
                began = time.perf_counter()
                execute(plan, ray_engine(None, nodes), ignore, resume=False, overwrite=True)
                seconds.append(time.perf_counter() - began)
        _, start_up, whole = seconds
        net = max(0.01, whole - start_up)
        figures[f"nodes_{nodes}"] = {
            "seconds": round(whole, 2),
            "start_up_seconds": round(start_up, 2),
            "mb_per_s_without_start_up": round(size / 1e6 / net, 4),
        }
    speeds = [figures[f"nodes_{nodes}"]["mb_per_s_without_start_up"] for nodes in (1, 2)]
    figures["speed_up_without_start_up"] = round(speeds[1] / speeds[0], 3)
    return figures


def tables(figures: dict[str, Any]) -> str:
    """The tables of docs/planning.md."""
    spun, clean = figures["spun"], figures["clean"]
    load = figures["load_before"][0]
    busy = load > 0.5 * figures["cores"]
    note = (
        "Other work was running, so elapsed times are too long; processor times are nearer the truth. " if busy else ""
    )
    where = f"CPython {figures['python']}, {figures['cores']} cores, load {load} before the run. {note}"
    rows: list[tuple[str, str, str]] = []

    def row(name: str, value: Any) -> None:
        rows.append((name, value(spun), value(clean)))

    row("text", lambda f: f"{f['text_bytes'] / 1e6:.2f} MB, {f['documents']:,} documents")
    row("library loop", lambda f: f"{f['library_loop_cpu_seconds']:.1f} s, {f['library_loop_mb_per_s']:.3f} MB/s")
    row(
        "`--jobs 1`, processor time without start-up",
        lambda f: f"{f['jobs_1']['cpu_seconds_without_start_up']:.1f} s ({f['overhead']:+.0%})",
    )
    row("`--jobs 1`, elapsed (start-up)", lambda f: "{seconds:.1f} s ({start_up_seconds:.1f} s)".format(**f["jobs_1"]))
    row("`--jobs 2`, elapsed (start-up)", lambda f: "{seconds:.1f} s ({start_up_seconds:.1f} s)".format(**f["jobs_2"]))
    row(
        "two cores against one: whole run, without start-up",
        lambda f: f"{f['speed_up']:.2f}, {f['speed_up_without_start_up']:.2f} times",
    )
    row("of that the parent, processor time", lambda f: f"{f['jobs_2']['parent_cpu_seconds']:.2f} s")
    row("memory: parent / each worker", lambda f: _memory(f["jobs_2"]["peak_mb_by_process"]))
    row("**core-hours per GB of text**", lambda f: f"**{f['core_hours_per_gb']:.2f}**")
    lines = [
        where.strip(),
        "",
        "| | spun news | clean news |",
        "|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]
    lines += ["| file | restored | time | parent | workers |", "|---|---|---|---|---|"]
    for one in figures["memory"]:
        parent, _, *workers = one["peak_mb_by_process"]
        shown = " and ".join(f"{worker} MB" for worker in workers)
        lines.append(f"| {one['file_mb']:,} MB | {one['restored']} | {one['seconds']:.0f} s | {parent} MB | {shown} |")
    if ray := figures.get("ray"):
        one, two = ray["nodes_1"], ray["nodes_2"]
        lines += ["", "| Ray nodes of one core | MB/s | times | start-up |", "|---|---|---|---|"]
        lines.append(f"| 1 | {one['mb_per_s_without_start_up']:.3f} | 1 | {one['start_up_seconds']:.0f} s |")
        lines.append(
            f"| 2 | {two['mb_per_s_without_start_up']:.3f} | {ray['speed_up_without_start_up']:.2f} "
            f"| {two['start_up_seconds']:.0f} s |"
        )
    lines += ["", "| spun share | core-hours per GB | 1 TB | 1 PB |", "|---|---|---|---|"]
    for share in (0.0, 0.05, 0.2, 1.0):
        hours = share * spun["core_hours_per_gb"] + (1 - share) * clean["core_hours_per_gb"]
        lines.append(f"| {share:.0%} | {hours:.2f} | {_scale(hours * 1e3)} | {_scale(hours * 1e6)} |")
    return "\n".join(lines)


def into_page(page: str, figures: dict[str, Any]) -> str:
    """The page with the tables between its two markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin, f"the page lacks {BEGIN}"
    assert end, f"the page lacks {END}"
    return f"{before}{begin}\n\n{tables(figures)}\n\n{end}{after}"


def _memory(peaks: list[int]) -> str:
    return f"{peaks[0]} MB / {max(peaks[2:], default=0)} MB"


def _scale(core_hours: float) -> str:
    cores = 32 if core_hours < 1e5 else 1000
    hours = core_hours / cores
    time_taken = f"{hours:.0f} hours" if hours < 96 else f"{hours / 24:.0f} days"
    return f"{core_hours:,.0f} core-hours, {time_taken} on {cores:,} cores"


@click.command()
@click.argument("spun", type=click.Path(path_type=Path, exists=True))
@click.argument("clean", type=click.Path(path_type=Path, exists=True))
@click.option("--count", default=600, show_default=True, help="Different documents of each kind.")
@click.option("--seconds", default=45.0, show_default=True, help="Work for one process, per kind.")
@click.option("--large", default=500, show_default=True, help="Megabytes of the large file.")
@click.option("--whole", is_flag=True, help="Restore all of the large file.")
@click.option("--ray/--no-ray", "with_ray", default=True, show_default=True, help="Measure Ray as well.")
@click.option("--output", type=click.Path(path_type=Path), default=None, help="Write the figures as JSON.")
@click.option(
    "--page", type=click.Path(path_type=Path, exists=True), default=None, help="Write the tables into a page."
)
def main(
    spun: Path,
    clean: Path,
    count: int,
    seconds: float,
    large: int,
    whole: bool,
    with_ray: bool,
    output: Path | None,
    page: Path | None,
) -> None:
    """Measure, print and write the figures."""
    kinds = {"spun": documents(spun, count), "clean": documents(clean, count)}
    figures: dict[str, Any] = {"python": platform.python_version(), "cores": os.cpu_count()}
    figures["load_before"] = [round(load, 1) for load in os.getloadavg()]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, found in kinds.items():
            figures[kind] = measure(long_enough(found, seconds), folder)
            print(kind, json.dumps(figures[kind], indent=2), flush=True)
        figures["memory"] = [memory(kinds["clean"], folder, size, whole) for size in (50, large)]
        print("memory", json.dumps(figures["memory"], indent=2), flush=True)
        if with_ray:
            figures["ray"] = on_ray(long_enough(kinds["spun"], seconds / 2), folder)
            print("ray", json.dumps(figures["ray"], indent=2), flush=True)
    figures["took_seconds"] = round(time.perf_counter() - began)
    figures["load_after"] = [round(load, 1) for load in os.getloadavg()]
    print(f"\n{tables(figures)}\n\ntook {figures['took_seconds']} s, load {figures['load_before']}")
    if output:
        output.write_text(json.dumps(figures, indent=2) + "\n")
    if page:
        page.write_text(into_page(page.read_text(encoding="utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main()
