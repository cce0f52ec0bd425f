"""Who looks suspicious is slowed down, asked to work something out, or blocked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import challenges, protection, protection_settings, risks, signing
from core.clock import utc_now
from models import db
from models.customers import WidgetSession
from models.protection import Block, Signal
from tests.blueprints.widget.protection.visitors import ELSEWHERE, call, error, suspect
from tests.blueprints.widget.test_api import SITE, open_chat, say, ticket_for
from tests.core.test_challenges import solve

pytestmark = pytest.mark.both_databases


def test_somebody_suspicious_waits_between_messages(vera, workspace, opened, customer):
    suspect(workspace, customer, 50)
    assert say(vera, opened, "hello").status_code == 201
    told = error(say(vera, opened, "hello", client_id="x"), 429, "rate_limited")
    assert told["message"].startswith("Please take your time. You can send the next message in ")
    assert 1 <= told["retryAfter"] <= protection.BETWEEN


def test_somebody_more_suspicious_has_to_work_something_out(vera, workspace, opened, customer, monkeypatch):
    monkeypatch.setattr(challenges, "NUMBERS", 200)
    suspect(workspace, customer, 70)
    challenge = error(say(vera, opened, "hello"), 403, "challenge_required")["challenge"]
    assert set(challenge) == {"algorithm", "challenge", "maxNumber", "salt", "signature"}
    assert challenge["algorithm"] == "SHA-256"
    solution = solve(challenge)
    body = {"clientId": "one", "text": "hello"}
    wrong = {"X-Widget-Challenge": "nonsense"}
    error(call(vera, "POST", "/messages", opened, json=body, headers=wrong), 403, "challenge_required")
    solved = call(vera, "POST", "/messages", opened, json=body, headers={"X-Widget-Challenge": solution})
    assert solved.status_code == 201
    assert call(vera, "POST", "/handoffs", opened).status_code == 201, "One solution is enough for a while."


def test_a_solution_is_of_its_session(app, vera, agent, workspace, opened, customer, monkeypatch):
    monkeypatch.setattr(challenges, "NUMBERS", 200)
    suspect(workspace, customer, 70)
    solution = solve(error(say(vera, opened, "hello"), 403, "challenge_required")["challenge"])
    other = app.test_client()
    token = open_chat(other, agent).json["token"]
    session = db.session.get(WidgetSession, signing.session_of(token))
    suspect(workspace, session.customer, 70)
    answer = call(
        other,
        "POST",
        "/messages",
        token,
        json={"clientId": "a", "text": "hi"},
        headers={"X-Widget-Challenge": solution},
    )
    error(answer, 403, "challenge_required")


def test_a_suspicious_address_solves_one_before_it_opens_the_chat(vera, agent, workspace, monkeypatch):
    monkeypatch.setattr(challenges, "NUMBERS", 200)
    for signal in (Signal.TOKEN_REUSE, Signal.ADDRESS_SPREAD, Signal.ORIGIN_MISMATCH):
        risks.mark(workspace.id, risks.of_address("9.9.9.9"), signal, "", now=utc_now())
    ticket = ticket_for(agent)
    body = {"agentId": agent.public_id, "parentOrigin": SITE, "ticket": ticket}
    refused = call(vera, "POST", "/sessions", json=body, **ELSEWHERE)
    headers = {"X-Widget-Challenge": solve(error(refused, 403, "challenge_required")["challenge"])}
    assert call(vera, "POST", "/sessions", json=body, headers=headers, **ELSEWHERE).status_code == 201
    assert open_chat(vera, agent).status_code == 201, "Another address is not asked."


def test_the_most_suspicious_are_blocked_with_the_reasons(vera, workspace, opened, customer):
    suspect(workspace, customer, 100)
    error(say(vera, opened, "hello"), 403, "blocked")
    block = db.session.scalars(select(Block)).one()
    assert block.customer_id == customer.id
    assert block.network is None, "Others may share the address."
    assert block.created_by_id is None
    assert block.reason.startswith("A key of the browser came a second time")
    assert timedelta(hours=23) < block.expires_at - utc_now() <= timedelta(hours=24)


def test_a_step_that_is_never_taken_is_not(vera, workspace, opened, customer, adam_himself):
    never = dict.fromkeys(protection_settings.STEPS)
    protection_settings.set_steps(workspace, never, by=adam_himself, now=utc_now())
    suspect(workspace, customer, 500)
    for number in range(3):
        assert say(vera, opened, "hello", client_id=str(number)).status_code == 201
