"""What follows a sign-in at a shop: the answer that was owed, and greetings."""

from datetime import timedelta

from sqlalchemy import delete, update

from core import (
    connections,
    shop_accounts,
    shop_answers,
)
from core.clock import utc_now
from models import db
from models.shop_accounts import ShopAccounts, ShopSignIn
from tests.core.shop_customers import opened, sign_in
from tests.core.test_intents import said


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


def test_nobody_with_orders_is_told_so(shop, lending, chat):
    shop.accounts.orders["ines"] = []
    sign_in(shop, chat, lending)
    assert said(chat.conversation_id, "Where is my order?").text == "I see no orders in your account."
