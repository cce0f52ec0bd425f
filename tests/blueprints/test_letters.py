"""The page by which a customer ends the mails about a chat, and the link back into it."""

import re

import pytest

from core import letters, return_links
from core.clock import utc_now
from models import db
from models.conversations import Conversation, Message
from models.customers import WidgetSession
from tests.conftest import make_conversation, make_customer

API = "/api/v1/widget"


@pytest.fixture
def talk(agent):
    marta = make_customer(agent.workspace_id, "Marta", email="marta@mail.example")
    return make_conversation(agent, marta, origin="https://example.com", language="fr")


def stopped(talk):
    return db.session.get_one(Conversation, talk.id, populate_existing=True).letters_stopped_at is not None


def test_a_customer_ends_the_mails_and_has_them_go_on(vera, talk):
    path = f"/letters/{letters.mark_to_stop(talk.id)}"
    page = vera.get(path)
    assert (page.status_code, stopped(talk)) == (200, False)
    assert "Ne plus recevoir" in page.text
    assert "Vous ne recevrez plus" in vera.post(path, data={"List-Unsubscribe": "One-Click"}).text
    assert stopped(talk)
    assert "Vous recevez" in vera.post(f"{path}/again").text
    assert not stopped(talk)


def test_a_mark_of_nobody_ends_nothing(vera, talk):
    mark = letters.mark_to_stop(talk.id)
    for wrong in ("a" * 39, mark[:-1], f"{mark}a", talk.id.hex):
        assert vera.post(f"/letters/{wrong}").status_code == 404
    assert not stopped(talk)


def begin(browser, agent, talk, **headers):
    secret = return_links.make(talk, now=utc_now())
    page = browser.get(f"/chat/{agent.public_id}/back/{secret}")
    assert page.status_code == 200
    ticket = re.search(r'data-ticket="([^"]+)"', page.text)[1]
    body = {"agentId": agent.public_id, "parentOrigin": "http://localhost", "ticket": ticket}
    return browser.post(f"{API}/sessions", json=body, headers=headers)


def test_the_link_opens_its_conversation_and_leaves_nothing_in_the_browser(vera, agent, talk):
    same_origin = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = begin(vera, agent, talk, **same_origin)
    assert answer.status_code == 201
    assert answer.json["conversation"]["id"] == str(talk.id)
    assert "refreshSecret" not in answer.json
    assert "Set-Cookie" not in answer.headers


def test_looking_at_the_link_begins_nothing(vera, agent, talk):
    secret = return_links.make(talk, now=utc_now())
    page = vera.get(f"/chat/{agent.public_id}/back/{secret}")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert db.session.query(WidgetSession).count() == 0


def test_a_link_that_is_over_says_where_to_go(vera, agent):
    page = vera.get(f"/chat/{agent.public_id}/back/nothing")
    assert page.status_code == 404
    assert "does not work any more" in page.text


def test_a_chat_by_a_link_can_speak_and_read_and_nothing_more(vera, agent, talk):
    token = {"X-Widget-Token": begin(vera, agent, talk).json["token"]}
    sent = vera.post(f"{API}/messages", json={"clientId": "m1", "text": "Hello again"}, headers=token)
    assert sent.status_code == 201
    assert "Hello again" in vera.get(f"{API}/messages", headers=token).text
    for allowed, body in (("typing", {"isTyping": True}), ("receipts", {"delivered": 1, "seen": 1})):
        assert vera.post(f"{API}/{allowed}", json=body, headers=token).status_code != 403
    said = db.session.query(Message).filter_by(conversation_id=talk.id, client_id="m1").one()
    assert said.details["letter"] == {"way": "link"}
    for method, path, body in (
        ("GET", "customer", None),
        ("GET", "customer/export", None),
        ("POST", "customer", {}),
        ("POST", "customer", {"customer": {"email": "eve@evil.example"}}),
        ("PUT", "memory", {"keep": True}),
        ("DELETE", "context", None),
        ("DELETE", "sessions", {"forget": True}),
        ("GET", "transcript", None),
        ("POST", "transcript", {"email": "eve@evil.example"}),
        ("POST", "pre-chat", {"answers": {}}),
        ("POST", f"calls/{talk.id}", {"confirm": True}),
    ):
        answer = vera.open(f"{API}/{path}", method=method, json=body, headers=token)
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "forbidden"), (method, path)


def test_without_a_script_it_is_the_same(vera, agent, talk):
    secret = return_links.make(talk, now=utc_now())
    page = vera.get(f"/chat/{agent.public_id}/back/{secret}").text
    ticket = re.search(r'data-ticket="([^"]+)"', page)[1]
    form = {"ticket": ticket, "text": "By the form", "clientId": "f1"}
    answer = vera.post(f"/widget/{agent.public_id}/messages", data=form)
    assert answer.status_code == 200
    assert "By the form" in answer.text
    assert "Set-Cookie" not in answer.headers
    session = re.search(r'name="session" value="([^"]+)"', answer.text)[1]
    again = vera.post(
        f"/widget/{agent.public_id}/messages", data={"session": session, "text": "And more", "clientId": "f2"}
    )
    assert "And more" in again.text
    said = db.session.query(Message).filter_by(conversation_id=talk.id, client_id="f2").one()
    assert said.details["letter"] == {"way": "link"}
