"""A review in progress: whatever the order of decisions, the same bytes come out; nothing decided is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed import NEW, by_hand, documents

from normalizer.edits import Edit
from normalizer.errors import InputError
from normalizer.restoration import Restoration
from normalizer.review.application import apply_decisions
from normalizer.review.decisions import Decisions, NeverAgain, ReviewedDocument, dump_decisions, parse_decisions
from normalizer.review.document import Document
from normalizer.review.session import Place, Session

TEXT = "A modest doc, said Ann.\nOne doc more; the Doc said.\n"


def analysed(path: str = "a.txt") -> Document:
    edits = (
        Edit(9, 12, "doc", "document", "word", 0.9),
        Edit(14, 18, "said", "told", "phrase", 0.8),
        Edit(28, 31, "doc", "document", "word", 0.7),
        Edit(42, 45, "Doc", "Document", "word", 0.6),
        Edit(46, 50, "said", "spoke", "phrase", 0.5),
    )
    return Document.of(path, TEXT.encode(), TEXT, Restoration(TEXT, edits))


class Saved:
    """Stands for the decisions file: keeps what was saved last, as text."""

    def __init__(self) -> None:
        self.content = ""
        self.times = 0

    def __call__(self, decisions: Decisions) -> None:
        self.content = dump_decisions(decisions)
        self.times += 1


def begin(*found: Document, save: Callable[[Decisions], None] | None = None) -> Session:
    decisions = Decisions(tuple(ReviewedDocument.of(document) for document in found))
    texts = {document.path: document.text for document in found}
    return Session(decisions, texts, save=save or Saved(), now=lambda: "2026-05-04T09:30:00Z")


def decided(session: Session) -> str:
    """The decisions in order, by their first letters."""
    return "".join(session.at(place).decision[0] for place in session.places)


ACTIONS = st.lists(
    st.one_of(
        st.sampled_from(["accepted", "rejected", "skip", "back", "undo", "restart", "all", "never"]),
        st.sampled_from(["skip_sentence", "back_sentence", "sentence+", "sentence-", "enter"]),
        NEW.map(lambda text: f"={text}"),
    ),
    max_size=25,
)


@given(documents(), ACTIONS)
def test_any_order_of_decisions_gives_the_bytes_of_editing_by_hand(document: Document, actions: list[str]) -> None:
    saved = Saved()
    session = begin(document, save=saved)
    for action in actions:
        if action.startswith("="):
            session.correct(action[1:])
        elif action in ("accepted", "rejected"):
            session.decide(action)  # type: ignore[arg-type]
        elif action == "all":
            session.decide_all("line", "accepted")
        elif action == "never":
            session.reject_pair()
        elif action.startswith("sentence"):
            session.decide_sentence("accepted" if action[-1] == "+" else "rejected")
        elif action == "enter":
            session.enter(2)
        else:
            getattr(session, action)()
    [result] = session.decisions.documents
    assert apply_decisions(result, document.text).text.encode() == by_hand(document.text, result)
    if saved.times:
        assert parse_decisions(saved.content, "d.json") == session.decisions


@given(documents(), ACTIONS)
def test_undoing_everything_leaves_nothing_decided(document: Document, actions: list[str]) -> None:
    session = begin(document)
    before = session.decisions
    for action in actions:
        if action.startswith("="):
            session.correct(action[1:])
        elif action in ("accepted", "rejected"):
            session.decide(action)  # type: ignore[arg-type]
        elif action == "all":
            session.decide_all("file", "rejected")
        elif action == "sentence+":
            session.decide_sentence("accepted")
    while session.undo():
        pass
    assert session.decisions == before


def test_a_decision_is_saved_at_once_and_goes_on() -> None:
    saved = Saved()
    session = begin(analysed(), save=saved)
    session.decide("accepted")
    assert saved.times == 1
    assert session.place == Place(0, 1)
    [record] = parse_decisions(saved.content, "d.json").documents
    assert record.edits[0].decided == "2026-05-04T09:30:00Z"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("pair", "auaau"), ("kind", "auaau"), ("sentence", "aauuu"), ("line", "aauuu"), ("file", "aaaaa")],
)
def test_scopes(scope: str, expected: str) -> None:
    session = begin(analysed("a.txt"), analysed("b.txt"))
    session.decide_all(scope, "accepted")  # type: ignore[arg-type]
    other = expected if scope in ("pair", "kind") else "uuuuu"
    assert decided(session) == expected + other
    assert session.undo() == (expected + other).count("a")
    assert decided(session) == "u" * 10
    assert session.place == Place(0, 0)


def test_all_of_a_kind_leaves_what_is_decided() -> None:
    session = begin(analysed())
    session.decide("rejected")
    session.skip()
    assert session.decide_all("kind", "accepted") == 2
    assert decided(session) == "ruaau"


def test_a_correction_that_changes_nothing_is_a_rejection() -> None:
    session = begin(analysed())
    session.correct("doc")
    session.correct("told")
    session.correct("paper")
    assert decided(session) == "racuu"


def test_skipped_edits_come_again() -> None:
    session = begin(analysed())
    for _ in range(5):
        session.skip()
    assert session.current is None
    session.restart()
    assert session.place == Place(0, 0)


def test_back_shows_what_was_decided_and_lets_it_be_changed() -> None:
    session = begin(analysed())
    session.decide("accepted")
    session.back()
    session.decide("rejected")
    assert decided(session) == "ruuuu"
    session.undo()
    assert decided(session) == "auuuu"


def test_never_again_rejects_every_one_of_the_pair() -> None:
    session = begin(analysed())
    assert session.reject_pair() == 3
    assert decided(session) == "rurru"


@given(documents())
def test_every_edit_is_in_one_sentence(document: Document) -> None:
    session = begin(document)
    seen: list[Place] = []
    session.cursor = 0
    while (sentence := session.sentence()) is not None:
        assert sentence.places[0] == session.places[sentence.first]
        for place in sentence.places:
            edit = session.at(place).edit
            assert sentence.start <= edit.start <= edit.end <= sentence.end
        seen += sentence.places
        session.skip_sentence()
    assert seen == session.places
    backwards: list[Place] = []
    while session.cursor:
        session.back_sentence()
        sentence = session.sentence()
        assert sentence is not None
        backwards[:0] = sentence.places
    assert backwards == session.places


def test_a_sentence_decided_before_is_decided_again_as_a_whole() -> None:
    session = begin(analysed())
    session.decide("rejected")
    assert session.decide_sentence("accepted") == 1
    assert decided(session) == "rauuu"
    session.back_sentence()
    assert session.decide_sentence("accepted") == 2
    assert decided(session) == "aauuu"


def test_an_edit_across_a_boundary_joins_two_sentences() -> None:
    text = "One doc. Two docs. Three."
    edits = (
        Edit(4, 7, "doc", "x", "word", 0.9),
        Edit(7, 12, ". Two", ", 2", "phrase", 0.9),
        Edit(13, 17, "docs", "x", "word", 0.9),
        Edit(19, 24, "Three", "3", "word", 0.9),
    )
    session = begin(Document.of("a.txt", text.encode(), text, Restoration(text, edits)))
    sentence = session.sentence()
    assert sentence is not None
    assert text[sentence.start : sentence.end] == "One doc. Two docs."
    assert len(sentence.places) == 3


def test_documents_without_text_keep_their_decisions() -> None:
    shown, hidden = analysed("a.txt"), analysed("b.txt")
    decisions = Decisions((ReviewedDocument.of(hidden), ReviewedDocument.of(shown)))
    session = Session(decisions, {"a.txt": TEXT}, save=lambda decisions: None)
    session.decide_all("kind", "accepted")
    assert session.decisions.documents[0] == decisions.documents[0]
    assert session.decisions.count()["accepted"] == 3


def test_what_is_never_wanted_again_stays_in_the_file() -> None:
    saved, rules = Saved(), (NeverAgain("doc", "document", "a.txt"),)
    decisions = Decisions((ReviewedDocument.of(analysed()),), rules)
    Session(decisions, {"a.txt": TEXT}, save=saved).decide("accepted")
    assert parse_decisions(saved.content, "d.json").never_again == rules


def test_a_decision_that_cannot_be_saved_stays_made() -> None:
    full = True

    def save(decisions: Decisions) -> None:
        if full:
            raise InputError("no space left on device")

    session = begin(analysed(), save=save)
    with pytest.raises(InputError):
        session.decide("accepted")
    assert (decided(session), session.unsaved) == ("auuuu", True)
    assert session.place == Place(0, 1)
    full = False
    session.decide("rejected")
    assert not session.unsaved
