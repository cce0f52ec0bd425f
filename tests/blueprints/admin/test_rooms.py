"""Settings → Rooms: rooms of other services that are told what happens."""

import re

import pytest

from core import conversations, rooms
from core.clock import utc_now
from core.rooms import Told
from gateways import rooms as services
from models import db
from models.audits import AuditEntry
from models.conversations import Conversation
from models.notifications import NotificationChannel
from tests.conftest import make_conversation, make_customer

HTMX = {"HX-Request": "true"}
PAGE = "/admin/settings/rooms/"
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
FORM = {"name": "Support in Slack", "address": SLACK, "waiting": "y", "is_on": "y"}


@pytest.fixture
def sent(monkeypatch):
    """What was written into rooms; a problem that is put here is the next answer."""
    log = []
    monkeypatch.setattr(services, "send", lambda address, **words: log.append((address, words)) or "")
    return log


@pytest.fixture
def room(adam):
    adam.post(PAGE, data=FORM)
    return db.session.query(NotificationChannel).one()


def test_a_room_is_added_and_its_address_is_shown_to_nobody(adam, room):
    assert (room.service, room.kinds, room.is_on) == ("slack", ["waiting"], True)
    assert SLACK.encode() not in room.sealed_address
    page = adam.get(PAGE).text
    assert page.count("<h1>") == 1
    assert "Support in Slack" in page
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in page
    entry = db.session.query(AuditEntry).one()
    assert entry.action == "room.add"
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in str(entry.after)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"address": "file:///etc/passwd"}, {"address": ""}])
def test_what_is_no_room_is_refused(adam, wrong):
    answer = adam.post(PAGE, data=FORM | wrong, headers=HTMX)
    assert (answer.status_code, "<html" in answer.text) == (422, False)
    assert db.session.query(NotificationChannel).count() == 0


def test_only_those_who_decide_about_security_may(eddy, sue, rita, stan, vera, room):
    for client in (eddy, sue, rita):
        assert client.get(PAGE).status_code == client.post(PAGE, data=FORM).status_code == 403
    assert vera.get(PAGE).status_code == 303
    for what in ("", "/trial", "/removal"):
        assert stan.post(f"{PAGE}{room.id}{what}").status_code == 404


def test_it_is_told_what_it_wants_to_hear_and_never_what_was_said(sent, agent, room):
    conversation = make_conversation(agent)
    conversations.ask(conversation, client_id="one", text="My lamp is broken", now=utc_now())
    assert sent == []
    conversations.request_person(conversation, reason="asked for a person", now=utc_now())
    ((address, words),) = sent
    assert address == SLACK
    assert words["title"].endswith("asked for a person")
    assert words["body"] == f"http://localhost/admin/conversations/{conversation.id}"
    db.session.expire_all()
    assert db.session.query(NotificationChannel).one().last_sent_at is not None


@pytest.mark.parametrize("name", ["@everyone", "<!channel>", "[Sign in](https://evil.example)", "https://evil.example"])
def test_a_name_is_mere_words_in_a_room(sent, agent, room, name):
    """Anybody can say that they are called so: it calls nobody, and leads nowhere."""
    conversation = make_conversation(agent, make_customer(agent.workspace_id, name))
    conversations.request_person(conversation, reason="asked for a person", now=utc_now())
    ((_address, words),) = sent
    assert not re.search(r"@\w|[<>\[\]]|:/", words["title"])
    assert "asked for a person" in words["title"]


def test_what_it_is_told_is_changed(adam, sent, agent, room):
    prefix = f"room-{room.id.hex}-"
    changed = adam.post(f"{PAGE}{room.id}", data={f"{prefix}name": "Quiet", f"{prefix}late": "y"})
    assert changed.status_code == 303
    assert (room.name, room.kinds, room.is_on) == ("Quiet", ["late"], False)
    assert adam.post(f"{PAGE}{room.id}", data={}).status_code == 422
    conversations.request_person(make_conversation(agent), reason="asked for a person", now=utc_now())
    assert sent == []


def test_one_is_sent_to_try_and_what_goes_wrong_is_said(adam, monkeypatch, room):
    monkeypatch.setattr(services, "send", lambda *_, **__: "The service answered with status 404.")
    page = adam.post(f"{PAGE}{room.id}/trial", follow_redirects=True).text
    assert "could not be told. The service answered with status 404." in page
    assert "The last message did not arrive." in page


def test_it_is_removed(adam, room):
    assert adam.post(f"{PAGE}{room.id}/removal").status_code == 303
    assert db.session.query(NotificationChannel).count() == 0


def test_a_conversation_that_is_gone_is_told_to_nobody(sent, agent, workspace, room):
    conversation = make_conversation(agent)
    gone = conversation.id
    db.session.delete(db.session.get(Conversation, gone))
    db.session.commit()
    from core import jobs

    jobs.start(workspace.id, "rooms.waiting", gone, now=utc_now())
    assert sent == []
    assert rooms.that_want(workspace.id, Told.WAITING) == [room]
