"""Who signs in at a shop from the chat hears of their own orders, and nobody else does."""

import json
from datetime import timedelta

from core import (
    conversations,
    customer_exports,
    erasures,
    sessions,
    shop_accounts,
    shop_answers,
)
from core.clock import utc_now
from core.identity_keys import configure
from models import db
from models.connections import CallStatus
from models.customers import Customer, Standing
from models.shop_accounts import ShopLogin, ShopSignIn
from models.teammates import Workspace
from tests.core.customer_token_forge import HS256, hs256
from tests.core.shop_customers import VISIT, armed, conversation_of, count, looks_up, opened, sign_in
from tests.core.test_intents import said


def test_who_signs_in_hears_of_their_own_orders_and_signs_out_again(shop, agent, lending, chat):
    asked = said(chat.conversation_id, "Where is my order?")
    assert asked.details["shop_account"] == {"id": str(lending.id), "shop": "127.0.0.1", "isSignedIn": False}
    assert "Sign in to your account at 127.0.0.1" in asked.text
    assert not shop.accounts.calls
    shop_answers.signed_in(sign_in(shop, chat, lending), now=utc_now())
    told = conversations.latest_messages(conversation_of(chat))[-1]
    assert told.text.startswith("You are signed in at 127.0.0.1.")
    assert "Order **#1042** is **in transit**." in told.text
    assert "£84.00" in told.text
    assert "TRACK-1042" in told.text
    assert told.details["shop_account"]["isSignedIn"]
    assert "Moss throw" in said(chat.conversation_id, "Where is order #1007?").text
    assert "I find no order" in said(chat.conversation_id, "Where is order #2001?").text
    assert {who for _name, who, _given in shop.accounts.calls} == {"ines"}
    assert shop_accounts.end_of_session(chat) == 1
    assert "Sign in to your account" in said(chat.conversation_id, "Where is my order?").text
    assert looks_up(chat).status is CallStatus.REFUSED


def test_a_sign_in_is_good_for_its_own_customer_alone(shop, agent, lending, chat):
    sign_in(shop, chat, lending)
    other = opened(agent)
    assert looks_up(chat).is_done
    refused = looks_up(other)
    assert (refused.status, refused.sign_in_at) == (CallStatus.REFUSED, lending.id)
    # Theirs is theirs, at the same shop and at the same time.
    sign_in(shop, other, lending, who="tom")
    assert "#2001" in looks_up(other).told
    assert "#1042" in looks_up(chat).told


def test_a_customer_of_two_browsers_is_signed_in_once_and_out_of_both(shop, agent, lending):
    """Their conversations are the same: what one of the browsers says of it has to hold in the other."""
    configure(db.session.get(Workspace, agent.workspace_id), HS256, now=utc_now())
    token = hs256({"sub": "c-1", "exp": utc_now().timestamp() + 600})
    desk, phone = (opened(agent, customer_token=token) for _ in range(2))
    assert (desk.customer_id, desk.family_id != phone.family_id) == (phone.customer_id, True)
    shop_answers.signed_in(sign_in(shop, desk, lending), now=utc_now())
    shop_answers.signed_in(sign_in(shop, phone, lending, who="tom"), now=utc_now())
    assert count(ShopSignIn) == 1
    # Nothing of one account stands where somebody has signed in with the other.
    assert shop_answers.greeted_with(desk, now=utc_now()) == {}
    assert "#2001" in shop_answers.greeted_with(phone, now=utc_now())["number"]
    assert shop_accounts.end_of_session(desk) == 1
    assert looks_up(phone).status is CallStatus.REFUSED


def test_it_says_nothing_of_who_they_are_elsewhere(shop, lending, chat):
    """It opens no other tool, joins no other customer, and shows no earlier conversation."""
    sign_in(shop, chat, lending)
    customer = db.session.get(Customer, chat.customer_id)
    assert (customer.standing, customer.external_id, customer.email) == (Standing.ANONYMOUS, None, None)
    assert count(Customer) == 1


def test_whatever_ends_the_chat_ends_the_sign_in(shop, agent, workspace, lending):
    def ended_by(run):
        session = opened(agent)
        sign_in(shop, session, lending)
        armed(session, lending)
        run(session)
        db.session.expire_all()
        assert (count(ShopSignIn), count(ShopLogin)) == (0, 0)

    ended_by(lambda session: sessions.end(session, now=utc_now()))
    ended_by(lambda session: sessions.identify(session, agent, VISIT, now=utc_now()))
    ended_by(lambda session: sessions.end_of_customer(session.customer, by=None, now=utc_now()))
    ended_by(lambda session: erasures.erase(session.customer, by=None, now=utc_now()))
    ended_by(lambda _session: sessions.end_all(workspace, by=None, now=utc_now()))
    ended_by(lambda _session: shop_accounts.clear_expired(now=utc_now() + timedelta(hours=24)))
    ended_by(lambda _session: shop_accounts.disconnect(shop.row, by=None, now=utc_now()))


def test_a_day_is_the_most(shop, lending, chat):
    row = sign_in(shop, chat, lending)
    later = row.created_at + timedelta(hours=24)
    assert shop_accounts.live_of(lending.id, conversation_of(chat), now=later - timedelta(seconds=1))
    assert shop_accounts.live_of(lending.id, conversation_of(chat), now=later) is None


def test_the_customers_copy_tells_of_it_and_holds_no_token(shop, lending, chat):
    sign_in(shop, chat, lending)
    copy = customer_exports.own(db.session.get(Customer, chat.customer_id), now=utc_now())
    assert [told["shop"] for told in copy["shopSignIns"]] == ["127.0.0.1"]
    assert not any(token in json.dumps(copy) for token in (*shop.accounts.tokens, *shop.accounts.renewals))
