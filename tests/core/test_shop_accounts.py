"""Customer accounts of a shop: who signs in there from the chat hears of their own orders, and nobody else does."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import delete, func, select, update

from core import (
    connections,
    conversations,
    customer_exports,
    erasures,
    jwks,
    sessions,
    shop_accounts,
    shop_answers,
    signing,
    tickets,
    tool_calls,
)
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound, Unauthenticated
from core.identity_keys import configure
from core.replies import Reply
from core.sessions import Visit
from core.shop_accounts import tokens
from core.shop_accounts.logins import challenge_of
from models import db
from models.audits import AuditEntry
from models.connections import Audience, CallStatus, Connection, ConnectionKind, ConnectionTool, ToolCall
from models.conversations import Conversation, Outcome
from models.customers import Customer, Standing, WidgetSession
from models.shop_accounts import ShopAccounts, ShopLogin, ShopSignIn
from models.teammates import Workspace
from tests.architecture.test_races import together
from tests.core.customer_token_forge import HS256, hs256
from tests.core.test_intents import said
from tests.shopify_accounts import CLIENT_ID
from tests.shopify_server import ShopifyShop, served_at, serving

US = "https://chat.example"
VISIT = Visit(parent_origin="https://example.com", own_origin="http://localhost")


@pytest.fixture(scope="module")
def address():
    made = ShopifyShop()
    with serving(made) as url:
        yield made, url


@pytest.fixture
def shop(app, agent, address, monkeypatch):
    """A connected shop whose customers may sign in; `accounts` is what they have there."""
    made, url = address
    made.accounts.reset()
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr("core.pieces._PAUSE", 0)
    for module in (connections, jwks):
        module.reach(allow_private=True)
    with served_at(US):
        made.row = connections.add(agent, title="Shop", url=url, kind=ConnectionKind.SHOPIFY, by=None, now=utc_now())
        yield made
    for module in (connections, jwks):
        module.reach(allow_private=False)


@pytest.fixture
def lending(shop):
    """The connection that lends the tools of the accounts."""
    accounts = shop_accounts.connect(shop.row, client_id=CLIENT_ID, by=None, now=utc_now())
    row = db.session.get(Connection, accounts.connection_id)
    connections.discover(row, now=utc_now())
    return row


@pytest.fixture
def chat(agent, lending):
    """Somebody anonymous, who has opened the chat."""
    return opened(agent)


def opened(agent, **told):
    visit = replace(VISIT, **told)
    return sessions.start(agent, tickets.issue(agent, origin=None, channel="web"), visit, now=utc_now()).session


def armed(session, lending):
    """The button was pressed, and the window knows for whom: what it shows, and what the shop is asked."""
    secret = shop_accounts.begin(session, lending.id, now=utc_now())
    way = shop_accounts.arm(secret, public_url=US, now=utc_now())
    return way, {name: values[0] for name, values in parse_qs(urlsplit(way.url).query).items()}


def come_back(shop, way, asked, *, who="ines", browser=None, **changes):
    told = shop.accounts.authorize(asked, who=who) | changes
    return shop_accounts.finish(shop.row.id, told, browser=browser or way.browser, now=utc_now())


def sign_in(shop, session, lending, *, who="ines"):
    return come_back(shop, *armed(session, lending), who=who)


def conversation_of(session):
    return db.session.get(Conversation, session.conversation_id)


def looks_up(session, name="get_most_recent_order_status", **given):
    return tool_calls.call(conversation_of(session), None, name, given, now=utc_now())


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


# Set up by an admin


def test_a_shops_accounts_are_found_and_only_looking_is_on(lending, shop):
    row = shop_accounts.of_shop(shop.row)
    assert (row.issuer, row.scopes) == (shop.accounts.issuer, "openid email customer-account-mcp-api:full")
    tools = {tool.name: tool for tool in lending.tools}
    assert {name for name, tool in tools.items() if not tool.is_on} == {"request_return"}
    assert tools["request_return"].needs_confirmation
    assert {(tool.audience, bool(tool.filled)) for tool in tools.values()} == {(Audience.VERIFIED, False)}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "connection.accounts")).one()
    assert entry.after == {"client": CLIENT_ID, "sign_in_at": shop.accounts.issuer}


@pytest.mark.parametrize(
    ("openid", "api", "said"),
    [
        ({}, {"mcp_api": None}, "no “mcp_api”"),
        ({"code_challenge_methods_supported": ["plain"]}, {}, "PKCE"),
        ({"response_types_supported": ["token"]}, {}, "gives no codes"),
        ({"scopes_supported": ["openid"]}, {}, "customer-account-mcp-api:full"),
        ({"issuer": None}, {}, "No “issuer”"),
        ({"token_endpoint": "ftp://shop.example/token"}, {}, "http"),
        ({"authorization_endpoint": "javascript:alert(1)"}, {}, "http"),
    ],
)
def test_what_is_missing_at_the_shop_is_said_in_words(shop, openid, api, said):
    shop.accounts.discovery, shop.accounts.api = openid, api
    with pytest.raises(Invalid) as refused:
        shop_accounts.connect(shop.row, client_id=CLIENT_ID, by=None, now=utc_now())
    assert said in refused.value.message
    assert not count(ShopAccounts)


def test_tools_that_the_shop_has_moved_are_off_and_that_is_on_record(shop, lending):
    before, moved = lending.url, f"{lending.url}/v2"
    shop.accounts.api = {"mcp_api": moved}
    shop_accounts.check(shop.row, by=None, now=utc_now())
    db.session.expire_all()
    assert lending.url == moved
    assert not any(tool.is_on for tool in lending.tools)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "connection.change")).one()
    assert (entry.before, entry.after) == ({"address": before}, {"address": moved})


def test_an_address_of_the_own_network_is_not_asked(shop, lending):
    connections.reach(allow_private=False)
    with pytest.raises(Invalid):
        shop_accounts.check(shop.row, by=None, now=utc_now())
    assert shop_accounts.of_shop(shop.row).problem


def test_another_client_signs_everybody_out(shop, lending, chat):
    sign_in(shop, chat, lending)
    shop_accounts.connect(shop.row, client_id="another", by=None, now=utc_now())
    assert (count(ShopSignIn), count(ShopAccounts), count(Connection)) == (0, 1, 2)


# Signing in


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


def test_a_model_is_shown_no_token_and_gives_none(shop, lending, chat):
    sign_in(shop, chat, lending)
    offered = next(one for one in tool_calls.offered(conversation_of(chat)) if one.name == "get_order_status")
    assert set(offered.arguments["properties"]) == {"order_number"}
    refused = looks_up(chat, "get_order_status", order_number="1042", authorization="Bearer of-somebody")
    assert refused.status is CallStatus.REFUSED
    kept = json.dumps([[call.arguments, call.result, call.problem] for call in db.session.scalars(select(ToolCall))])
    assert not any(token in kept for token in shop.accounts.tokens)


def test_what_the_shop_is_asked_is_what_pkce_wants(shop, lending, chat):
    way, asked = armed(chat, lending)
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{US}/shop-sign-in/{shop.row.id}/return"
    assert len(asked["state"]) == len(asked["nonce"]) == 43
    assert not {"code_verifier", "client_secret"} & asked.keys()
    come_back(shop, way, asked)
    [exchange] = shop.accounts.asked
    assert challenge_of(exchange["code_verifier"]) == asked["code_challenge"]


# What attackers try


def refuses(kind, run):
    with pytest.raises(kind):
        run()
    db.session.expire_all()
    assert not count(ShopSignIn)


def test_another_browser_cannot_finish_it(shop, lending, chat):
    """A link into the shop's sign-in that somebody was sent ends in their browser, which has no cookie of ours."""
    way, asked = armed(chat, lending)
    refuses(Unauthenticated, lambda: come_back(shop, way, asked, browser=signing.new_secret()))
    told = shop.accounts.authorize(asked)
    refuses(Unauthenticated, lambda: shop_accounts.finish(shop.row.id, told, browser=None, now=utc_now()))
    # Whoever began it may still end it.
    assert come_back(shop, way, asked)


def test_an_attackers_sign_in_does_not_become_the_victims(shop, agent, lending, chat):
    """Login CSRF: the victim's browser is led to the way back with the attacker's own answer of the shop."""
    attacker = opened(agent)
    _way, asked = armed(attacker, lending)
    victims, _asked = armed(chat, lending)
    told = shop.accounts.authorize(asked, who="tom")
    refuses(Unauthenticated, lambda: shop_accounts.finish(shop.row.id, told, browser=victims.browser, now=utc_now()))


def test_a_code_of_somebody_else_is_of_no_use(shop, agent, lending, chat):
    """Code injection, at a shop that looks at the verifier and at one that does not."""
    for is_careless in (False, True):
        shop.accounts.is_careless = is_careless
        attacker = opened(agent)
        way, asked = armed(attacker, lending)
        _victims, of_victim = armed(chat, lending)
        stolen = shop.accounts.authorize(of_victim, who="ines")["code"]
        refuses(
            (Invalid, Unauthenticated), lambda way=way, asked=asked, code=stolen: come_back(shop, way, asked, code=code)
        )


def test_nothing_is_good_twice(shop, lending, chat):
    secret = shop_accounts.begin(chat, lending.id, now=utc_now())
    way = shop_accounts.arm(secret, public_url=US, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.arm(secret, public_url=US, now=utc_now())
    asked = {name: values[0] for name, values in parse_qs(urlsplit(way.url).query).items()}
    told = shop.accounts.authorize(asked)
    shop_accounts.finish(shop.row.id, told, browser=way.browser, now=utc_now())
    with pytest.raises(Unauthenticated):
        shop_accounts.finish(shop.row.id, told, browser=way.browser, now=utc_now())


def test_two_who_come_back_at_once_are_one(app, shop, lending, chat):
    way, asked = armed(chat, lending)
    told, shop_id = shop.accounts.authorize(asked), shop.row.id

    def come():
        try:
            shop_accounts.finish(shop_id, told, browser=way.browser, now=utc_now())
        except Unauthenticated:
            return "late"
        return "in"

    assert sorted(together(app, come, come)) == ["in", "late"]
    assert len(shop.accounts.asked) == 1


def test_it_takes_ten_minutes_at_most(shop, lending, chat):
    late = utc_now() + timedelta(minutes=10, seconds=1)
    secret = shop_accounts.begin(chat, lending.id, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.arm(secret, public_url=US, now=late)
    way, asked = armed(chat, lending)
    told = shop.accounts.authorize(asked)
    refuses(Unauthenticated, lambda: shop_accounts.finish(shop.row.id, told, browser=way.browser, now=late))


@pytest.mark.parametrize("secret", [None, "", "x", 7, ["x"], "x" * 5000])
def test_what_is_no_secret_opens_nothing(shop, lending, chat, secret):
    shop_accounts.begin(chat, lending.id, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.arm(secret, public_url=US, now=utc_now())


def test_whoever_the_browser_belongs_to_by_then_gets_nothing(shop, agent, lending, chat):
    """Session fixation: somebody else chats in this browser by the time the answer comes, or nobody does."""
    way, asked = armed(chat, lending)
    sessions.identify(chat, agent, VISIT, now=utc_now())
    refuses(Unauthenticated, lambda: come_back(shop, way, asked))
    ended = opened(agent)
    way, asked = armed(ended, lending)
    sessions.end(ended, now=utc_now())
    refuses(Unauthenticated, lambda: come_back(shop, way, asked))


def test_the_answer_of_one_shop_is_not_anothers(shop, lending, chat):
    """Mix-up: by the address it comes to, and by who says that it gave it."""
    way, asked = armed(chat, lending)
    told = shop.accounts.authorize(asked)
    refuses(Unauthenticated, lambda: shop_accounts.finish(uuid.uuid4(), told, browser=way.browser, now=utc_now()))
    refuses(Unauthenticated, lambda: come_back(shop, *armed(chat, lending), iss="https://evil.example"))
    way, asked = armed(chat, lending)
    db.session.execute(update(ShopAccounts).values(token_url=f"{shop.accounts.address}/elsewhere"))
    db.session.commit()
    refuses(Conflict, lambda: come_back(shop, way, asked))
    assert not shop.accounts.asked


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"exp": 1},
        {"sub": ""},
    ],
)
def test_a_word_of_the_shop_that_does_not_fit_is_not_taken(shop, lending, chat, claims):
    shop.accounts.claims = claims
    refuses(Unauthenticated, lambda: sign_in(shop, chat, lending))


def test_a_word_that_the_shop_has_not_signed_is_not_taken(shop, lending, chat):
    shop.accounts.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refuses(Unauthenticated, lambda: sign_in(shop, chat, lending))


def test_who_changes_their_mind_is_not_signed_in(shop, lending, chat):
    way, asked = armed(chat, lending)
    told = {"error": "access_denied", "state": asked["state"]}
    refuses(Invalid, lambda: shop_accounts.finish(shop.row.id, told, browser=way.browser, now=utc_now()))
    assert not count(ShopLogin)


def test_another_agent_and_a_shop_that_is_off_begin_nothing(shop, agent, other_agent, lending, chat):
    stranger = sessions.start(other_agent, tickets.issue(other_agent, origin=None, channel="web"), VISIT, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.begin(stranger.session, lending.id, now=utc_now())
    connections.switch(shop.row, False, by=None, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.begin(chat, lending.id, now=utc_now())


# How it ends


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


def test_another_shop_or_none_ends_it(shop, lending, chat):
    sign_in(shop, chat, lending)
    connections.change(shop.row, title="Shop", url="http://127.0.0.2:81", by=None, now=utc_now())
    assert (count(ShopSignIn), count(ShopAccounts), count(Connection)) == (0, 0, 1)
    connections.remove(shop.row, by=None, now=utc_now())
    assert not count(ConnectionTool)


def test_a_token_that_the_shop_takes_no_more_is_dropped(shop, lending, chat):
    sign_in(shop, chat, lending)
    shop.accounts.tokens.clear()
    assert looks_up(chat).status is CallStatus.FAILED
    assert not count(ShopSignIn)


# Tokens


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


# What is kept, and greetings


def test_the_customers_copy_tells_of_it_and_holds_no_token(shop, lending, chat):
    sign_in(shop, chat, lending)
    copy = customer_exports.own(db.session.get(Customer, chat.customer_id), now=utc_now())
    assert [told["shop"] for told in copy["shopSignIns"]] == ["127.0.0.1"]
    assert not any(token in json.dumps(copy) for token in (*shop.accounts.tokens, *shop.accounts.renewals))


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
