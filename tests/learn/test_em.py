from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import normalizer
from normalizer.channel import FIRST_LINE, Channel
from normalizer.cli.learn import learn
from normalizer.errors import ConfigError, InputError
from normalizer.learn.adapt import Request, adapt, work_folder
from normalizer.learn.em import Settings
from normalizer.learn.state import State, StateFolder
from normalizer.learn.texts import Corpus
from normalizer.resources import lexicon_path

SMALL = Settings(rounds=2, sample=4)


def corpus(folder: Path, texts: list[str]) -> str:
    path = folder / "spun.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return str(path)


def passages(text: str, count: int) -> list[str]:
    """Several spun documents: the article, each time with other paragraphs left out."""
    lines = text.splitlines()
    return ["\n".join(line for number, line in enumerate(lines) if number % count != k) for k in range(count)]


def request(folder: Path, text: str, count: int = 3) -> Request:
    return Request((corpus(folder, passages(text, count)),), folder / "o.tsv", thesaurus=False)


def test_learning_changes_what_the_text_shows_whatever_the_number_of_processes(
    tmp_path: Path, spun_passage: str, clean_passage: str
) -> None:
    path = corpus(tmp_path, [*passages(spun_passage, 2), clean_passage])
    one = Request((path,), tmp_path / "o.tsv", thesaurus=False)
    learnt = adapt(one, SMALL)
    assert (learnt.documents, learnt.spun) == (3, 2)
    assert [done.number for done in learnt.rounds] == [1, 2]
    assert learnt.rounds[-1].tokens > 300
    shipped = Channel([lexicon_path("en/channel.tsv")])
    assert 0 < len(learnt.changed) < 0.2 * len(shipped)
    work_folder(one.output).remove()
    assert adapt(one._replace(jobs=2), SMALL).changed == learnt.changed


def test_clean_text_is_refused(tmp_path: Path, clean_passage: str) -> None:
    with pytest.raises(InputError, match="look spun"):
        adapt(request(tmp_path, clean_passage), SMALL)
    assert not (tmp_path / "o.tsv").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no text to learn from"),
        ("nonsense\n", "not a JSON object"),
        ('{"body": "x"}\n', "there is no field 'text'"),
    ],
)
def test_unusable_corpora_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(learn, ["weights", str(path), "-o", str(tmp_path / "o.tsv")])
    assert result.exit_code == 3
    assert message in result.output
    assert not (tmp_path / "o.tsv").exists()


def test_an_unfinished_run_with_other_options_is_not_mixed_in(tmp_path: Path) -> None:
    StateFolder(tmp_path / "w", {"seed": 1}).save(State())
    assert StateFolder(tmp_path / "w", {"seed": 1}).load() == State()
    with pytest.raises(ConfigError, match="other inputs or options"):
        StateFolder(tmp_path / "w", {"seed": 2}).load()


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT, which Windows processes cannot be sent alone")
def test_an_interrupted_run_goes_on_and_ends_with_the_same_weights(tmp_path: Path, spun_passage: str) -> None:
    path = corpus(tmp_path, passages(spun_passage, 16))
    command = [sys.executable, "-m", "normalizer", "learn", "weights", path, "--no-thesaurus", "--rounds", "2"]
    environment = {**os.environ, "PYTHONPATH": str(Path(normalizer.__file__).parents[1])}
    whole = tmp_path / "whole.tsv"
    subprocess.run([*command, "-o", str(whole)], env=environment, check=True, capture_output=True, timeout=600)

    output = tmp_path / "o.tsv"
    state = tmp_path / "o.tsv.unfinished" / "state.json"
    with subprocess.Popen(
        [*command, "-o", str(output)], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        deadline = time.monotonic() + 300
        while not state.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=300)[1]
    if process.returncode == 0:  # a very fast machine was done before the signal came
        pytest.skip("finished before it could be interrupted")
    assert process.returncode == 130, told
    assert "the same command goes on there" in " ".join(told.split())
    assert not output.exists()
    subprocess.run([*command, "-o", str(output)], env=environment, check=True, capture_output=True, timeout=600)
    assert output.read_text(encoding="utf-8") == whole.read_text(encoding="utf-8")
    assert output.read_text(encoding="utf-8").startswith(FIRST_LINE)
    assert not state.parent.exists()


def test_text_trees_are_corpora_too(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("One.", encoding="utf-8")
    (tmp_path / "b.csv").write_text("text,id\nTwo.,7\n", encoding="utf-8")
    texts = list(Corpus([str(tmp_path / "a"), str(tmp_path / "b.csv")], id_field="id"))
    assert [(text.text, text.id) for text in texts] == [("One.", "x.txt"), ("Two.", "7")]
