"""What a long run has finished, on disk: one file that is replaced in one step, so that it is always whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple

from normalizer.errors import ConfigError, InputError
from normalizer.learn.counting import Counts
from normalizer.learn.vanishing import Tally

VERSION = 1
_FILE = "state.json"


class Prepared(NamedTuple):
    """What the first reading found: whether each document is spun, how often surfaces occur in those that are, and the
    share of all tokens that they make up in clean text, if a clean corpus was read.
    """

    spun: list[bool]
    tally: Tally
    clean: dict[str, float]


@dataclass(frozen=True)
class State:
    """``rounds`` that are finished, as plain tuples; the counts of the ``last`` of them; and of the one that was
    interrupted how many documents are done, their counts, and those of held-out documents.
    """

    prepared: Prepared | None = None
    rounds: list[tuple[Any, ...]] = field(default_factory=list)
    last: Counts | None = None
    partial: tuple[int, Counts, Counts] | None = None


@dataclass(frozen=True)
class StateFolder:
    """The folder of a run. ``plan`` says what the run does; a run with another plan does not go on with this one."""

    path: Path
    plan: Mapping[str, Any]

    def load(self) -> State | None:
        """What is there, or None. Raises ``ConfigError`` when it belongs to another plan."""
        file = self.path / _FILE
        if not file.exists():
            return None
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{file}: cannot be read ({error}); remove {self.path} to start anew") from error
        if data.get("version") != VERSION or data.get("plan") != json.loads(json.dumps(self.plan)):
            raise ConfigError(
                f"{self.path}: an interrupted run with other inputs or options; remove it, or use --overwrite"
            )
        return _state(data)

    def save(self, state: State) -> None:
        """Replace what is there, in one step."""
        from normalizer.corpus.parts import write_file

        text = json.dumps({"version": VERSION, "plan": self.plan, **_data(state)})
        write_file(self.path / _FILE, [text.encode()])

    def remove(self) -> None:
        """Remove the folder; the run is finished, or not wanted any more."""
        rmtree(self.path, ignore_errors=True)


def _data(state: State) -> dict[str, Any]:
    prepared = state.prepared
    return {
        "prepared": None if prepared is None else {**prepared._asdict(), "tally": prepared.tally._asdict()},
        "rounds": state.rounds,
        "last": None if state.last is None else state.last.to_dict(),
        "partial": None
        if state.partial is None
        else [state.partial[0], state.partial[1].to_dict(), state.partial[2].to_dict()],
    }


def _state(data: Mapping[str, Any]) -> State:
    prepared = data["prepared"]
    partial = data["partial"]
    return State(
        None if prepared is None else Prepared(prepared["spun"], _tally(prepared["tally"]), prepared["clean"]),
        [tuple(done) for done in data["rounds"]],
        None if data["last"] is None else Counts.from_dict(data["last"]),
        None if partial is None else (partial[0], Counts.from_dict(partial[1]), Counts.from_dict(partial[2])),
    )


def _tally(data: Mapping[str, Any]) -> Tally:
    return Tally(Counter(data["counts"]), Counter(data["documents"]), data["tokens"], data["texts"])
