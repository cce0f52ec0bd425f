"""What follows a sign-in at a shop: the answer that was owed, and greetings."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from starlette.responses import Response

from core import connections, conversations, shop_accounts, shop_answers
from core.clock import utc_now
from core.errors import NotFound
from core.replies import Reply
from gateways.mcp import McpFailed
from models import db
from models.conversations import Outcome, Sender, State
from models.jobs import Job
from models.shop_accounts import ShopAccounts, ShopSignIn
from tests.core.shop_customers import conversation_of, opened, sign_in
from tests.core.test_intents import said
from tests.shopify_accounts import GRAPHQL_PATH


def test_what_needs_a_yes_after_the_sign_in_is_asked_and_not_hidden_by_the_way_out(shop, lending, chat, monkeypatch):
    said(chat.conversation_id, "Please cancel order #1042")
    question = {"id": str(uuid.uuid4()), "title": "Cancel order #1042", "lines": []}
    reply = Reply("Shall I cancel it?", Outcome.ANSWERED, {"confirm": question})
    monkeypatch.setattr(shop_answers.Lookup, "first", lambda _self, _speaker: reply)
    shop_answers.signed_in(sign_in(shop, chat, lending), now=utc_now())
    told = conversations.as_json(conversations.latest_messages(conversation_of(chat))[-1])
    assert told["text"].endswith("Shall I cancel it?")
    assert told["extras"] == {"confirm": question}


def test_a_shop_that_goes_as_its_sign_in_is_offered_breaks_no_answer(shop, lending, chat, monkeypatch):
    of_shop = shop_accounts.card

    def gone(connection_id):
        db.session.execute(delete(ShopAccounts))
        return of_shop(connection_id)

    monkeypatch.setattr(shop_accounts, "card", gone)
    answered = said(chat.conversation_id, "Where is my order?")
    assert "shop_account" not in answered.details
    assert answered.details["sign_in"]


def test_the_next_greeting_knows_the_latest_order_of_this_browser_alone(shop, agent, lending, chat):
    assert shop_answers.greeted_with(chat, now=utc_now()) == {}
    row = sign_in(shop, chat, lending)
    shop_answers.signed_in(row, now=utc_now())
    asked = len(shop.accounts.calls)
    assert shop_answers.greeted_with(chat, now=utc_now()) == {"number": "#1042", "status": "in transit"}
    # It was looked up just now, and nobody waits for the shop.
    assert len(shop.accounts.calls) == asked
    assert shop_answers.greeted_with(opened(agent), now=utc_now()) == {}
    shop_accounts.end_of_session(chat)
    assert shop_answers.greeted_with(chat, now=utc_now()) == {}


def test_a_shop_that_is_switched_off_greets_nobody(shop, lending, chat):
    shop_answers.signed_in(sign_in(shop, chat, lending), now=utc_now())
    connections.switch(shop.row, is_on=False, by=None, now=utc_now())
    assert shop_answers.greeted_with(chat, now=utc_now()) == {}


def test_a_greeting_is_brought_up_to_date_beside_it(shop, lending, chat):
    shop_answers.signed_in(sign_in(shop, chat, lending), now=utc_now())
    shop.accounts.orders["ines"][0]["fulfillmentStatus"] = "DELIVERED"
    db.session.execute(update(ShopSignIn).values(latest_at=utc_now() - timedelta(minutes=11)))
    db.session.commit()
    assert shop_answers.greeted_with(chat, now=utc_now())["status"] == "in transit"
    assert shop_answers.greeted_with(chat, now=utc_now())["status"] == "delivered"


def look_again(chat):
    db.session.execute(update(ShopSignIn).values(latest_at=utc_now() - timedelta(minutes=11)))
    db.session.commit()
    shop_answers.greeted_with(chat, now=utc_now())
    return shop_answers.greeted_with(chat, now=utc_now())


def test_a_shop_that_does_not_answer_takes_nothing_from_the_greeting(shop, lending, chat, monkeypatch):
    def silent(*_arguments, **_named):
        raise McpFailed("The answer took too long.")

    shop_answers.signed_in(sign_in(shop, chat, lending), now=utc_now())
    shop.accounts.instead[GRAPHQL_PATH] = Response("oops", 500)
    monkeypatch.setattr("gateways.mcp.call", silent)
    assert look_again(chat) == {"number": "#1042", "status": "in transit"}


def test_what_may_not_be_looked_up_any_more_is_in_no_greeting(shop, lending, chat):
    shop_answers.signed_in(sign_in(shop, chat, lending), now=utc_now())
    for tool in lending.tools:
        tool.is_on = False
    db.session.commit()
    assert look_again(chat) == {}
    # It is noted that nobody can be asked, so that not each greeting asks again.
    jobs = db.session.scalar(select(func.count()).select_from(Job))
    assert shop_answers.greeted_with(chat, now=utc_now()) == {}
    assert db.session.scalar(select(func.count()).select_from(Job)) == jobs


def test_nobody_with_orders_is_told_so(shop, lending, chat):
    shop.accounts.orders["ines"] = []
    sign_in(shop, chat, lending)
    assert said(chat.conversation_id, "Where is my order?").text == "I see no orders in your account."


def agents_words(session):
    rows = conversations.messages_after(session.conversation_id, 0)
    return [row.text for row in rows if row.sender is Sender.AGENT]


def test_where_a_person_has_taken_over_the_agent_keeps_silent_and_looks_all_the_same(shop, lending, chat):
    row = sign_in(shop, chat, lending)
    conversation_of(chat).state = State.PERSON
    db.session.commit()
    shop_answers.signed_in(row, now=utc_now())
    assert agents_words(chat) == []
    db.session.expire_all()
    assert db.session.get(ShopSignIn, row.id).latest["number"] == "#1042"


def test_nobody_is_answered_who_has_gone_or_is_somebody_else_by_now(shop, agent, lending, chat):
    row = sign_in(shop, chat, lending)
    job = Job(subject_id=row.id)
    other = opened(agent)
    row.customer_id = other.customer_id
    db.session.commit()
    shop_answers.follow(job)
    shop_accounts.end_of_session(other)
    shop_answers.follow(job)
    shop_answers.look(job)
    assert (agents_words(chat), shop.accounts.calls) == ([], [])


def test_a_shop_that_is_not_connected_any_more_is_not_spoken_of(shop, lending, chat, monkeypatch):
    def gone(_connection_id, **_how):
        raise NotFound("This shop is not connected any more.")

    row = sign_in(shop, chat, lending)
    monkeypatch.setattr(shop_accounts, "card", gone)
    shop_answers.signed_in(row, now=utc_now())
    assert agents_words(chat) == []


@pytest.mark.parametrize("breaks", [True, False])
def test_a_shop_that_tells_nothing_is_not_asked_again_at_once(shop, lending, chat, breaks):
    if breaks:
        shop.accounts.instead[GRAPHQL_PATH] = Response("oops", 500)
        shop.accounts.orders.pop("ines")
    for tool in lending.tools:
        tool.is_on = breaks and tool.is_on
    db.session.commit()
    row = sign_in(shop, chat, lending)
    shop_answers.look(Job(subject_id=row.id))
    db.session.expire_all()
    assert not db.session.get(ShopSignIn, row.id).latest
    assert shop_answers.greeted_with(chat, now=utc_now()) == {}
    # Where no tool could tell, there was nobody to ask.
    assert len(shop.accounts.calls) == int(breaks)
