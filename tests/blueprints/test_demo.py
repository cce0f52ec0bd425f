"""The demo page is a site like any other: a strict policy, the pasted snippet, and the widget works."""

import json
import re

import pytest

from core import agents, connections, demos, identity_keys
from core.clock import utc_now
from tests.shop_servers import serving


@pytest.fixture
def shop(app, monkeypatch):
    # A quiet shop that knows by words alone is enough here; tests/core looks at all of it.
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
    monkeypatch.setattr("core.demos.week.CHATS", ())
    return demos.make(public_url="http://localhost", now=utc_now())


def test_without_a_demo_shop_the_page_says_how_to_make_one(vera):
    answer = vera.get("/demo")
    assert answer.status_code == 404
    assert "flask --app app demo" in answer.text


def test_the_page_shows_the_widget_of_the_demo_shop(vera, shop, other_agent):
    answer = vera.get("/demo")
    assert answer.status_code == 200
    loader = re.search(r'<script async src="([^"]+)"></script>', answer.text)[1]
    assert loader == f"http://localhost/widget/{shop.agent.public_id}.js"
    assert vera.get(loader.removeprefix("http://localhost")).status_code == 200
    assert other_agent.public_id not in answer.text


def test_no_request_chooses_the_agent(vera, shop, other_agent):
    answer = vera.get(f"/demo?agent={other_agent.public_id}&agent_id={other_agent.public_id}")
    assert other_agent.public_id not in answer.text


def test_the_page_has_a_strict_policy_that_the_widget_can_live_with(vera, shop):
    answer = vera.get("/demo")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["frame-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", answer.text)


def test_its_frame_may_stand_on_the_page(vera, shop):
    page = vera.get("/demo").text
    inline = re.search(r'(/widget/[^"]+\?mode=inline)', page)[1]
    frame = vera.get(inline, headers={"Referer": "http://localhost/demo"})
    assert frame.status_code == 200
    assert "http://localhost" in frame.headers["Content-Security-Policy"].split("frame-ancestors")[1]


def test_the_shop_answers_on_the_page(vera, shop):
    page = vera.get(f"/widget/{shop.agent.public_id}", headers={"Referer": "http://localhost/demo"}).text
    body = {
        "agentId": shop.agent.public_id,
        "parentOrigin": "http://localhost",
        "ticket": re.search(r'data-ticket="([^"]+)"', page)[1],
    }
    session = vera.post("/api/v1/widget/sessions", json=body)
    assert session.status_code == 201, session.json
    headers = {"X-Widget-Token": session.json["token"]}
    said = {"clientId": "one", "text": "Which lamps are safe in a bathroom?"}
    assert vera.post("/api/v1/widget/messages", json=said, headers=headers).status_code == 201
    messages = vera.get("/api/v1/widget/messages?after=0", headers=headers).json["messages"]
    assert messages[-1]["from"] == "agent"
    assert "IP44" in messages[-1]["text"]


def test_an_archived_demo_agent_is_no_longer_shown(vera, shop):
    agents.archive(shop.agent, by=None, now=utc_now())
    assert vera.get("/demo").status_code == 404


def test_nobody_signs_in_before_the_shop_is_connected(vera, shop):
    assert "Sign in as Ines" not in vera.get("/demo").text
    assert vera.get("/demo/customer.js").status_code == 404


def test_whoever_signs_in_on_the_page_is_a_verified_customer(vera, shop):
    with serving() as url:
        connections.reach(allow_private=True)
        demos.connect_shop(shop, url, now=utc_now())
        demos.connect_shop(shop, url, now=utc_now())
    connections.reach(allow_private=False)
    assert len(connections.listed(shop.agent)) == 1
    assert "Sign in as Ines" in vera.get("/demo").text
    assert "/demo/customer.js" in vera.get("/demo?as=ines").text
    told = json.loads(vera.get("/demo/customer.js").text.removeprefix("window.CustomerAgent = ").rstrip(";\n"))
    verified = identity_keys.verify(shop.agent.workspace_id, told["customerToken"], now=utc_now())
    assert verified.customer_id == "LL-34550"
