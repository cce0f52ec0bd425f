"""A copy of the chat: all of it for the customer, and no way to flood somebody else's mailbox."""

import json
import uuid

import pytest
from sqlalchemy import select

from core import conversations, rich_text, signing
from core.clock import utc_now
from models import db
from models.agents import WidgetVersion
from models.conversations import Conversation
from models.mails import Mail
from tests.blueprints.widget.test_own_data import Chat, signed
from web.extensions import limiter

SPAM = "Buy at http://evil.example/x or www.evil.example or evil.example now <b>!</b>"


@pytest.fixture(autouse=True)
def fresh_counters(app):
    limiter.reset()


@pytest.fixture
def sent(monkeypatch):
    """The mails on their way, opened."""
    monkeypatch.setattr("core.notices.current_queue", type("Queue", (), {"add": lambda *_: None}))

    def opened():
        return [json.loads(signing.unseal(mail.sealed)) for mail in db.session.scalars(select(Mail).order_by(Mail.id))]

    return opened


def spoken(client, agent, text="Where is my lamp?", **told):
    chat = Chat(client, agent, **told)
    chat.say(text)
    conversation = db.session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()
    details = {"name": "Lumi", "sources": [{"title": "Delivery", "html": ""}]}
    conversations.reply(conversation, text="Within **45 days**.", details=details, now=utc_now())
    return chat


def mail(chat, email=None):
    return chat.call("POST", "/transcript", json={"email": email, "timeZone": "Europe/Berlin"})


def test_it_is_saved_as_text(vera, agent):
    answer = spoken(vera, agent, SPAM).call("GET", "/transcript?timeZone=Europe/Berlin")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=chat.txt"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert SPAM in answer.text
    assert "Within 45 days." in answer.text
    assert "Sources: Delivery" in answer.text
    assert "Europe/Berlin" in answer.text


def test_it_is_saved_to_print_and_nothing_in_it_is_markup(vera, agent):
    answer = spoken(vera, agent, SPAM).call("GET", "/transcript?format=html")
    assert answer.mimetype == "text/html"
    assert "<strong>45 days</strong>" in answer.text
    assert "<b>!" not in answer.text
    assert "&lt;b&gt;" in answer.text
    assert "UTC" in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"] == "attachment; filename=chat.html"


@pytest.mark.parametrize("query", ["format=pdf", "format="])
def test_another_form_is_refused(vera, agent, query):
    assert spoken(vera, agent).call("GET", f"/transcript?{query}").status_code == 422


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Mars/Phobos", "\x00", "x" * 5000])
def test_a_time_zone_that_is_none_is_utc(vera, agent, zone):
    answer = spoken(vera, agent).call("GET", "/transcript", query_string={"timeZone": zone})
    assert "UTC" in answer.text


def test_what_a_customer_wrote_is_not_read_as_markdown(vera, agent, monkeypatch):
    read = []
    to_html = rich_text.to_html
    monkeypatch.setattr(rich_text, "to_html", lambda text: read.append(text) or to_html(text))
    chat = spoken(vera, agent, "![](" * 900)
    read.clear()
    assert chat.call("GET", "/transcript").status_code == 200
    assert "Within **45 days**." in read
    assert not any("![](" in text for text in read), "It may take long, and a copy has thousands of messages."


def test_with_nothing_said_there_is_nothing_to_copy(vera, agent, sent):
    chat = Chat(vera, agent)
    for answer in (chat.call("GET", "/transcript"), mail(chat, "ann@example.com")):
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "nothing_said")
    assert sent() == []


def test_it_speaks_the_language_of_the_chat(vera, agent):
    chat = spoken(vera, agent)
    db.session.scalars(select(Conversation)).one().language = "de"
    db.session.commit()
    assert 'lang="de"' in chat.call("GET", "/transcript?format=html").text


def test_it_is_mailed_and_says_who_asked(vera, agent, sent):
    answer = mail(spoken(vera, agent), " ann@example.com ")
    assert (answer.status_code, answer.json) == (202, {"email": "ann@example.com"})
    [told] = sent()
    assert told["to"] == "ann@example.com"
    assert told["subject"].startswith("Copy of your chat with ")
    assert "asked for this copy" in told["text"]
    assert "Within 45 days." in told["text"]
    assert "<strong>45 days</strong>" in told["html"]
    assert db.session.scalars(select(Mail)).one().customer_id is not None


def test_a_mail_to_anybody_carries_no_links_of_the_sender(vera, agent, sent):
    mail(spoken(vera, agent, SPAM), "victim@example.com")
    [told] = sent()
    for words in (told["text"], told["html"]):
        assert "evil.example" not in words
        assert "Buy at […]" in words


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "a@example.com\nBcc: b@example.com", "a@example.com,b@example.com", 5, {}, "x" * 5000],
)
def test_what_is_no_address_is_refused(vera, agent, sent, email):
    answer = mail(spoken(vera, agent), email)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "email_invalid")
    assert sent() == []


def test_one_chat_mails_one_copy_to_addresses_that_may_be_anybodys(vera, agent, sent):
    chat = spoken(vera, agent)
    assert mail(chat, "one@example.com").status_code == 202
    answer = mail(chat, "two@example.com")
    assert answer.status_code == 429
    assert 0 < answer.json["error"]["retryAfter"] <= 24 * 3600
    assert len(sent()) == 1


def test_nobody_is_flooded_from_many_chats(app, agent, sent):
    answers = [mail(spoken(app.test_client(), agent), "Victim@example.com") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 429, 429]


def test_one_network_reaches_few(app, agent, sent):
    answers = [mail(spoken(app.test_client(), agent), f"v{number}@example.com") for number in range(7)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 2


def test_a_told_address_is_filled_in_and_counts_as_any(vera, agent, sent):
    chat = spoken(vera, agent, SPAM, customer={"id": "c", "email": "told@example.com"})
    assert mail(chat).json == {"email": "told@example.com"}
    assert "evil.example" not in sent()[0]["text"]
    assert mail(chat).status_code == 429


def test_a_signed_address_may_have_it_three_times_and_whole(vera, agent, sent):
    chat = spoken(vera, agent, SPAM, customerToken=signed(agent, email="ann@example.com"))
    assert [mail(chat).status_code for _ in range(4)] == [202, 202, 202, 429]
    assert "http://evil.example/x" in sent()[0]["text"]


def test_where_copies_are_switched_off_there_are_none(vera, agent, sent):
    chat = spoken(vera, agent)
    settings = {"features": {"transcript": False}}
    db.session.add(WidgetVersion(agent_id=agent.id, number=9, settings=settings, published_at=utc_now()))
    db.session.commit()
    for answer in (chat.call("GET", "/transcript"), mail(chat, "ann@example.com")):
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "transcript_off")


def test_it_is_ones_own_chat_only(app, vera, agent):
    spoken(vera, agent, "My secret lamp")
    other = spoken(app.test_client(), agent, f"Another {uuid.uuid4().hex}")
    assert "secret" not in other.call("GET", "/transcript").text
    assert vera.get("/api/v1/widget/transcript").status_code == 401
