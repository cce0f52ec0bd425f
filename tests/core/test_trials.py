import pytest

from core import knowledge
from core.trials import try_question
from tests.conftest import NOW


@pytest.fixture
def taught(agent):
    rows = [
        {"id": "parcel", "question": "Where is my parcel?", "answer": "On its way."},
        {"id": "wrap", "question": "Do you gift-wrap presents?", "answer": "Yes, for 3 €."},
        {"id": "cards", "question": "Which payment cards do you take?", "answer": "All of them."},
    ]
    knowledge.import_entries(agent, rows, by=None, now=NOW)
    return agent


def test_a_question_in_its_own_words_is_answered_for_sure(taught):
    trial = try_question(taught, " Where is my parcel? ")
    assert (trial.outcome, trial.entry.external_id, trial.question) == ("answered", "parcel", "Where is my parcel?")
    assert trial.sureness in ("Very sure", "Sure")


@pytest.mark.parametrize(
    ("score", "words"), [(0.95, "Very sure"), (0.9, "Very sure"), (0.7, "Sure"), (0.5, "Just sure enough")]
)
def test_how_sure_it_is_stands_in_words(taught, monkeypatch, score, words):
    index = knowledge.index_for(taught)
    found = index.search("Where is my parcel?")
    monkeypatch.setattr(type(index), "search", lambda self, text: type(found)(**vars(found) | {"score": score}))
    assert try_question(taught, "Where is my parcel?").sureness == words


def test_what_nobody_taught_is_not_known(taught):
    trial = try_question(taught, "What is the boiling point of nitrogen?")
    assert (trial.outcome, trial.entry) == ("unanswered", None)


def test_a_greeting_gets_a_fitting_word(taught):
    trial = try_question(taught, "Hello!")
    assert trial.outcome == "small_talk"
    assert trial.text


def test_who_wants_a_person_gets_one(taught):
    assert try_question(taught, "I want to talk to a human").outcome == "handoff"


def test_an_agent_that_knows_nothing_says_so(agent):
    assert try_question(agent, "Where is my parcel?").outcome == "unanswered"
    assert try_question(agent, "").outcome == "unanswered"


def test_an_entry_that_was_archived_a_moment_ago_is_not_shown_as_live(taught):
    index = knowledge.index_for(taught)
    assert index.search("Where is my parcel?").outcome == "answered"
    entry = next(entry for entry in knowledge.listed(taught).entries if entry.external_id == "parcel")
    knowledge.archive(taught, entry, by=None, now=NOW)
    trial = try_question(taught, "Where is my parcel?")
    assert trial.entry is None or trial.entry.external_id != "parcel"
