"""What a customer's browser can reach: its own customer on its own agent, and nothing of anybody else.

Asked with the session of one customer about another customer of the same shop, another agent, and another shop; over
the widget's whole URL map, so that a call that comes later is asked, too.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from core.clock import utc_now
from models.agents import Agent
from models.customers import Customer
from tests.core.customer_token_forge import hs256
from tests.shops import SECRET, Shop, fingerprint, make_shop
from web.extensions import limiter

API = "/api/v1/widget"
KINDS = {
    "attachment_id": "attachment",
    "call_id": "tool_call",
    "fact_id": "fact",
    "message_id": "message",
    "rating_id": "rating",
}
"""Which row an argument of the widget's API names."""

OWN_ORIGIN = "http://localhost"


@pytest.fixture
def mine(app, monkeypatch) -> Shop:
    monkeypatch.setattr(limiter, "enabled", False)
    return make_shop("Brambleby", is_staffed=False)


@pytest.fixture
def theirs(app) -> Shop:
    return make_shop("Quillfeather", is_staffed=False)


def test_every_call_speaks_of_its_own_customer_only(app, theirs, vera):
    asked = 0
    for rule, method in calls(app):
        mine = make_shop(f"Brambleby{asked}", is_staffed=False)
        for body in (everything_of(theirs), everything_of(mine, "second_"), {}):
            with unchanged(theirs.workspace), unchanged(mine.rows["second_customer"]):
                answer = ask(vera, rule, method, mine, body)
                assert answer.status_code < 500, (rule, method, answer.status_code)
                told = without_echo(first_lines(answer), body)
                assert theirs.marker not in told, (rule, method)
                assert "second_" not in told, (rule, method)
                asked += 1
    print(f"\n{asked} requests, 0 leaks")
    assert asked > 20


def test_ids_of_others_are_unknown(app, mine, theirs, vera):
    foreign = {"another customer": (mine, "second_"), "another shop": (theirs, ""), "nobody": (None, "")}
    for rule, method in calls(app):
        for shop, prefix in foreign.values():
            if not rule.arguments:
                continue
            ids = {name: shop.id_of(prefix + KINDS[name]) if shop else uuid.uuid4() for name in rule.arguments}
            with unchanged(theirs.workspace), unchanged(mine.rows["second_customer"]):
                answer = ask(vera, rule, method, mine, {"text": "Mine now."}, ids=ids)
                assert answer.status_code == 404, (rule, method, answer.status_code)


def test_ones_own_ids_are_known(app, mine, vera):
    for rule, method in calls(app):
        if rule.arguments:
            body = {"text": "Likes lamps.", "score": 4, "comment": f"{mine.name} was kind."}
            answer = ask(vera, rule, method, mine, body)
            assert answer.status_code in (200, 204), (rule, method, answer.status_code)


def test_a_session_is_of_one_agent(app, mine, theirs, vera):
    """Neither a session nor a refresh secret opens another agent, be it of the same shop."""
    for agent in (mine.rows["second_agent"], theirs.rows["agent"]):
        with unchanged(theirs.workspace), unchanged(mine.rows["second_customer"]):
            said = vera.post(
                f"/widget/{agent.public_id}/messages",
                data={"session": mine.tokens["session"], "text": "Let me in.", "clientId": "one"},
            )
            assert said.status_code == 401
            body = {"agentId": agent.public_id, "refreshSecret": mine.tokens["refresh"]}
            assert vera.post(f"{API}/sessions/refresh", json=body).status_code == 401


def test_a_refresh_secret_of_another_agent_brings_no_history(app, mine, vera):
    answer = start(vera, mine.rows["second_agent"], mine, refreshSecret=mine.tokens["refresh"])
    assert answer.status_code == 201
    assert answer.json["messages"] == []
    assert answer.json["customer"]["standing"] == "anonymous"


@pytest.mark.parametrize("kind", ["agent", "second_agent"])
def test_a_ticket_is_of_one_agent(app, mine, theirs, vera, kind):
    ticket = ticket_for(vera, mine.rows["agent"], mine)
    for agent in (mine.rows["second_agent"], theirs.rows[kind]):
        with unchanged(theirs.workspace):
            body = {"agentId": agent.public_id, "parentOrigin": origin_of(mine, "agent"), "ticket": ticket}
            assert vera.post(f"{API}/sessions", json=body).status_code in (401, 403)


def test_who_only_tells_a_name_gets_nothing_of_who_has_it(app, mine, vera):
    """An id or an e-mail that the page tells joins nobody: not to a verified customer, not to an earlier one."""
    for kind in ("customer", "second_customer"):
        known = mine.rows[kind]
        told = {"id": known.external_id, "email": known.email, "name": "Mallory"}
        with unchanged(known):
            answer = start(vera, mine.rows["agent"], mine, customer=told)
            assert answer.status_code == 201
            assert answer.json["messages"] == []
            assert answer.json["customer"]["standing"] == "identified"
            again = vera.post(f"{API}/customer", json={"customer": told}, headers=token(answer.json["token"]))
            assert again.json["messages"] == []
            shown = vera.get(f"{API}/messages", headers=token(again.json["token"])).text
            assert mine.marker not in shown.lower()


def test_two_who_are_told_the_same_id_stay_two(app, mine, vera):
    told = {"id": "told-1", "name": "Ines"}
    first = start(vera, mine.rows["agent"], mine, customer=told).json
    said = vera.post(
        f"{API}/messages", json={"clientId": "a", "text": "Where is my lamp?"}, headers=token(first["token"])
    )
    assert said.status_code == 201
    second = start(app.test_client(), mine.rows["agent"], mine, customer=told).json
    assert second["messages"] == []


def test_a_key_of_another_shop_proves_nothing(app, mine, theirs, vera):
    forged = hs256({"sub": mine.rows["customer"].external_id, "exp": utc_now().timestamp() + 600}, secret="x" * 40)
    assert start(vera, mine.rows["agent"], mine, customerToken=forged).status_code == 401
    honest = hs256({"sub": theirs.rows["customer"].external_id, "exp": utc_now().timestamp() + 600}, secret=SECRET)
    # Both shops have the same secret here: the same sub in another workspace is still another customer.
    with unchanged(theirs.rows["customer"]):
        answer = start(vera, mine.rows["agent"], mine, customerToken=honest)
    assert answer.status_code == 201
    assert answer.json["messages"] == []
    assert theirs.rows["customer"].email not in answer.text


def test_the_same_client_id_of_two_customers_is_two_messages(app, mine, vera):
    body = {"clientId": "client-1", "text": "A message of my own."}
    started = start(vera, mine.rows["second_agent"], mine).json
    with unchanged(mine.rows["second_customer"]):
        answer = vera.post(f"{API}/messages", json=body, headers=token(started["token"]))
    assert answer.status_code == 201
    assert answer.json["id"] != str(mine.id_of("second_message"))


def calls(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every call that a session is asked for, and its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.rule.startswith(f"{API}/") and rule.endpoint != "widget_tracking.track":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def ask(client, rule: Rule, method: str, shop: Shop, body: dict[str, Any], ids: dict[str, Any] | None = None) -> Any:
    ids = ids or {name: shop.id_of(KINDS[name]) for name in rule.arguments}
    _domain, path = rule.build(ids) or (None, None)
    assert path, f"No address for {rule} with {ids}."
    options: dict[str, Any] = {"query_string": body} if method == "GET" else {"json": body}
    return client.open(path, method=method, headers=token(shop.tokens["session"]), buffered=False, **options)


def everything_of(shop: Shop, prefix: str = "") -> dict[str, Any]:
    """A body that names all that somebody else has, under every name that the API reads."""
    customer: Customer = shop.rows[f"{prefix}customer"]
    agent: Agent = shop.rows[f"{prefix}agent"]
    return {
        "agentId": agent.public_id,
        "parentOrigin": origin_of(shop, f"{prefix}agent"),
        "customer": {"id": customer.external_id, "email": customer.email},
        "conversation": str(shop.id_of(f"{prefix}conversation")),
        "conversationId": str(shop.id_of(f"{prefix}conversation")),
        "customerId": str(customer.id),
        "sessionId": str(shop.id_of(f"{prefix}widget_session")),
        "id": str(shop.id_of(f"{prefix}fact")),
        "attachments": [str(shop.id_of(f"{prefix}attachment"))],
        "clientId": "client-1",
        "text": "Whose is this?",
        "after": "0",
    }


def start(client, agent: Agent, shop: Shop, **more: Any) -> Any:
    kind = "agent" if agent is shop.rows["agent"] else "second_agent"
    body = {
        "agentId": agent.public_id,
        "parentOrigin": origin_of(shop, kind),
        "ticket": ticket_for(client, agent, shop),
    }
    return client.post(f"{API}/sessions", json=body | more)


def ticket_for(client, agent: Agent, shop: Shop) -> str:
    kind = "agent" if agent is shop.rows["agent"] else "second_agent"
    page = client.get(f"/widget/{agent.public_id}", headers={"Referer": f"{origin_of(shop, kind)}/"}).text
    return re.search(r'data-ticket="([^"]+)"', page)[1]


def origin_of(shop: Shop, kind: str) -> str:
    return f"https://{kind.replace('_', '-')}.{shop.marker}.example"


def token(text: str) -> dict[str, str]:
    return {"X-Widget-Token": text, "Origin": OWN_ORIGIN, "Sec-Fetch-Site": "same-origin"}


def first_lines(answer: Any) -> str:
    """The text of an answer; of a stream, what it says at once."""
    if answer.mimetype != "text/event-stream":
        return answer.text
    # One line tells how to reconnect, one the state, and two the messages; a fifth would take a while to come.
    lines = (line for _place, line in zip(range(4), answer.response, strict=False))
    told = "".join(line if isinstance(line, str) else line.decode() for line in lines)
    answer.close()
    return told


def without_echo(text: str, body: dict[str, Any]) -> str:
    """An answer without what the request itself had said."""
    sent = [value for value in body.values() if isinstance(value, str)] + [*body.get("customer", {}).values()]
    for value in sorted(sent, key=len, reverse=True):
        text = text.replace(value, "")
    return text.lower()


@contextmanager
def unchanged(owner: Any) -> Iterator[None]:
    before = fingerprint(owner)
    yield
    assert fingerprint(owner) == before, f"{owner} was changed."
