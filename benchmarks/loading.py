"""What it costs to have everything loaded: time and resident memory above the bare interpreter.

    python benchmarks/loading.py  # in the checkout

Every run is a new process that imports the package, loads all data (channel, language model, thesaurus layer, weights
of evidence, topics, calibration) and restores the bundled sample. Printed are the smallest and the median wall time
and the memory of the median run, each beside the figure that must not be exceeded. Pages of the memory-mapped language
model count as far as they are resident. Linux and macOS only: Windows has no ``resource``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

import click

MOST_SECONDS, MOST_MEGABYTES = 0.12, 120.0

_LOAD = """
import json, time
begin = time.perf_counter(), time.process_time()
from normalizer import Normalizer
normalizer = Normalizer()
imported = time.perf_counter()
normalizer.decoder_for("replaces-all"), normalizer._judge, normalizer._calibrations
always = time.perf_counter()
normalizer.decoder_for("thesaurus")
loaded = time.perf_counter(), time.process_time()
normalizer.analyze(open("examples/diplomacy-summit.txt", encoding="utf-8").read())
print(json.dumps([loaded[0] - begin[0], loaded[1] - begin[1], imported - begin[0], time.perf_counter() - loaded[0],
    loaded[0] - always]))
"""


def run(code: str) -> tuple[list[float], float]:
    """What a new interpreter prints, and its greatest resident memory in megabytes."""
    script = f"{code}\nimport resource, sys\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return json.loads(done.stdout or "[]"), int(done.stderr.split()[-1]) * unit / 1e6


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--runs", default=9, show_default=True)
def main(runs: int) -> None:
    """Print the figures; the exit code is 1 when one is over its limit."""
    bare = statistics.median(run("")[1] for _ in range(3))
    run(_LOAD)  # files into the page cache
    figures = sorted(run(_LOAD) for _ in range(runs))
    (wall, cpu, imported, first, thesaurus), memory = figures[runs // 2]
    least = figures[0][0]
    click.echo(
        f"loading      {1000 * least[0]:6.0f} ms at best, {1000 * wall:.0f} ms median (limit {1000 * MOST_SECONDS:.0f})"
    )
    click.echo(f"  processor  {1000 * least[1]:6.0f} ms at best, {1000 * cpu:.0f} ms median")
    click.echo(f"  import     {1000 * least[2]:6.0f} ms at best, {1000 * imported:.0f} ms median")
    click.echo(f"  thesaurus  {1000 * least[4]:6.0f} ms at best, {1000 * thesaurus:.0f} ms median (loads when needed)")
    click.echo(f"first text   {1000 * least[3]:6.0f} ms at best, {1000 * first:.0f} ms median")
    click.echo(
        f"resident     {memory - bare:6.0f} MB above the bare interpreter's {bare:.0f} MB (limit {MOST_MEGABYTES:.0f})"
    )
    sys.exit(int(least[0] > MOST_SECONDS or memory - bare > MOST_MEGABYTES))


if __name__ == "__main__":
    main()
