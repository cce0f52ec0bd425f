"""What blocked visitors are told, wherever they try."""

import threading

import pytest
from sqlalchemy import select

from core import blocks, identity_keys
from core.clock import utc_now
from gateways.bus import current_bus
from models import db
from models.conversations import Message
from models.customers import Customer
from tests.blueprints.widget.protection.visitors import block_address, call, error
from tests.blueprints.widget.test_api import SITE, open_chat, say, ticket_for
from tests.core.customer_token_forge import HS256, claims, hs256

pytestmark = pytest.mark.both_databases


def everything_a_blocked_visitor_tries(client, agent, token):
    yield open_chat(client, agent)
    yield call(client, "POST", "/sessions/refresh", json={})
    yield call(client, "POST", "/customer", token, json={})
    yield say(client, token, "hello", client_id="again")
    yield call(client, "GET", "/messages", token)
    yield call(client, "GET", "/events", token)
    yield call(client, "POST", "/handoffs", token)
    yield call(client, "POST", "/track", json={"agentId": agent.public_id, "events": []}, headers={"Origin": SITE})


def test_a_blocked_address_gets_nowhere_and_is_told_calmly(vera, agent, workspace, opened):
    block = block_address(workspace)
    tried = list(everything_a_blocked_visitor_tries(vera, agent, opened))
    for answer in tried:
        told = error(answer, 403, "blocked")
        assert told["message"].startswith("You cannot use this chat at the moment.")
        assert "Spam" not in answer.text
    blocks.clear_old(now=utc_now())
    db.session.refresh(block)
    assert block.hits == len(tried)


def test_the_frame_of_a_blocked_visitor_still_opens(vera, agent, workspace, opened):
    block_address(workspace)
    assert vera.get(f"/widget/{agent.public_id}").status_code == 200
    assert vera.get(f"/chat/{agent.public_id}").status_code == 200
    assert call(vera, "DELETE", "/sessions", opened).status_code == 204


def test_a_blocked_customer_is_kept_out_and_let_in_again(vera, agent, opened, customer, adam_himself):
    block = blocks.block_customer(customer, reason="", until=None, by=adam_himself, now=utc_now())
    for answer in everything_a_blocked_visitor_tries(vera, agent, opened):
        if answer.request.path.endswith("/track"):
            assert answer.status_code == 204, "A page view names no customer."
        else:
            error(answer, 403, "blocked")
    blocks.lift(block, by=adam_himself, now=utc_now())
    assert say(vera, opened, "hello").status_code == 201
    again = call(vera, "POST", "/sessions/refresh", json={})
    assert again.status_code == 201, "The refresh secret was not used up while they were blocked."
    assert db.session.scalars(select(Customer)).one() == customer


def test_a_new_browser_does_not_help_a_blocked_customer_who_signs_in(app, vera, agent, workspace, adam_himself):
    identity_keys.configure(workspace, HS256, now=utc_now())
    token = hs256(claims(exp=utc_now().timestamp() + 600, iat=None))
    assert open_chat(vera, agent, customerToken=token).json["customer"]["standing"] == "verified"
    mira = db.session.scalars(select(Customer).where(Customer.external_id == "customer-1")).one()
    block = blocks.block_customer(mira, reason="", until=None, by=adam_himself, now=utc_now())
    elsewhere = app.test_client()
    refused = open_chat(elsewhere, agent, customerToken=token)
    error(refused, 403, "blocked")
    assert "Set-Cookie" not in refused.headers
    anonymous = open_chat(elsewhere, agent).json["token"]
    error(call(elsewhere, "POST", "/customer", anonymous, json={"customerToken": token}), 403, "blocked")
    blocks.lift(block, by=adam_himself, now=utc_now())
    assert open_chat(elsewhere, agent, customerToken=token).status_code == 201


def test_a_block_ends_streams_that_are_open(app, vera, agent, workspace, opened, customer, adam_himself):
    stream = call(vera, "GET", "/events", opened, buffered=False)
    lines = iter(stream.response)
    assert "retry" in next(lines).decode()
    assert "state" in next(lines).decode()
    found = []
    reader = threading.Thread(target=lambda: found.extend(line.decode() for line in lines))
    reader.start()
    blocks.block_customer(customer, reason="", until=None, by=adam_himself, now=utc_now())
    reader.join(10)
    assert not reader.is_alive()
    assert 'event: session\ndata: {"code":"blocked"}\n\n' in "".join(found)
    stream.close()


def test_a_range_tells_every_open_chat_of_its_workspace(workspace, agent, opened):
    from core import refresh_secrets

    with current_bus().listener(refresh_secrets.workspace_topic(workspace.id)) as listener:
        block_address(workspace, "203.0.113.0/24")
        assert [note["kind"] for note in listener.waiting()] == ["session"]


def test_without_scripts_a_blocked_visitor_is_told_on_the_page(vera, agent, workspace):
    block_address(workspace)
    form = {"ticket": ticket_for(agent, channel="link"), "text": "Hello there", "clientId": "one"}
    answer = vera.post(f"/widget/{agent.public_id}/messages", data=form)
    assert answer.status_code == 422
    assert "You cannot use this chat at the moment." in answer.text
    assert "Hello there" in answer.text
    assert db.session.scalars(select(Message)).all() == []


def test_a_block_of_another_workspace_is_none_here(vera, agent, other_workspace):
    block_address(other_workspace)
    assert open_chat(vera, agent).status_code == 201
