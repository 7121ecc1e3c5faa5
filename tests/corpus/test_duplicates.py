"""Repeated ids are found, however little memory there is; counts add up in any order."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from normalizer import Edit
from normalizer.corpus.duplicates import find_duplicates
from normalizer.corpus.statistics import Statistics
from normalizer.restoration import Detection, Restoration


@given(st.lists(st.lists(st.text(max_size=2), max_size=6), max_size=4), st.integers(1, 5))
def test_duplicates(parts: list[list[str]], in_memory: int) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        identifiers = [identifier for part in parts for identifier in part]
        paths = []
        for number, part in enumerate(parts):
            path = folder / f"{number}.ids"
            path.write_text("".join(json.dumps({"id": i, "at": f"{number}:{n}"}) + "\n" for n, i in enumerate(part)))
            paths.append(path)
        found = find_duplicates(paths, len(identifiers), folder, in_memory)
        counts = Counter(identifiers)
        assert found.documents == len(identifiers) - len(counts)
        assert all(len(places) == min(10, counts[identifier]) for identifier, places in found.examples.items())
        assert len(found.examples) == min(10, sum(count > 1 for count in counts.values()))


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["a", "b", "c"])), max_size=8))
def test_counts_add_up_in_any_order(edits: list[tuple[float, str]]) -> None:
    singles = []
    for confidence, text in edits:
        one = Statistics(documents=1, input_bytes=3)
        edit = Edit(0, 1, text, "x", "word", confidence)
        one.count(Restoration(text, (edit,), (), Detection(confidence, "none")))
        singles.append(one)
    forward, backward = Statistics(), Statistics()
    for one in singles:
        forward.add(one)
    for one in reversed(singles):
        backward.add(Statistics.from_dict(json.loads(json.dumps(one.to_dict()))))
    assert forward.to_dict() == backward.to_dict()
    assert sum(forward.confidence) == forward.edits == len(edits)
