"""Work in several processes: in order, and it survives the death of one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from itertools import count
from pathlib import Path

import pytest

from normalizer.parallel import isolated, ordered_map


def slow_square(number: int) -> int:
    time.sleep(0.02 if number % 3 == 0 else 0)
    return number * number


def fragile(number: int) -> int:
    if number == 5:
        os._exit(1)
    return number


def test_results_come_in_order() -> None:
    assert list(ordered_map(slow_square, range(40), 2)) == [n * n for n in range(40)]


def test_an_endless_stream_is_read_as_far_as_needed() -> None:
    taken = []
    numbers = (taken.append(n) or n for n in count())  # type: ignore[func-returns-value]
    results = ordered_map(slow_square, numbers, 2)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    assert len(taken) <= 3 + 4 * 2
    results.close()  # type: ignore[attr-defined]


def test_a_process_that_dies_costs_its_item_only() -> None:
    assert list(ordered_map(fragile, range(12), 2, on_crash=lambda n: -n)) == [0, 1, 2, 3, 4, -5, *range(6, 12)]
    with pytest.raises(BrokenProcessPool):
        list(ordered_map(fragile, range(12), 2))
    with pytest.raises(BrokenProcessPool):
        isolated(fragile, 5)


PARENT = """
import os, signal, time
from normalizer.parallel import ordered_map
if __name__ == "__main__":
    results = ordered_map(time.sleep, [0, 0, 300, 300], 2)
    next(results)
    children = open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read()
    print(children, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "parent.py")], capture_output=True, text=True, check=False, env=environment
    )
    children = [Path(f"/proc/{pid}") for pid in done.stdout.split()]
    assert len(children) >= 2, done.stderr
    deadline = time.monotonic() + 20
    while any(running(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(running(child) for child in children)


def running(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
