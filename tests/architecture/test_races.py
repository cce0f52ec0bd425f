"""Two at once: what is good once is taken once, and nobody's words end up where they must not.

Each pair starts behind one barrier, a few times over; on SQLite writers queue, on PostgreSQL they truly meet.
"""

import re
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import answers, blocks, conversations, erasures, identity_keys, merges, proposals, second_factors
from core.clock import utc_now
from core.errors import DomainError, NotFound
from models import db
from models.agents import Agent
from models.conversations import Answer, Conversation, Message
from models.customers import Customer, Fact, IdentityKey, WidgetSession
from models.knowledge import Entry, Proposal
from models.second_factors import Authenticator
from models.teammates import Role, Teammate, Workspace
from tests.shops import APP_SECRET, Shop, fingerprint, make_shop, sign_in
from web.extensions import limiter

API = "/api/v1/widget"
PASSWORD = "a lantern by the harbour at dusk"


again = pytest.mark.parametrize("attempt", range(4))


@pytest.fixture
def shop(app, monkeypatch) -> Shop:
    monkeypatch.setattr(limiter, "enabled", False)
    return make_shop("Brambleby", is_staffed=False)


@again
def test_one_invitation_lets_one_person_in(app, shop, attempt):
    before, address = count(Teammate), f"/invitations/{shop.tokens['invitation']}"
    answered = together(app, *(poster(app, address, name=name, password=PASSWORD) for name in ("Ann", "Bob")))
    assert count(Teammate) == before + 1
    accepted, refused = sorted(answer.status_code for answer in answered)
    assert accepted == 303
    assert refused in (404, 409, 422)


@again
def test_one_reset_sets_one_password(app, shop, attempt):
    address = f"/reset-password/{shop.tokens['reset']}"
    answered = together(app, *(poster(app, address, password=f"{PASSWORD} {word}") for word in ("one", "two")))
    assert sorted(answer.status_code for answer in answered) == [303, 404]


@again
def test_a_recovery_code_is_good_once(app, shop, attempt):
    owner = shop.id_of("owner")
    code = second_factors.renew_codes(get(Teammate, owner), now=utc_now())[attempt]
    taken = together(app, *[lambda: second_factors.take_recovery_code(get(Teammate, owner), code, now=utc_now())] * 3)
    assert sorted(taken) == [False, False, True]


@again
def test_a_code_of_the_app_is_good_once(app, shop, attempt):
    owner, code = shop.id_of("owner"), pyotp.TOTP(APP_SECRET).now()
    taken = together(app, *[lambda: second_factors.take_code(get(Teammate, owner), code, now=utc_now())] * 3)
    assert sorted(taken) == [False, False, True]


@again
def test_a_ticket_opens_one_session(app, shop, attempt):
    before, body = count(WidgetSession), beginning(app, shop)
    answered = together(app, *[lambda: app.test_client().post(f"{API}/sessions", json=body).status_code] * 3)
    assert sorted(answered) == [201, 401, 401]
    assert count(WidgetSession) == before + 1


@again
def test_a_proposal_teaches_once(app, shop, attempt):
    agent, proposal, before = shop.id_of("agent"), shop.id_of("proposal"), count(Entry)

    def approve() -> str:
        words = {"question": "Does it glow?", "answer": "It glows."}
        try:
            proposals.approve(get(Agent, agent), get(Proposal, proposal), **words, by=None, now=utc_now())
        except NotFound as refusal:
            return refusal.message
        return ""

    told = together(app, *[approve] * 3)
    assert sorted(told) == ["", *["This proposal has been dealt with already."] * 2]
    assert count(Entry) == before + 1


@again
def test_two_keys_that_are_added_at_once_are_not_three(app, shop, attempt):
    key = {"alg": "HS256", "secret": "x" * 40}
    together(app, *[lambda: identity_keys.add(get(Workspace, shop.workspace.id), key, by=None, now=utc_now())] * 3)
    live = select(func.count()).where(IdentityKey.retired_at.is_(None))
    assert db.session.scalar(live) == 2


@again
def test_what_is_said_during_a_merge_is_neither_lost_nor_anybodys(app, shop, attempt):
    other = make_shop("Quillfeather", is_staffed=False)
    before = fingerprint(other.workspace)
    kept, gone = shop.id_of("customer"), shop.id_of("second_customer")
    said, _merged = together(
        app,
        lambda: say(app, shop.tokens["second_session"]),
        lambda: merges.merge(get(Customer, kept), get(Customer, gone), by=None, now=utc_now()),
    )
    assert db.session.get(Customer, gone) is None
    assert said.status_code in (201, 401, 404, 409)
    if said.status_code == 201:
        message = get(Message, uuid.UUID(said.json["id"]))
        assert get(Conversation, message.conversation_id).customer_id == kept
    assert fingerprint(other.workspace) == before


@again
def test_what_is_said_and_answered_during_an_erasure_is_erased(app, shop, attempt):
    other = make_shop("Quillfeather", is_staffed=False)
    before, customer, conversation = fingerprint(other.workspace), shop.id_of("customer"), shop.id_of("conversation")
    owed = owe_an_answer(conversation)
    together(
        app,
        lambda: erasures.erase(get(Customer, customer), by=None, now=utc_now()),
        lambda: answers.request(owed),
        lambda: say(app, shop.tokens["session"]),
    )
    assert db.session.get(Conversation, conversation) is None
    for table in (Message, Answer):
        assert not db.session.scalar(select(func.count()).where(table.conversation_id == conversation))
    assert say(app, shop.tokens["session"]).status_code == 401
    assert fingerprint(other.workspace) == before


@again
def test_what_is_erased_while_it_is_changed_is_gone(app, shop, attempt):
    customer = shop.id_of("customer")
    memory = f"/admin/customers/{customer}/memory"
    asked = {
        f"{memory}/{shop.id_of('fact')}": {"text": "Likes candles."},
        memory: {"text": "Likes lamps.", "days": "0"},
        f"/admin/conversations/{shop.id_of('conversation')}/block": {"this_customer": "y", "duration": "day"},
    }
    *answered, _erased = together(
        app,
        *(poster(app, address, sign_in(app, shop, Role.OWNER), **fields) for address, fields in asked.items()),
        lambda: erasures.erase(get(Customer, customer), by=None, now=utc_now()),
    )
    assert {answer.status_code for answer in answered} <= {303, 404, 409}
    assert not db.session.scalar(select(func.count()).select_from(Fact).where(Fact.customer_id == customer))


@again
def test_a_block_holds_from_the_moment_it_is_made(app, shop, attempt):
    customer, blocked = shop.id_of("customer"), threading.Event()

    def block() -> None:
        blocks.block_customer(get(Customer, customer), reason="spam", until=None, by=None, now=utc_now())
        blocked.set()

    def keep_on_saying() -> list[tuple[bool, int]]:
        return [(blocked.is_set(), say(app, shop.tokens["session"]).status_code) for _ in range(8)]

    _blocked, said = together(app, block, keep_on_saying)
    assert {status for was_blocked, status in said if was_blocked} <= {403}
    assert say(app, shop.tokens["session"]).status_code == 403


@again
def test_websites_that_are_allowed_at_once_are_all_on_the_list_and_none_is_twice(app, shop, attempt):
    agent = shop.id_of("agent")
    address, browsers = f"/admin/settings/websites/{agent}/list", [sign_in(app, shop, Role.OWNER) for _ in range(3)]
    wanted = ["lamps.example", "lamps.example", "candles.example"]
    answered = together(
        app, *(poster(app, address, one, addresses=name) for one, name in zip(browsers, wanted, strict=True))
    )
    assert {answer.status_code for answer in answered} <= {200, 303}
    db.session.rollback()
    listed = [website.pattern for website in get(Agent, agent).websites]
    assert sorted(one for one in listed if one in wanted) == ["candles.example", "lamps.example"]


@again
def test_an_app_that_is_set_up_twice_at_once_is_one(app, shop, attempt):
    person, code = shop.id_of("teammate"), pyotp.TOTP(APP_SECRET).now()

    def set_up() -> bool:
        return bool(second_factors.set_up_authenticator(get(Teammate, person), APP_SECRET, code, now=utc_now()))

    assert sorted(together(app, *[set_up] * 3)) == [False, False, True], "the recovery codes are shown once"
    db.session.rollback()
    assert get(Authenticator, person).teammate_id == person


def together(app: Flask, *actions: Callable[[], Any]) -> list[Any]:
    """Do all of these at the same moment; the results, or the refusals in their place, in order."""
    db.session.remove()
    barrier, results = threading.Barrier(len(actions)), [None] * len(actions)

    def act(number: int, action: Callable[[], Any]) -> None:
        with app.app_context():
            barrier.wait(10)
            try:
                results[number] = action()
            except DomainError as refusal:
                results[number] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "Two wait for each other."
    return results


def poster(app: Flask, address: str, browser: FlaskClient | None = None, **fields: str) -> Callable[[], Any]:
    return lambda: (browser or app.test_client()).post(address, data=fields)


def say(app: Flask, token: str) -> Any:
    body = {"clientId": f"race-{time.perf_counter_ns()}", "text": "Where is my lamp?"}
    return app.test_client().post(f"{API}/messages", json=body, headers={"X-Widget-Token": token})


def beginning(app: Flask, shop: Shop) -> dict[str, str]:
    origin = shop.rows["widget_session"].parent_origin
    agent = shop.rows["agent"].public_id
    page = app.test_client().get(f"/widget/{agent}", headers={"Referer": f"{origin}/"}).text
    return {"agentId": agent, "parentOrigin": origin, "ticket": re.search(r'data-ticket="([^"]+)"', page)[1]}


def owe_an_answer(conversation_id: Any) -> Any:
    conversation = get(Conversation, conversation_id)
    conversations.hand_back(conversation, now=utc_now())
    return conversations.ask(conversation, client_id="owed", text="Do you sell candles?", now=utc_now())


def get(table: Any, key: Any) -> Any:
    return db.session.get_one(table, key, populate_existing=True)


def count(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0
