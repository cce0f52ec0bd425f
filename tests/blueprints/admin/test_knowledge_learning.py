"""The pages of test questions and of what closed conversations could teach."""

import pytest

from core import conversations, evaluations, knowledge, proposals
from models import db
from models.conversations import Sender, State
from tests.conftest import NOW
from tests.core.test_proposals import ANSWER, say

HX = {"HX-Request": "true"}


@pytest.fixture
def place(agent):
    return f"/admin/agents/{agent.id}/knowledge"


@pytest.fixture
def entry(agent):
    return knowledge.add(agent, question="Do you repair lamps?", answer="Yes, all.", by=None, now=NOW)


@pytest.fixture
def proposal(agent, conversation):
    say(conversation, 1, Sender.CUSTOMER, "Is there a workshop for shades?")
    say(conversation, 2, Sender.PERSON, ANSWER)
    conversation.last_seq, conversation.state = 2, State.PERSON
    db.session.commit()
    conversations.resolve(conversation, now=NOW)
    return proposals.listed(agent)[0]


def test_a_test_question_is_added_asked_and_removed(agent, entry, eddy, place):
    assert "No test questions yet" in eddy.get(f"{place}/tests").text
    page = eddy.post(f"{place}/tests", data={"text": "do you mend lamps", "expected": entry.question}, headers=HX)
    assert page.status_code == 200
    assert "do you mend lamps" in page.text
    page = eddy.post(f"{place}/tests/runs", headers=HX).text
    assert "1 of 1 right" in eddy.get(f"{place}/tests").text
    [question] = evaluations.questions(agent)
    assert eddy.post(f"{place}/tests/{question.id}/removal").status_code == 303
    assert not evaluations.questions(agent)


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"text": ""}, "Write a question"), ({"text": "Why?", "expected": "Nothing of ours"}, "There is no question")],
)
def test_what_is_wrong_with_a_test_question_is_said_and_kept(eddy, place, sent, words):
    page = eddy.post(f"{place}/tests", data=sent, headers=HX)
    assert page.status_code == 422
    assert words in page.text
    assert sent["text"] in page.text


def test_a_trial_becomes_a_test_question(agent, entry, eddy, place):
    tried = eddy.get(f"{place}/trial?text=Do+you+repair+lamps", headers=HX).text
    assert "keep as a test question" in tried
    eddy.post(f"{place}/tests/kept", data={"text": "Do you repair lamps", "entry": str(entry.id)})
    [question] = evaluations.questions(agent)
    assert question.entry_id == entry.id
    again = eddy.post(f"{place}/tests/kept", data={"text": "Do you repair lamps", "entry": "x"}, follow_redirects=True)
    assert "Say which question" in again.text


def test_what_is_proposed_is_looked_at_changed_and_approved(agent, proposal, eddy, place):
    page = eddy.get(f"{place}/proposals").text
    assert proposal.question in page
    assert ANSWER in page
    address = f"{place}/proposals/{proposal.id}/approval"
    refused = eddy.post(address, data={"question": "Shades?", "answer": ""}, headers=HX)
    assert refused.status_code == 422
    assert "Shades?" in refused.text
    done = eddy.post(address, data={"question": "Shades?", "answer": "Yes, those as well."}, headers=HX)
    assert "Nothing to look at" in done.text
    assert [one.question for one in knowledge.listed(agent).entries] == ["Shades?"]
    assert eddy.post(address, data={"question": "Shades?", "answer": "Yes."}).status_code == 404


def test_what_is_refused_is_gone(agent, proposal, eddy, place):
    assert eddy.post(f"{place}/proposals/{proposal.id}/refusal").status_code == 303
    assert proposals.count(agent) == 0


def test_who_may_only_look_changes_nothing(agent, proposal, rita, place):
    page = rita.get(f"{place}/proposals").text
    assert proposal.question in page
    assert "Do not learn" not in page
    assert rita.post(f"{place}/proposals/{proposal.id}/approval", data={"question": "A?"}).status_code == 403
    assert rita.post(f"{place}/tests", data={"text": "A?"}).status_code == 403
    assert "test-form" not in rita.get(f"{place}/tests").text


def test_of_another_workspace_nothing_is_there(proposal, stan, place):
    for path in ("tests", "proposals"):
        assert stan.get(f"{place}/{path}").status_code == 404
    assert stan.post(f"{place}/proposals/{proposal.id}/refusal").status_code == 404
