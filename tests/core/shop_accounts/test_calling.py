"""Tools of a shop's accounts are called with the token of the one customer whom it is for."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import answers, connections, conversations, erasures, shop_accounts, tool_calls
from core.clock import utc_now
from core.errors import NotFound
from core.shop_accounts import calling, tokens
from core.tool_calls import results
from models import db
from models.connections import CallStatus, ToolCall
from models.conversations import Message
from models.customers import Customer, WidgetSession
from models.shop_accounts import ShopAccounts, ShopSignIn
from tests.architecture.test_races import together
from tests.core.shop_customers import conversation_of, count, looks_up, opened, sign_in


def meanwhile(app, monkeypatch, happens):
    """Have something happen elsewhere, between what a shop answers and what is made of it."""
    ask = calling._asked

    def elsewhere():
        with app.app_context():
            happens()
            db.session.remove()

    def asked(*arguments, **named):
        result = ask(*arguments, **named)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(elsewhere).result(20)
        return result

    monkeypatch.setattr(calling, "_asked", asked)


def test_a_model_is_shown_no_token_and_gives_none(shop, lending, chat):
    sign_in(shop, chat, lending)
    offered = next(one for one in tool_calls.offered(conversation_of(chat)) if one.name == "get_order_status")
    assert set(offered.arguments["properties"]) == {"order_number"}
    refused = looks_up(chat, "get_order_status", order_number="1042", authorization="Bearer of-somebody")
    assert refused.status is CallStatus.REFUSED
    kept = json.dumps([[call.arguments, call.result, call.problem] for call in db.session.scalars(select(ToolCall))])
    assert not any(token in kept for token in shop.accounts.tokens)


def test_a_token_that_the_shop_takes_no_more_is_dropped(shop, lending, chat):
    sign_in(shop, chat, lending)
    shop.accounts.tokens.clear()
    assert looks_up(chat).status is CallStatus.FAILED
    assert not count(ShopSignIn)


def test_tokens_lie_sealed_and_belong_to_their_row(shop, agent, lending, chat):
    row = sign_in(shop, chat, lending)
    other = sign_in(shop, opened(agent), lending, who="tom")
    [access, *_] = shop.accounts.tokens
    assert access.encode() not in row.sealed_tokens
    assert tokens.opened(row.sealed_tokens, row.id)["access"] == access
    row.sealed_tokens = other.sealed_tokens
    db.session.commit()
    assert looks_up(chat).status is CallStatus.FAILED
    assert shop.accounts.calls == []


def test_a_token_is_renewed_once_however_many_ask(app, shop, lending, chat):
    shop.accounts.lifetime = 1
    row = sign_in(shop, chat, lending)
    shop.accounts.lifetime = 3600
    session_id = chat.id

    def look():
        return looks_up(db.session.get(WidgetSession, session_id)).status

    assert together(app, look, look, look) == [CallStatus.DONE] * 3
    assert [asked["grant_type"] for asked in shop.accounts.asked] == ["authorization_code", "refresh_token"]
    db.session.expire_all()
    assert db.session.get(ShopSignIn, row.id).renewing_until is None


def test_who_may_not_renew_has_to_sign_in_again(shop, lending, chat):
    shop.accounts.lifetime = 1
    sign_in(shop, chat, lending)
    shop.accounts.renewals.clear()
    assert looks_up(chat).status is CallStatus.FAILED
    assert looks_up(chat).sign_in_at == lending.id


def test_a_shop_that_is_away_ends_nothing(shop, lending, chat):
    shop.accounts.lifetime = 1
    sign_in(shop, chat, lending)
    db.session.execute(update(ShopAccounts).values(token_url="http://127.0.0.1:9/token"))
    db.session.commit()
    assert looks_up(chat).status is CallStatus.FAILED
    assert count(ShopSignIn) == 1


def test_a_shop_that_wants_the_token_alone_gets_it_so(shop, lending, chat):
    shop.accounts.wants_bare = True
    sign_in(shop, chat, lending)
    assert looks_up(chat).is_done
    assert shop_accounts.of_shop(shop.row).is_bare
    assert looks_up(chat).is_done


def test_who_waits_for_another_to_renew_waits_no_longer_than_that_may_take(shop, lending, chat, monkeypatch):
    monkeypatch.setattr(calling, "_PATIENCE", timedelta(seconds=0.2))
    shop.accounts.lifetime = 1
    row = sign_in(shop, chat, lending)
    row.renewing_until = utc_now() + timedelta(minutes=1)
    db.session.commit()
    assert "too long" in looks_up(chat).told
    assert len(shop.accounts.asked) == 1
    assert count(ShopSignIn) == 1


def test_a_sign_in_that_ends_while_somebody_waits_is_over(app, shop, lending, chat, monkeypatch):
    shop.accounts.lifetime = 1
    row = sign_in(shop, chat, lending)
    row.renewing_until = utc_now() + timedelta(minutes=1)
    db.session.commit()
    monkeypatch.setattr(calling.time, "sleep", lambda _seconds: shop_accounts.end_of_session(chat))
    called = looks_up(chat)
    assert (called.status, shop.accounts.calls) == (CallStatus.FAILED, [])
    assert "has to sign in" in called.told


def test_who_signs_out_while_the_shop_is_asked_is_told_nothing(app, shop, lending, chat, monkeypatch):
    sign_in(shop, chat, lending)
    session_id = chat.id
    meanwhile(app, monkeypatch, lambda: shop_accounts.end_of_session(db.session.get_one(WidgetSession, session_id)))
    called = looks_up(chat)
    assert (called.status, called.result, len(shop.accounts.calls)) == (CallStatus.FAILED, None, 1)
    assert "signed out meanwhile" in called.told
    assert db.session.scalars(select(ToolCall)).one().result is None


def test_who_is_erased_while_the_shop_is_asked_leaves_nothing_behind(app, shop, lending, chat, monkeypatch):
    sign_in(shop, chat, lending)
    conversation, who = conversation_of(chat), chat.customer_id
    message = conversations.ask(conversation, client_id="one", text="Where is my order?", now=utc_now())
    meanwhile(app, monkeypatch, lambda: erasures.erase(db.session.get_one(Customer, who), by=None, now=utc_now()))
    answers.produce(message.id)
    assert len(shop.accounts.calls) == 1
    assert (count(ToolCall), count(Message), count(ShopSignIn)) == (0, 0, 0)


def test_whoever_died_while_renewing_is_not_waited_for(shop, lending, chat):
    shop.accounts.lifetime = 1
    row = sign_in(shop, chat, lending)
    row.renewing_until = utc_now() - timedelta(seconds=1)
    db.session.commit()
    assert looks_up(chat).is_done


def test_what_a_shop_tells_is_kept_masked_and_cut(shop, lending, chat):
    sign_in(shop, chat, lending)
    shop.accounts.orders["ines"][0]["lineItems"]["nodes"][0]["title"] = "For ines@mail.example " + "x" * 9_000
    called = looks_up(chat)
    assert "ines@mail.example" not in called.told
    [row] = db.session.scalars(select(ToolCall))
    assert "ines@mail.example" not in row.result
    assert len(row.result) <= results.LONGEST


def test_a_shop_that_is_switched_off_is_not_asked(shop, lending, chat):
    sign_in(shop, chat, lending)
    conversation = conversation_of(chat)
    connections.switch(shop.row, is_on=False, by=None, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.call(lending, conversation, "get_order_status", {"order_number": "1042"}, fingerprint="")
    assert shop.accounts.calls == []
