from __future__ import annotations

import pytest

from normalizer.channel import Channel
from normalizer.language_model import LanguageModel, shipped_model_path
from normalizer.learn.contrast import ContrastSettings, Vocabulary, surging, vanishing
from normalizer.learn.start import clean_frequencies
from normalizer.learn.suggestions import Places, SuggestSettings, explained, suggest
from normalizer.resources import lexicon_path

FRAMES = [
    "The government of the {} signed the deal.",
    "It is the largest {} in the world.",
    "People across the {} are worried about the economy.",
    "He has lived in this {} for years.",
    "The {} has a population of five million.",
    "She left the {} after the war.",
    "Every part of the {} was affected by the storm.",
    "They want to leave the {} as soon as possible.",
]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(shipped_model_path())


def documents(word: str, count: int = 30) -> list[str]:
    return [" ".join(frame.format(word) for frame in FRAMES[k % 8 :] + FRAMES[: k % 8]) for k in range(count)]


def counted(texts: list[str]) -> Vocabulary:
    vocabulary = Vocabulary()
    for text in texts:
        vocabulary.add(text)
    return vocabulary


def test_vanishing_and_surging_words_are_found(model: LanguageModel) -> None:
    spun = counted(documents("nation"))
    clean = {**clean_frequencies(["nation"], model), "country": 0.02}
    relaxed = ContrastSettings(bursts=20.0)
    assert [one.surface for one in surging(spun, {"nation": clean["nation"]}, relaxed)] == ["nation"]
    assert [one.surface for one in vanishing(spun, clean, relaxed)] == ["country"]


def test_words_of_few_documents_and_names_are_topics(model: LanguageModel) -> None:
    spun = counted([*documents("summit", 2), *documents("Lindauer", 30)])
    clean = clean_frequencies(["summit", "lindauer"], model)
    assert surging(spun, clean, ContrastSettings(bursts=20.0)) == []


def test_a_pair_is_proposed_with_its_evidence(model: LanguageModel) -> None:
    texts = documents("nation")
    spun = counted(texts)
    settings = ContrastSettings(bursts=20.0)
    surges = surging(spun, clean_frequencies(["nation"], model), settings)
    vanished = vanishing(spun, {"country": 0.02, "agency": 0.02}, settings)
    places = Places(frozenset(one.surface for one in surges), 40)
    for text in texts:
        places.add(text)
    thesaurus = Channel([lexicon_path("en/thesaurus.tsv")])
    nothing = Channel([])
    found = suggest(surges, vanished, places.found, thesaurus, model, nothing, SuggestSettings())
    assert [(p.canonical, p.variant) for p in found] == [("country", "nation")]
    assert any(sentence.startswith("vanishes: 'country'") for sentence in found[0].evidence)
    assert "[nation]" in found[0].contexts[0]


def test_what_the_lexicon_explains_is_no_news() -> None:
    shipped = Channel([lexicon_path("en/channel.tsv")])
    assert explained("physique", shipped)
    assert not explained("hydrangea", shipped)
