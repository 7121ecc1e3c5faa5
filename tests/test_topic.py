"""Topics: what a document is about decides between readings; a file that is broken is named."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from normalizer.errors import LexiconError
from normalizer.resources import TOPICS, lexicon_path
from normalizer.topic import TopicModel, cosine


def test_unknown_words_have_no_direction() -> None:
    topics = TopicModel(lexicon_path("en") / TOPICS)
    assert topics.direction(("xqzzt",)) == ()
    assert topics.vector(("xqzzt", "train")) == topics.vector(("train",))
    assert cosine((), topics.vector(("train",))) == 0.0


def test_directions_have_length_one_and_survive_pickling() -> None:
    topics = TopicModel(lexicon_path("en") / TOPICS)
    found = topics.direction(("interest", "rate"))
    assert sum(number * number for number in found) == pytest.approx(1.0)
    assert pickle.loads(pickle.dumps(topics)).direction(("interest", "rate")) == found


@pytest.mark.parametrize("line", ["train", "train\tx\tAQI=", "train\t1\tAQI"])
def test_a_broken_file_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_text(f"# sorted\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"topics\.tsv: malformed line of 'train'"):
        TopicModel(path).direction(("train",))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"nowhere\.tsv: not a file of topics; reinstall normalizer"):
        TopicModel(tmp_path / "nowhere.tsv")
