"""Speed of the tool beside others that read every word: ftfy and codespell, in one run, on the same text, one core.

    python benchmarks/speed.py CLEAN.jsonl.xz SPUN.jsonl.xz

The tools do different work, so the figures are for orientation: ftfy repairs encodings, codespell looks words up in a
list of misspellings, normalizer judges every document and decodes the spun ones. Each figure is the median of three
runs, in MB of UTF-8 and documents a second, after a warm-up.
"""

from __future__ import annotations

import json
import lzma
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import ftfy

from normalizer import Normalizer


def read_texts(path: Path, count: int) -> list[str]:
    """The first texts of a JSON-lines corpus."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line)["text"] for _, line in zip(range(count), stream, strict=False)]


def seconds(work: Callable[[], object]) -> float:
    """The median wall time of three runs."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def codespell(texts: Sequence[str], folder: Path) -> Callable[[], object]:
    """A run of codespell over the texts as files (it has no library interface)."""
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "codespell_lib", "--quiet-level", "35", str(folder)]
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("clean", type=click.Path(path_type=Path, exists=True))
@click.argument("spun", type=click.Path(path_type=Path, exists=True))
@click.option("--documents", default=200, show_default=True)
def main(clean: Path, spun: Path, documents: int) -> None:
    """Print MB/s and documents/s of each tool on clean and on spun text."""
    normalizer = Normalizer()
    for name, path in (("clean", clean), ("spun", spun)):
        texts = read_texts(path, documents)
        size = sum(len(text.encode()) for text in texts) / 1e6
        with tempfile.TemporaryDirectory() as folder:
            jobs: dict[str, Callable[[], object]] = {
                "normalizer detect": lambda texts=texts: [normalizer.detect(text) for text in texts],  # type: ignore[misc]
                "normalizer fix": lambda texts=texts: [normalizer.analyze(text) for text in texts],  # type: ignore[misc]
                "ftfy": lambda texts=texts: [ftfy.fix_text(text) for text in texts],  # type: ignore[misc]
                "codespell": codespell(texts, Path(folder)),
            }
            for tool, work in jobs.items():
                took = seconds(work)
                click.echo(f"{name:6} {tool:18} {size / took:8.3f} MB/s {len(texts) / took:9.1f} documents/s")


if __name__ == "__main__":
    main()
