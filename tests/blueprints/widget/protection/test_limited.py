"""What visitors are told who go too far, and the walls that no setting moves."""

import pytest
from sqlalchemy import select

from blueprints.widget import limits as walls
from core import blocks, conversations, limits, protection_settings, stops
from core.clock import utc_now
from core.protection_settings import Action, Scope
from models import db
from models.agents import Event
from models.conversations import Message
from models.customers import Customer
from models.protection import Block, Stop
from tests.blueprints.widget.protection.visitors import block_address, call, error, set_limit, suspect
from tests.blueprints.widget.test_api import SITE, open_chat, say, ticket_for

pytestmark = pytest.mark.both_databases


def test_a_session_is_limited_and_told_when_to_go_on(vera, workspace, opened, adam_himself):
    set_limit(workspace, adam_himself, Action.MESSAGES, Scope.SESSION, 2)
    assert [say(vera, opened, "hello there", client_id=str(number)).status_code for number in range(2)] == [201, 201]
    refused = say(vera, opened, "hello there", client_id="x")
    told = error(refused, 429, "rate_limited")
    assert told["message"].startswith("That was a bit fast. You can go on writing in ")
    assert refused.headers["Retry-After"] == str(told["retryAfter"])
    assert 1 <= told["retryAfter"] <= 60
    assert len(db.session.scalars(select(Message).where(Message.client_id.is_not(None))).all()) == 2


@pytest.mark.parametrize("scope", [Scope.CUSTOMER, Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_messages_are_limited_in_every_scope(vera, workspace, opened, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.MESSAGES, scope, 1)
    assert say(vera, opened, "hello").status_code == 201
    error(say(vera, opened, "hello", client_id="x"), 429, "rate_limited")


@pytest.mark.parametrize("scope", [Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_opening_is_limited_before_the_ticket_is_spent(vera, agent, workspace, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.SESSIONS, scope, 1)
    assert open_chat(vera, agent).status_code == 201
    ticket = ticket_for(agent)
    error(open_chat(vera, agent, ticket=ticket), 429, "rate_limited")
    set_limit(workspace, adam_himself, Action.SESSIONS, scope, 5)
    assert open_chat(vera, agent, ticket=ticket).status_code == 201


def test_coming_back_is_limited_by_customer_and_loses_nothing(vera, agent, workspace, opened, adam_himself):
    set_limit(workspace, adam_himself, Action.SESSIONS, Scope.CUSTOMER, 1)
    assert call(vera, "POST", "/sessions/refresh", json={}).status_code == 201
    for _ in range(3):
        error(call(vera, "POST", "/sessions/refresh", json={}), 429, "rate_limited")
    set_limit(workspace, adam_himself, Action.SESSIONS, Scope.CUSTOMER, 50)
    assert call(vera, "POST", "/sessions/refresh", json={}).status_code == 201


@pytest.mark.parametrize("scope", [Scope.SESSION, Scope.CUSTOMER, Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_asking_for_a_person_is_limited(vera, workspace, opened, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.HANDOFFS, scope, 1)
    assert call(vera, "POST", "/handoffs", opened).status_code == 201
    told = error(call(vera, "POST", "/handoffs", opened), 429, "rate_limited")
    assert told["retryAfter"] <= 3600


@pytest.mark.parametrize("scope", [Scope.ADDRESS, Scope.WEBSITE, Scope.AGENT])
def test_reports_are_limited(vera, agent, workspace, adam_himself, scope):
    set_limit(workspace, adam_himself, Action.REPORTS, scope, 1)
    report = {"json": {"agentId": agent.public_id, "events": [{"kind": "load"}]}, "headers": {"Origin": SITE}}
    assert call(vera, "POST", "/track", **report).status_code == 204
    error(call(vera, "POST", "/track", **report), 429, "rate_limited")


def test_many_reports_in_one_request_count_as_many(vera, agent, workspace, adam_himself):
    set_limit(workspace, adam_himself, Action.REPORTS, Scope.ADDRESS, 3)
    events = [{"kind": "error", "code": "frame_unreachable"}] * 4
    report = {"agentId": agent.public_id, "events": events}
    error(call(vera, "POST", "/track", json=report, headers={"Origin": SITE}), 429, "rate_limited")
    assert db.session.scalars(select(Event)).all() == []


def test_while_only_noting_nobody_is_stopped(vera, agent, workspace, opened, customer, adam_himself):
    set_limit(workspace, adam_himself, Action.MESSAGES, Scope.SESSION, 1)
    protection_settings.set_log_only(workspace, True, by=adam_himself, now=utc_now())
    suspect(workspace, customer, 500)
    for number in range(4):
        assert say(vera, opened, "hello", client_id=str(number)).status_code == 201
    stops.clear_old(now=utc_now())
    noted = {row.scope: (row.times, row.is_enforced) for row in db.session.scalars(select(Stop))}
    assert noted["messages:session"] == (3, False)
    assert noted["messages:block:customer"] == (4, False)
    assert noted["messages:challenge:customer"] == (4, False)
    assert noted["messages:slow:customer"] == (3, False)
    assert db.session.scalars(select(Block)).all() == []


def test_while_only_noting_a_persons_block_holds_and_the_products_own_does_not(
    vera, workspace, opened, customer, adam_himself
):
    protection_settings.set_log_only(workspace, True, by=adam_himself, now=utc_now())
    blocks.block_customer(customer, reason="", until=None, by=None, now=utc_now())
    assert say(vera, opened, "hello").status_code == 201
    blocks.block_customer(customer, reason="", until=None, by=adam_himself, now=utc_now())
    error(say(vera, opened, "hello", client_id="x"), 403, "blocked")


def test_a_preview_is_never_stopped(vera, agent, workspace, adam_himself):
    answer = open_chat(vera, agent, ticket=ticket_for(agent, conversations.PREVIEW), parentOrigin="http://localhost")
    token = answer.json["token"]
    set_limit(workspace, adam_himself, Action.MESSAGES, Scope.SESSION, 1)
    block_address(workspace)
    suspect(workspace, db.session.scalars(select(Customer)).one(), 500)
    for number in range(3):
        assert say(vera, token, "the same text over and over", client_id=str(number)).status_code == 201
    assert (
        open_chat(
            vera, agent, ticket=ticket_for(agent, conversations.PREVIEW), parentOrigin="http://localhost"
        ).status_code
        == 201
    )


def test_previews_of_an_agent_together_have_a_limit(vera, agent, monkeypatch):
    monkeypatch.setitem(limits._OF_PREVIEWS, Action.MESSAGES, protection_settings.Limit(2, 60))
    ticket = ticket_for(agent, conversations.PREVIEW)
    token = open_chat(vera, agent, ticket=ticket, parentOrigin="http://localhost").json["token"]
    for number in range(2):
        assert say(vera, token, "hello", client_id=str(number)).status_code == 201
    error(say(vera, token, "hello", client_id="x"), 429, "rate_limited")
    customers = open_chat(vera, agent).json["token"]
    assert say(vera, customers, "hello").status_code == 201


def test_each_wall_counts_for_itself(vera, agent, opened):
    chats = [opened, open_chat(vera, agent).json["token"]]
    for _ in range(31):
        assert [call(vera, "POST", "/typing", token, json={}).status_code for token in chats] == [204, 204]
    # What has no token counts as one session of its address, whatever others there do.
    for _ in range(60):
        error(call(vera, "POST", "/typing", json={}), 401, "token_required")
    error(call(vera, "POST", "/typing", json={}), 429, "rate_limited")


def test_the_wall_stands_where_no_setting_goes_beyond():
    assert walls.PER_SESSION == "240/minute"
    assert walls.PER_ADDRESS == "1200/minute;12000/hour"
    assert all(
        (limit.count or 0) <= protection_settings.CEILINGS.get(key, protection_settings.MOST)
        for key, limit in protection_settings.LIMITS.items()
    )
