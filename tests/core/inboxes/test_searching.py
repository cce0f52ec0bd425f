"""Searching through what was said and noted."""

import pytest
from sqlalchemy import func, select, text

from core import conversations, erasures, inboxes, notes
from core.inboxes import Filters
from core.inboxes.searching import words_in
from models import db, transaction
from models.conversations import Message
from models.search_texts import SearchText, forget_deleted, search_words, sought
from tests.conftest import NOW, make_conversation, make_customer
from tests.core.inboxes.pieces import ids, page, said


def found(workspace, reader, search):
    return set(ids(page(workspace, reader, search=search)))


@pytest.mark.parametrize(
    ("words", "search"),
    [
        ("The lamp flickers", "  LAMP "),
        ("The lamp flickers", "flick"),
        ("The lamp flickers", "flickers lamp"),
        ("Meine Straße heißt Ölweg", "strasse olw"),
        ("Où est le café ?", "CAFE"),
        ("Order 4711-22 is late", "4711"),
        ("Order 4711-22 is late", "#4711-22"),
        ("Привет, где мой заказ?", "зака"),
        ("أين طلبي من فضلك", "طلبي"),
        ("我的订单在哪里", "订单"),
        ("我的订单在哪里", "单"),
        ("ランプが壊れました", "壊れ"),
        ("โคมไฟเสีย", "ไฟเสีย"),
        ("मेरा ऑर्डर कहाँ है", "ऑर्डर"),
        ("내 주문은 어디에 있나요", "주문"),
    ],
)
def test_words_and_their_beginnings_are_found_in_any_script(workspace, agent, reader, words, search):
    conversation = said(agent, words)
    said(agent, "Something else entirely")
    assert found(workspace, reader, search) == {conversation.id}


@pytest.mark.parametrize("search", ["amp", "lamp green", "订哪", "lampshade"])
def test_what_was_not_said_is_not_found(workspace, agent, reader, search):
    said(agent, "The lamp flickers 我的订单在哪里")
    assert found(workspace, reader, search) == set()


@pytest.mark.parametrize(
    "search", ['"', "lamp OR", "lamp*", "NEAR(a b)", "'; --", "a:b", "%", "_", "^lamp", "lamp & !x", "()"]
)
def test_what_is_typed_is_never_a_query(workspace, agent, reader, search):
    said(agent, "unrelated")
    assert found(workspace, reader, search) == set()


def test_customers_are_found_by_name_and_address(workspace, agent, reader):
    customer = make_customer(workspace.id, "Élodie Novák", email="elodie@example.com")
    conversation = make_conversation(agent, customer)
    conversations.ask(conversation, client_id="one", text="Hi", now=NOW)
    assert found(workspace, reader, "novak elod") == {conversation.id}
    assert found(workspace, reader, "elodie@example") == {conversation.id}


def test_the_agent_s_and_teammates_words_and_notes_are_searched_and_notices_are_not(workspace, agent, reader):
    conversation = said(agent)
    conversations.reply(conversation, text="Try another **bulb**.", details={}, now=NOW)
    conversations.write_as_person(conversation, reader, text="I am looking after it", now=NOW)
    notes.add(conversation, text="Refund agreed on the telephone", by=reader, now=NOW)
    for search in ("bulb", "looking", "telephone"):
        assert found(workspace, reader, search) == {conversation.id}
    assert found(workspace, reader, "joined") == set()


def test_nothing_of_another_workspace_is_found(workspace, agent, other_agent, reader):
    said(other_agent, "The lamp flickers", name="Lampert")
    assert found(workspace, reader, "lamp") == set()


def test_what_is_changed_or_moved_is_found_as_it_is_now(workspace, agent, reader):
    conversation, other = said(agent, "The lamp"), said(agent, "else")
    message = db.session.scalars(select(Message).where(Message.conversation_id == conversation.id)).one()
    with transaction():
        message.text = "The candle"
    assert found(workspace, reader, "lamp") == set()
    assert found(workspace, reader, "candle") == {conversation.id}
    with transaction():
        message.conversation_id, message.seq, message.client_id = other.id, 9, None
    assert found(workspace, reader, "candle") == {other.id}


def test_what_is_erased_leaves_the_index(workspace, agent, reader):
    conversation = said(agent, "The xylophone flickers")
    said(agent, "Another")
    erasures.erase(conversation.customer, by=None, now=NOW)
    assert found(workspace, reader, "xylophone") == set()
    assert db.session.scalar(select(func.count()).select_from(SearchText)) == 1
    if db.engine.dialect.name == "sqlite":
        blocks = db.session.execute(text("SELECT block FROM search_index_data")).scalars().all()
        assert not any(b"xylophone" in bytes(block) or b"ylophone" in bytes(block) for block in blocks)


def test_forgetting_keeps_what_is_there(workspace, agent, reader):
    conversation = said(agent, "The lamp")
    with transaction():
        forget_deleted(db.session.connection())
    assert found(workspace, reader, "lamp") == {conversation.id}


def test_words_are_kept_once_and_bounded():
    assert search_words("The the THE lamp") == "the lamp"
    assert search_words("a_b-c  d'e") == "a b c d e"
    assert search_words("w" * 500) == "w" * 60
    assert search_words("订单号") == "订 单 号 订单 单号"
    assert sought("订单号 la", most=8) == [("订单", False), ("单号", False), ("la", True)]
    assert len(words_in(" ".join(f"word{number}" for number in range(50)))) == 8


def test_a_search_is_bounded():
    assert len(Filters.read({"search": "x" * 5000}).search) == 100
    assert inboxes.Filters.read({"search": "a\x00b   c"}).search == "ab c"
