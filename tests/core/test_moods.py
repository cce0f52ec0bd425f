"""How customers sound: by their own clear words, and by a model once a person is there."""

import pytest

from core import assistance, conversations, generation, jobs, moods
from gateways import llm
from gateways.llm import Model
from models import db
from models.jobs import Job
from tests.conftest import NOW
from tests.model_server import saying, serving


@pytest.fixture
def model(app, monkeypatch):
    monkeypatch.setattr(assistance, "_PATIENCE", 1)
    llm.breaker.clear()
    with serving() as server:
        generation.use_model(Model(server.base_url, "small", may_be_private=True))
        yield server
        generation.use_model(None)
    llm.breaker.clear()


def ask(conversation, text, number="client-1"):
    conversations.ask(conversation, client_id=number, text=text, now=NOW)


def judge(conversation):
    job = db.session.query(Job).filter_by(kind=moods.JUDGE, subject_id=conversation.id).one()
    moods.judge(job)
    db.session.expire_all()
    return conversation.mood


def test_clear_words_are_heard_without_a_model_and_forgotten_when_it_is_resolved(conversation):
    ask(conversation, "Hello")
    assert conversation.mood is None
    ask(conversation, "This is unacceptable!", "client-2")
    assert conversation.mood == moods.UPSET
    conversations.resolve(conversation, now=NOW)
    assert conversation.mood == moods.UPSET
    ask(conversation, "One more thing", "client-3")
    assert conversation.mood is None


def test_a_model_judges_once_a_person_is_wanted(model, conversation, monkeypatch):
    monkeypatch.setattr(jobs, "current_queue", Silent)
    model.behaviour = saying("upset")
    ask(conversation, "It came broken, mail me at a@example.com")
    assert not db.session.query(Job).filter_by(kind=moods.JUDGE).count()
    conversations.request_person(conversation, reason="asked for a person", now=NOW)
    assert judge(conversation) == moods.UPSET
    assert "a@example.com" not in str(model.requests)


@pytest.mark.parametrize("words", ["content or upset, who knows", "I cannot tell.", "content " * 60])
def test_what_is_no_clear_word_changes_nothing(model, conversation, monkeypatch, words):
    monkeypatch.setattr(jobs, "current_queue", Silent)
    model.behaviour = saying(words)
    ask(conversation, "Hello")
    conversations.request_person(conversation, reason="asked for a person", now=NOW)
    assert judge(conversation) is None


def test_without_a_model_no_job_is_made(conversation):
    ask(conversation, "Hello")
    conversations.request_person(conversation, reason="asked for a person", now=NOW)
    assert not db.session.query(Job).filter_by(kind=moods.JUDGE).count()


@pytest.mark.parametrize(
    ("said", "language"),
    [
        (["Wann kommt die Lampe?", "Ich warte und warte auf die Lampe."], "German"),
        (["Where is my lamp?"], None),
        (["OK"], None),
        ([], None),
    ],
)
def test_the_language_is_told_where_it_is_clear_and_another(said, language):
    assert moods.language_of(said) == language


class Silent:
    """A queue that runs nothing."""

    def add(self, *_arguments):
        """The test does it itself."""
