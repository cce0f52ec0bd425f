"""A model thinks while the question is being stored; whatever goes wrong with that, nothing is shown or written."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from core import ahead as ahead_module
from core import answers, conversations, events, generation, knowledge, spending
from core.clock import utc_now
from gateways import llm
from gateways.bus import current_bus
from gateways.llm import Model
from models import db, transaction
from models.conversations import Answer, Conversation, Message
from models.teammates import Workspace
from tests.blueprints.widget.test_api import open_chat, say
from tests.conftest import make_conversation
from tests.model_server import saying, serving

SHIPPING = {"id": "shipping", "question": "When do you ship?", "answer": "We ship on Mondays."}


@pytest.fixture
def model(app, agent, monkeypatch):
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr(ahead_module, "_UNTIL_ASKED", 5.0)
    knowledge.import_entries(agent, [SHIPPING], by=None, now=utc_now())
    llm.breaker.clear()
    with serving() as server:
        server.behaviour = saying("On Mondays [1].")
        generation.use_model(Model(server.base_url, "small", may_be_private=True))
        yield server
        generation.use_model(None)
    llm.breaker.clear()


@pytest.fixture
def pool(app, model, monkeypatch):
    """Threads in which answers are begun; what they are doing is over when the test says so."""
    threads, works = ThreadPoolExecutor(4), []

    def begin(ahead):
        with app.app_context():
            try:
                answers.produce_ahead(ahead)
            finally:
                db.session.remove()

    monkeypatch.setattr(answers, "_begin_elsewhere", [lambda ahead: works.append(threads.submit(begin, ahead))])

    def finish():
        for work in works:
            work.result(10)

    yield finish
    threads.shutdown()


@pytest.fixture
def chat(vera, agent):
    """What says something in a chat of its own, and the conversation of it."""
    opened = open_chat(vera, agent).json
    conversation = db.session.scalars(select(Conversation)).one()
    return lambda text="When do you ship?", number="one": say(vera, opened["token"], text, number), conversation


@contextmanager
def reading(statements):
    """Notes what the database is asked meanwhile, in whichever thread."""

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def said(conversation):
    db.session.rollback()
    rows = conversations.messages_after(conversation.id, 0)
    return [(row.sender.value, row.text) for row in rows]


def begun_of(conversation):
    workspace = db.session.get_one(Workspace, conversation.workspace_id)
    return ahead_module.Ahead((conversation, conversation.agent, workspace, conversation.customer), "Hello", {})


WHOLE = [("customer", "When do you ship?"), ("agent", "On Mondays.")]


def test_the_model_is_asked_before_the_question_is_stored(app, model, pool, chat, monkeypatch):
    ask, conversation = chat
    stored, has_looked, record_in = [], threading.Event(), events.record_in

    def behave(asked):
        with app.app_context():
            stored.append(db.session.scalar(select(func.count()).select_from(Message)))
            db.session.remove()
        has_looked.set()
        saying("On Mondays [1].")(asked)

    def once_it_has_looked(*arguments, **named):
        # On a busy machine the model would look too late.
        has_looked.wait(10)
        record_in(*arguments, **named)

    monkeypatch.setattr(events, "record_in", once_it_has_looked)
    model.behaviour = behave
    with current_bus().listener(conversations.topic(conversation.id)) as listener:
        answer = ask()
        pool()
        notes = [note["kind"] for note in listener.waiting()]
    assert answer.status_code == 201
    assert said(conversation) == WHOLE
    assert notes[0] == "message"
    assert notes.index("delta") > notes.index("message")
    owed = db.session.scalars(select(Answer)).one()
    assert (str(owed.message_id), owed.attempts) == (answer.json["id"], 1)
    assert owed.finished_at is not None
    assert len(model.requests) == 1
    assert stored == [0]


def test_what_is_not_stored_is_not_answered(model, pool, chat, monkeypatch):
    ask, conversation = chat

    def fail(*_arguments, **_named):
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(events, "record_in", fail)
    with current_bus().listener(conversations.topic(conversation.id)) as listener:
        with pytest.raises(RuntimeError):
            ask()
        pool()
        assert [*listener.waiting()] == []
    assert len(model.requests) == 1
    assert said(conversation) == []
    # It counts towards what the agent may spend all the same.
    used = spending.today(conversation.agent_id, now=utc_now())
    assert used.tokens > 0


def test_what_was_said_before_is_answered_once(model, pool, chat):
    ask, conversation = chat
    first = ask()
    pool()
    assert ask("Something else?").json == first.json
    pool()
    assert said(conversation) == WHOLE
    assert len(model.requests) == 1


def test_when_something_is_said_in_between_it_is_answered_knowing_that(app, model, pool, chat, monkeypatch):
    ask, conversation = chat
    number = conversation.id
    foresee = answers.foresee

    def overtaken(*rows, **named):
        begun = foresee(*rows, **named)
        with ThreadPoolExecutor(1) as other:
            other.submit(interject).result(10)
        return begun

    def interject():
        with app.app_context():
            mine = db.session.get(Conversation, number)
            conversations.reply(mine, text="By the way.", details={}, now=utc_now())
            db.session.remove()

    monkeypatch.setattr(answers, "foresee", overtaken)
    assert ask().status_code == 201
    pool()
    assert said(conversation) == [("agent", "By the way."), *WHOLE]
    assert "By the way." in str(model.requests[-1]["body"]["messages"])


def test_where_no_thread_is_free_it_is_answered_as_any_other(model, chat, monkeypatch):
    ask, conversation = chat
    monkeypatch.setattr(ahead_module, "_UNTIL_ASKED", 0.01)
    begun = []
    monkeypatch.setattr(answers, "_begin_elsewhere", [begun.append])
    assert ask().status_code == 201
    assert said(conversation) == WHOLE
    answers.produce_ahead(begun[0])
    assert said(conversation) == WHOLE


def test_what_was_offered_right_before_is_known_without_another_look(model, chat, monkeypatch):
    ask, conversation = chat
    monkeypatch.setattr(ahead_module, "_UNTIL_ASKED", 0.01)
    begun = []
    monkeypatch.setattr(answers, "_begin_elsewhere", [begun.append])
    offer = {"suggestions": ["When do you ship?"]}
    conversations.reply(conversation, text="Did you mean this?", details=offer, now=utc_now())
    ask()
    assert [ahead.offer for ahead in begun] == [offer]
    conversations.ask(conversation, client_id="two", text="Hello?", now=utc_now())
    assert conversations.latest_offer(conversation) == {}


def test_a_question_that_takes_too_long_to_store_is_answered_as_any_other(model, pool, chat, monkeypatch):
    ask, conversation = chat
    monkeypatch.setattr(ahead_module, "_UNTIL_STORED", 0.05)
    record_in, settle, is_given_up = events.record_in, ahead_module.Ahead.settle, threading.Event()

    def settle_aloud(ahead, message, **named):
        is_given_up.set()
        return settle(ahead, message, **named)

    def slowly(*arguments, **named):
        assert is_given_up.wait(10)
        record_in(*arguments, **named)

    monkeypatch.setattr(ahead_module.Ahead, "settle", settle_aloud)
    monkeypatch.setattr(events, "record_in", slowly)
    assert ask().status_code == 201
    assert said(conversation) == WHOLE


def test_nothing_is_written_before_the_question_is_stored(app, model, chat):
    _ask, conversation = chat
    begun = begun_of(conversation)
    has_written = threading.Event()

    def write():
        with app.app_context():
            answers.write_only_when(begun.check)
            with pytest.raises(ahead_module.NotStored), transaction():
                has_written.set()
            db.session.remove()

    with ThreadPoolExecutor(1) as other:
        work = other.submit(write)
        begun.wait_until_asked()
        assert not has_written.is_set()
        begun.settle(None)
        work.result(10)
    assert not has_written.is_set()


def test_what_was_stored_elsewhere_is_not_what_was_foreseen(app, model, chat, agent):
    _ask, conversation = chat
    elsewhere = make_conversation(agent)
    begun = begun_of(conversation)
    begun.take()
    db.session.rollback()
    stored = Message(id=begun.message_id, conversation_id=elsewhere.id, seq=1)
    assert not begun.settle(stored)
    with pytest.raises(ahead_module.NotStored):
        begun.check()


def test_that_it_is_being_written_is_told_before_it_can_be_there(app, model, chat):
    _ask, conversation = chat
    begun, told = begun_of(conversation), []
    begun.take()
    db.session.rollback()
    stored = Message(id=begun.message_id, conversation_id=conversation.id, seq=1)

    def answer():
        begun.check()
        told.append("answer")

    def tell():
        # Whoever waits for it would be awake by now.
        assert not work.done()
        told.append("typing")

    with ThreadPoolExecutor(1) as other:
        work = other.submit(answer)
        assert begun.settle(stored, before=tell)
        work.result(10)
    assert told == ["typing", "answer"]


def test_giving_up_reads_nothing_of_rows_that_belong_to_another_thread(app, model, chat):
    _ask, conversation = chat
    begun = begun_of(conversation)
    db.session.rollback()
    db.session.expire_all()
    statements = []
    with ThreadPoolExecutor(1) as other, reading(statements):
        assert not other.submit(begun.settle, None).result(10)
    assert statements == []


def test_what_is_sent_many_times_at_once_asks_a_model_once(app, model, pool, chat, monkeypatch):
    ask, conversation = chat
    monkeypatch.setattr(answers, "_dispatch", None)
    first, second = begun_of(conversation), begun_of(conversation)
    assert [first.is_only_one(), second.is_only_one(), first.is_only_one()] == [True, False, True]
    # Another one of it is begun, in another thread, and not yet stored.
    assert ask().status_code == 201
    assert not model.requests
    second.settle(None)
    assert not second.is_only_one()
    first.settle(None)
    assert ask("And where to?", "two").status_code == 201
    pool()
    assert len(model.requests) == 1


def test_what_another_process_has_in_hand_is_asked_there_alone(app, model, pool, chat, monkeypatch):
    ask, conversation = chat
    number, stored = conversation.id, threading.Event()
    assert ahead_module.is_first(number, "one"), "as the other process does first"

    def store_it():
        with app.app_context():
            mine = db.session.get(Conversation, number)
            conversations.ask_once(mine, client_id="one", text="When?", answers_itself=True, now=utc_now())
            db.session.remove()
            stored.set()

    said_before, looked = conversations.said_before, []

    def look(*arguments):
        looked.append(arguments)
        if len(looked) == 2:
            threading.Thread(target=store_it).start()
            assert stored.wait(10)
        return said_before(*arguments)

    monkeypatch.setattr(conversations, "said_before", look)
    monkeypatch.setattr(answers, "_dispatch", None)
    assert ask().json["seq"] == 1
    pool()
    assert len(looked) == 2
    assert not model.requests
    assert said(conversation) == [("customer", "When?")]


def test_what_another_process_never_stores_is_answered_here(model, pool, chat, monkeypatch):
    ask, conversation = chat
    monkeypatch.setattr(answers, "_UNTIL_OTHER", 0.05)
    assert ahead_module.is_first(conversation.id, "one")
    assert ask().status_code == 201
    assert said(conversation) == WHOLE
