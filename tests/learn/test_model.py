from __future__ import annotations

import json
import pickle
from math import exp
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import Normalizer
from normalizer.cli.model import model as group
from normalizer.errors import InputError, ModelError
from normalizer.language_model import LanguageModel, MixedModel, load_model, shipped_model_path
from normalizer.learn.model.build import best_weights, build, lm_sentences, perplexity
from normalizer.learn.model.counts import Counter, count
from normalizer.learn.model.files import write_model
from normalizer.learn.model.info import describe
from normalizer.learn.model.kneser_ney import Pruning, estimate
from normalizer.learn.texts import Corpus

SENTENCES = [
    ["the", "agency", "said", "that", "the", "minister", "won", "the", "vote", "."],
    ["the", "minister", "said", "nothing", "about", "the", "agency", "."],
    ["a", "report", "of", "the", "agency", "lists", "the", "problems", "."],
    ["nobody", "said", "that", "the", "report", "was", "long", "."],
] * 3


@pytest.fixture
def files(tmp_path: Path) -> tuple[LanguageModel, LanguageModel]:
    """The same small model in both formats."""
    model = estimate(count(SENTENCES))
    write_model(model, tmp_path / "small.klm")
    write_model(model, tmp_path / "small.arpa")
    return LanguageModel(tmp_path / "small.klm"), LanguageModel(tmp_path / "small.arpa")


def test_both_formats_say_the_same(files: tuple[LanguageModel, LanguageModel]) -> None:
    binary, text = files
    sentences = [*SENTENCES, ["the", "unseen", "words", "of", "the", "minister"], [], ["agency", "agency", "agency"]]
    for sentence in sentences:
        assert binary.log_probability(sentence) == pytest.approx(text.log_probability(sentence), abs=1e-3)


@pytest.mark.parametrize("context", [[], ["the"], ["said", "that"], ["unseen", "the"], ["the", "vote"]])
def test_probabilities_add_up_to_one(files: tuple[LanguageModel, LanguageModel], context: list[str]) -> None:
    words = {word for sentence in SENTENCES for word in sentence} | {"</s>", "<unk>"}
    for model in files:
        _, state = model.advance(model.begin, context)
        assert sum(exp(model.advance(state, [word])[0]) for word in words) == pytest.approx(1.0, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d", "é"]), max_size=6), min_size=1, max_size=8))
def test_any_text_makes_a_model_that_kenlm_reads(
    tmp_path_factory: pytest.TempPathFactory, text: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("model")
    for pruning in (Pruning(), Pruning(1, 1)):
        model = estimate(count(text), pruning)
        for name in ("m.klm", "m.arpa"):
            write_model(model, folder / name)
        binary, arpa = LanguageModel(folder / "m.klm"), LanguageModel(folder / "m.arpa")
        for sentence in text:
            assert binary.log_probability(sentence) == pytest.approx(arpa.log_probability(sentence), abs=1e-3)


def test_counting_in_chunks_is_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = count(SENTENCES)
    monkeypatch.setattr("normalizer.learn.model.counts.CHUNK", 7)
    parts = Counter()
    for sentence in SENTENCES:
        parts.add(sentence)
    chunked = parts.finish()
    assert chunked.words == whole.words
    assert (chunked.trigrams == whole.trigrams).all()
    assert (chunked.trigram_counts == whole.trigram_counts).all()


def test_rare_words_become_the_unknown_word() -> None:
    assert "nobody" in count(SENTENCES).words
    assert "nobody" not in count(SENTENCES, least_count=4).words


def test_a_mixture_is_the_weighted_mean(files: tuple[LanguageModel, LanguageModel]) -> None:
    own, shipped = files[0], LanguageModel(shipped_model_path())
    mixed = MixedModel([own, shipped], [3.0, 1.0])
    (a, _), (b, _), (both, _) = (m.advance(m.begin, ["the"]) for m in (own, shipped, mixed))
    assert exp(both) == pytest.approx(0.75 * exp(a) + 0.25 * exp(b))
    copy = pickle.loads(pickle.dumps(mixed))
    assert copy.log_probability(["the"]) == pytest.approx(mixed.log_probability(["the"]))
    with pytest.raises(ModelError, match="positive weight"):
        MixedModel([own], [0.0])


def test_the_best_weights_favour_the_model_that_knows_the_text(files: tuple[LanguageModel, LanguageModel]) -> None:
    shipped = LanguageModel(shipped_model_path())
    texts = ["\n".join(" ".join(sentence) for sentence in SENTENCES)]
    weights = best_weights([files[0], shipped], texts)
    assert weights[0] > 0.8
    assert perplexity(MixedModel([files[0], shipped], weights), texts) <= perplexity(shipped, texts)


def test_building_from_files_and_using_it(tmp_path: Path, clean_passage: str, spun_passage: str) -> None:
    (tmp_path / "texts").mkdir()
    for number in range(3):
        (tmp_path / "texts" / f"{number}.txt").write_text(clean_passage, encoding="utf-8")
    runner = CliRunner()
    target = tmp_path / "own.klm"
    arguments = ["build", str(tmp_path / "texts"), "-o", str(target), "--interpolate", "0.3"]
    result = runner.invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found = describe(tmp_path / "own.json")
    assert [part["weight"] for part in found["models"]] == [0.3, 0.7]
    assert describe(target)["format"] == "KenLM trie"
    for model in (target, tmp_path / "own.json"):
        restored = Normalizer(model=model).analyze(spun_passage)
        assert restored.edits
    again = runner.invoke(group, arguments)
    assert again.exit_code == 2
    assert "--overwrite" in again.output
    shown = runner.invoke(group, ["info", str(tmp_path / "own.json"), "--format", "json"], catch_exceptions=False)
    assert json.loads(shown.output)["format"] == "mixture"


def test_spun_text_is_refused(tmp_path: Path, spun_passage: str) -> None:
    (tmp_path / "a.txt").write_text(spun_passage, encoding="utf-8")
    with pytest.raises(InputError, match="look spun"):
        build(Corpus([str(tmp_path / "a.txt")]), tmp_path / "m.klm")
    assert not (tmp_path / "m.klm").exists()


def test_empty_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n", encoding="utf-8")
    with pytest.raises(InputError, match="no text to learn from"):
        build(Corpus([str(tmp_path / "a.txt")]), tmp_path / "m.klm")


@pytest.mark.parametrize("content", ["{}", "[]", "nonsense", '{"format": "other", "models": []}'])
def test_broken_mixtures_are_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"m\.json"):
        load_model(path)


def test_sentences_are_those_of_the_model() -> None:
    assert next(lm_sentences(["It cost 1,900 euros.\nNobody paid."])) == ["it", "cost", "0", "euros", "."]
