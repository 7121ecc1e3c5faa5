"""The Ray engine gives what the local engine gives: on two nodes, when one of the two is killed in the middle."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from corpus_helpers import SPUN, RunCorpus

from normalizer import Normalizer
from normalizer.corpus.ray_engine import plan, ray_engine
from normalizer.corpus.run import Run
from normalizer.corpus.settings import Settings
from normalizer.corpus.sources import find_sources
from normalizer.corpus.treatment import Treatment, Treatments
from normalizer.errors import ConfigError

TREATMENTS = Treatments(Treatment(Normalizer()))
ray = pytest.importorskip("ray", reason="the Ray engine needs the extra 'ray'")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    ray.init(address=cluster.address, log_to_driver=False)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def articles_of(tmp_path: Path, count: int) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b"):
        lines = [{"id": f"{name}{n}", "text": f"Number {n} BrontÃ«. {SPUN}"} for n in range(count)]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + "[]\n")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if "report" not in path.name}


def test_the_plan_covers_everything_once(tmp_path: Path) -> None:
    folder = articles_of(tmp_path, 200)
    sources = find_sources(str(folder), str(tmp_path / "out"))
    pieces = plan(Run(sources, "out", Settings(part_size=1000, limit=250), TREATMENTS, tmp_path / "work"))
    for one, following in pairwise(pieces):
        assert one.last == (one.source != following.source)
        assert one.last or (one.end, one.part + 1) == (following.start, following.part)
    assert [piece.source for piece in pieces if piece.last] == [0, 1]


def test_an_address_that_nobody_answers(tmp_path: Path) -> None:
    if ray.is_initialized():
        pytest.skip("this process is connected to a cluster already")
    run = Run([], "out", Settings(), TREATMENTS, tmp_path)
    with pytest.raises(ConfigError, match="could not be reached"):
        ray_engine("127.0.0.1:1", 1)(run, None, None)  # type: ignore[arg-type]


def test_a_lost_node_costs_nothing(cluster: Any, tmp_path: Path, run_corpus: RunCorpus) -> None:
    node = cluster.add_node(num_cpus=1)
    folder = articles_of(tmp_path, 200)
    engine = Normalizer(assume="spun")
    options: dict[str, Any] = {"part_size": 5000, "id_field": "id", "edits_field": "edits", "limit": 350}
    local = run_corpus(folder, tmp_path / "local", normalizer=engine, **options)
    seen = threading.Event()

    def kill() -> None:
        seen.wait(60)
        cluster.remove_node(node, allow_graceful=False)

    def observe(statistics: object, consumed: int) -> None:
        seen.set()

    killer = threading.Thread(target=kill)
    killer.start()
    there = run_corpus(
        folder, tmp_path / "ray", execution=ray_engine(None, 2), normalizer=engine, observer=observe, **options
    )
    killer.join()
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")
    assert there.statistics.to_dict() == local.statistics.to_dict()
    assert there.exit_code == 3
