"""Previews of links: of what the agent or a person wrote, never of what a customer did."""

import pytest
from httpx2 import Headers
from sqlalchemy import select

from core import conversations, link_previews
from core.clock import utc_now
from gateways.outgoing import OutgoingFailed, Response
from models import db
from models.agents import WidgetVersion
from models.conversations import Conversation
from tests.blueprints.widget.test_own_data import Chat

PAGE = b"""<!doctype html><title>Brass &amp; linen</title><meta name="description" content="How we ship.
In two days."><meta property="og:image" content="http://tracker.example/x.png"><p>Body</p>"""
ADDRESS = "https://shop.example/shipping?a=1&b=2"


@pytest.fixture
def web(monkeypatch):
    """A web of one page, and what was fetched of it."""
    fetched = []

    def fetch(url, **_options):
        fetched.append(url)
        if "gone" in url:
            raise OutgoingFailed("away")
        kind = "application/pdf" if url.endswith(".pdf") else "text/html; charset=utf-8"
        return Response(200, Headers({"content-type": kind}), PAGE, url)

    monkeypatch.setattr(link_previews, "fetch", fetch)
    link_previews._kept.clear()
    return fetched


@pytest.fixture
def chat(vera, agent):
    switch(agent, is_on=True)
    chat = Chat(vera, agent)
    chat.say("Where can I read about shipping?")
    return chat


def switch(agent, *, is_on, number=7):
    settings = {"features": {"link_previews": is_on}}
    db.session.add(WidgetVersion(agent_id=agent.id, number=number, settings=settings, published_at=utc_now()))
    db.session.commit()


def reply(text):
    conversation = db.session.scalars(select(Conversation).order_by(Conversation.id)).first()
    return conversations.reply(conversation, text=text, details={}, now=utc_now())


def links(chat, message):
    return chat.call("GET", f"/messages/{message.id}/links").json["links"]


def test_a_page_tells_its_title_and_summary_and_no_picture(chat, web):
    message = reply(f"Look [here]({ADDRESS}) or at {ADDRESS}")
    expected = {
        "url": ADDRESS,
        "host": "shop.example",
        "title": "Brass & linen",
        "summary": "How we ship. In two days.",
    }
    assert links(chat, message) == [expected]
    assert links(chat, message) == [expected]
    assert web == [ADDRESS]


@pytest.mark.parametrize(
    "text",
    [
        "no link",
        "[x](mailto:a@example.com)",
        "https://shop.example/gone",
        "https://shop.example/a.pdf",
        "`https://x.example`",
    ],
)
def test_without_a_page_there_is_no_preview(chat, web, text):
    assert links(chat, reply(text)) == []


def test_that_there_is_none_is_remembered_too(chat, web):
    message = reply("https://shop.example/gone")
    assert links(chat, message) == links(chat, message) == []
    assert len(web) == 1


def test_what_a_customer_wrote_is_never_fetched(chat, web):
    chat.say("What about HTTP://www.Evil.example/steer ?")
    said = chat.call("GET", "/messages?after=0").json["messages"]
    for message in said:
        assert chat.call("GET", f"/messages/{message['id']}/links").json["links"] == []
    # Nor when somebody repeats it.
    assert links(chat, reply("You said https://evil.example/steer, did you not?")) == []
    assert web == []


def test_at_most_three_are_fetched(chat, web):
    assert len(links(chat, reply(" ".join(f"https://shop.example/{number}" for number in range(9))))) == 3


def test_it_is_off_by_default(vera, agent, web):
    chat = Chat(vera, agent)
    chat.say("Hello")
    assert links(chat, reply(ADDRESS)) == []
    assert web == []


def test_messages_of_others_are_unknown(chat, app, agent, web):
    message = reply(ADDRESS)
    other = Chat(app.test_client(), agent)
    assert other.call("GET", f"/messages/{message.id}/links").status_code == 404
    assert web == []


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/"])
def test_the_own_network_is_out_of_reach(chat, url):
    link_previews._kept.clear()
    assert links(chat, reply(url)) == []
