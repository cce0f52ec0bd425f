"""Correct this answer: beside a reply of the agent, for who may teach it."""

import pytest

from core import conversations, knowledge
from core.clock import utc_now
from models import db
from models.conversations import Answer, Outcome
from models.knowledge import Entry

HTMX = {"HX-Request": "true"}


@pytest.fixture
def wrong(agent):
    return knowledge.add(agent, question="Where do you ship?", answer="Everywhere.", by=None, now=utc_now())


@pytest.fixture
def address(agent, conversation, wrong):
    message = conversations.ask(conversation, client_id="one", text="How long does it take?", now=utc_now())
    said = conversations.reply(conversation, text="Everywhere.", details={}, now=utc_now())
    answer = db.session.get_one(Answer, message.id)
    answer.reply_id, answer.outcome, answer.entry_id = said.id, Outcome.ANSWERED, wrong.id
    db.session.commit()
    return f"/admin/conversations/{conversation.id}/messages/{said.id}/correction"


def test_an_editor_writes_what_the_agent_should_have_answered(eddy, conversation, address):
    assert address in eddy.get(f"/admin/conversations/{conversation.id}").text
    dialog = eddy.get(address, headers=HTMX).text
    assert "How long does it take?" in dialog
    assert eddy.get(address).text.count("<h1>") == 1
    taught = eddy.post(address, data={"question": "How long?", "answer": "Three days.", "entry": ""}, headers=HTMX)
    assert "Corrected" in taught.text
    assert db.session.query(Entry).filter_by(question="How long?").one().answer == "Three days."


def test_an_editor_points_to_an_answer_that_is_there(eddy, agent, address):
    right = knowledge.add(agent, question="Delivery time", answer="Three days.", by=None, now=utc_now())
    assert eddy.post(address, data={"entry": str(right.id)}).status_code == 303
    db.session.expire_all()
    assert [phrasing.text for phrasing in right.phrasings] == ["How long does it take?"]


def test_what_is_missing_is_told_in_the_dialog(eddy, address):
    refused = eddy.post(address, data={"question": "How long?", "answer": ""}, headers=HTMX)
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (422, "#correction-body")
    assert "The answer is empty." in refused.text
    assert eddy.post(address).status_code == 422


def test_an_entry_of_another_agent_teaches_nothing(eddy, other_agent, address):
    foreign = knowledge.add(other_agent, question="Theirs", answer="Theirs.", by=None, now=utc_now())
    assert eddy.post(address, data={"entry": str(foreign.id)}).status_code == 404


def test_who_may_not_teach_finds_no_way_to(sue, stan, conversation, address):
    assert address not in sue.get(f"/admin/conversations/{conversation.id}").text
    assert sue.get(address).status_code == 403
    assert sue.post(address, data={"entry": ""}).status_code == 403
    assert stan.get(address).status_code == 404
