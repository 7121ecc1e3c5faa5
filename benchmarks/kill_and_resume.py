"""Kills runs of ``normalizer corpus`` at random moments, resumes each, and compares with a run that was left alone.

    python benchmarks/kill_and_resume.py --kills 200

Prints how many kills hit a running process, and fails at the first difference.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

SPUN = (
    "Austrian International Minister Matthias Lindauer described the result as a modest doc. BrontÃ«. "
    "The settlement commits each side to upgrading greater than 1,900km of railway."
)
SUFFIXES = ("", ".quarantine.jsonl")


def command(output: str, *more: str) -> list[str]:
    options = ["--part-size", "5000", "--jobs", "2", "--id-field", "id", "--edits-field", "edits", "--assume", "spun"]
    return [sys.executable, "-m", "normalizer", "corpus", "in.jsonl", output, *options, "-q", *more]


def killed_or_done(arguments: list[str], folder: Path, seconds: float) -> int | None:
    """The exit code, or None when the process had to be killed."""
    process = subprocess.Popen(arguments, cwd=folder, stderr=subprocess.PIPE)
    try:
        _, messages = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return None
    assert b"Traceback" not in messages, messages.decode()
    return process.returncode


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--documents", default=800, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(kills: int, documents: int, seed: int) -> None:
    """Kill, resume, compare, until enough runs were killed."""
    chance = random.Random(seed)
    done = rounds = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [json.dumps({"id": n, "text": f"Number {n}. {SPUN}"}) + "\n" for n in range(documents)]
        lines.insert(documents // 2, "not JSON\n")
        (folder / "in.jsonl").write_text("".join(lines))
        began = time.monotonic()
        assert (
            subprocess.run(command("whole.jsonl"), cwd=folder, stderr=subprocess.DEVNULL, check=False).returncode == 3
        )
        whole = time.monotonic() - began
        while done < kills:
            output = f"out-{rounds}.jsonl"
            while True:
                limit = chance.uniform(0.3, 0.7 * whole) if done < kills else 600.0
                code = killed_or_done(command(output, "--resume"), folder, limit)
                done += code is None
                if code is not None:
                    assert code == 3, code
                    break
            for suffix in SUFFIXES:
                same = (folder / (output + suffix)).read_bytes() == (folder / ("whole.jsonl" + suffix)).read_bytes()
                assert same, f"{output}{suffix} differs after {done} kills"
            rounds += 1
            print(f"{done} kills, {rounds} outputs identical so far", flush=True)
        print(f"{done} kills in {rounds} runs ({time.monotonic() - began:.0f} s): every output identical")


if __name__ == "__main__":
    main()
