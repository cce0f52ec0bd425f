"""Settings → Who answers."""

import pytest

from core import availabilities, conversations, jobs, routing
from core.clock import utc_now
from core.routing import Mode
from models import db
from models.conversations import Conversation
from models.inbox import Availability, Presence
from models.teammates import Role
from tests.conftest import make_conversation, make_teammate

PAGE = "/admin/settings/routing/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ann(workspace):
    one = make_teammate(workspace, "Ann", Role.SUPPORT)
    availabilities.set_presence(one, Presence.ONLINE, now=utc_now())
    return one


def test_switched_on_it_gives_what_waits_already(adam, agent, workspace, ann):
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="asked", now=utc_now())
    sent = adam.post(PAGE, data={"mode": "least", "minutes": "10"}, headers=HTMX)
    assert sent.status_code == 200
    assert "Saved" in sent.text
    assert routing.of(workspace.id) == routing.Rules(Mode.LEAST, 10)
    db.session.expire_all()
    assert db.session.get(Conversation, conversation.id).teammate_id == ann.id
    assert "1 of 5 conversations" in adam.get(PAGE).text


def test_a_customer_who_asks_gets_somebody_at_once(adam, agent, ann):
    adam.post(PAGE, data={"mode": "turns", "minutes": "5"})
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="asked", now=utc_now())
    db.session.expire_all()
    assert db.session.get(Conversation, conversation.id).teammate_id == ann.id


def test_the_page_says_who_is_there(adam, rita, ann, workspace):
    make_teammate(workspace, "Zoe", Role.SUPPORT)
    page = adam.get(PAGE, headers=HTMX).text
    assert "<html" not in page
    assert page.index("Ann") < page.index("There") < page.index("Zoe") < page.rindex("Not in Porchlight")
    assert "An admin decides about this." in rita.get(PAGE).text


@pytest.mark.parametrize("wrong", [{"mode": "lottery"}, {"minutes": "7"}, {"minutes": "soon"}])
def test_what_is_not_offered_is_refused(adam, workspace, wrong):
    assert adam.post(PAGE, data={"mode": "turns", "minutes": "5", **wrong}, headers=HTMX).status_code == 422
    assert routing.of(workspace.id).mode is Mode.OFF


def test_an_admin_changes_when_somebody_answers(adam, ann, monkeypatch):
    monkeypatch.setitem(jobs._handlers, routing.JOB, lambda _job: None)
    address = f"{PAGE}{ann.id}"
    assert "When Ann answers" in adam.get(address).text
    form = {"capacity": "2", "when": "always", "languages": ["fr"]}
    assert adam.post(address, data=form).status_code == 303
    db.session.expire_all()
    row = db.session.get(Availability, ann.id)
    assert (row.capacity, row.languages) == (2, ["fr"])
    assert adam.post(address, data=form | {"capacity": "-1"}).status_code == 422


def test_only_who_manages_the_team_may(sue, rita, vera, ann):
    for client in (sue, rita):
        assert client.get(PAGE).status_code == 200
        assert client.post(PAGE, data={"mode": "turns", "minutes": "5"}).status_code == 403
        assert client.get(f"{PAGE}{ann.id}").status_code == 403
        assert client.post(f"{PAGE}{ann.id}", data={}).status_code == 403
    assert vera.get(PAGE).status_code == 303


def test_strangers_and_those_who_may_not_answer_have_no_such_page(stan, adam, ann, workspace):
    viewer = make_teammate(workspace, "Vic", Role.VIEWER)
    assert stan.get(f"{PAGE}{ann.id}").status_code == 404
    assert stan.post(f"{PAGE}{ann.id}", data={"capacity": "1", "when": "always"}).status_code == 404
    assert adam.get(f"{PAGE}{viewer.id}").status_code == 404
