"""Settings → Ratings, and where ratings are shown."""

import pytest

from core import conversations, ratings
from core.clock import utc_now
from models import db
from models.audits import AuditEntry
from tests.conftest import make_conversation

HTMX = {"HX-Request": "true"}
PAGE = "/admin/settings/ratings/"
FORM = {"is_on": "y", "asked": "people", "question": "Happy now?"}


@pytest.fixture
def rated(agent):
    conversation = make_conversation(agent)
    conversations.ask(conversation, client_id="one", text="Where is my lamp?", now=utc_now())
    conversations.resolve(conversation, now=utc_now())
    (question,) = ratings.of_conversation(conversation)
    ratings.rate(conversation, question, score=5, comment="Quick <b>and</b> kind.", now=utc_now())
    return conversation


def test_what_is_asked_is_saved_and_noted(adam, workspace):
    saved = adam.post(PAGE, data=FORM, headers=HTMX)
    assert saved.status_code == 200
    assert "Saved" in saved.text
    assert "<html" not in saved.text
    assert ratings.of(workspace.id).question == "Happy now?"
    assert db.session.scalars(db.select(AuditEntry.action)).all() == ["ratings.change"]
    assert adam.post(PAGE, data=FORM).status_code == 303
    page = adam.get(PAGE).text
    assert page.count("<h1>") == 1
    assert 'value="Happy now?"' in page


def test_without_its_tick_nobody_is_asked(adam, workspace):
    adam.post(PAGE, data={"asked": "everybody"})
    assert not ratings.of(workspace.id).is_on


@pytest.mark.parametrize("wrong", [{"asked": "robots"}, {"question": "x" * 161}])
def test_what_cannot_be_asked_is_refused(adam, workspace, wrong):
    assert adam.post(PAGE, data=FORM | wrong, headers=HTMX).status_code == 422
    assert ratings.of(workspace.id) == ratings.Decisions()


def test_only_those_who_run_the_workspace_decide(eddy, sue, rita, vera):
    for client in (eddy, sue, rita):
        assert client.get(PAGE).status_code == client.post(PAGE, data=FORM).status_code == 403
    assert vera.get(PAGE).status_code == 303


def test_it_stands_in_the_conversation_beside_the_customer_and_on_the_agents_page(rita, agent, rated):
    for part in ("", "/messages"):
        thread = rita.get(f"/admin/conversations/{rated.id}{part}", headers=HTMX if part else None).text
        assert "Very good" in thread
        assert "Quick &lt;b&gt;and&lt;/b&gt; kind." in thread
    assert "Very good" in rita.get(f"/admin/customers/{rated.customer_id}").text
    assert "100% of those who rated their conversation were content." in rita.get(f"/admin/agents/{agent.id}").text
