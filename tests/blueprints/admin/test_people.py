"""When an agent fetches a person and what it remembers, as teammates set it."""

import pytest

from core import handoff_rules, remembering
from core.handoff_rules import HandoffRules
from core.remembering import MemorySettings
from models import db
from models.audits import AuditEntry

RULES = {
    "unanswered": "2",
    "topics": "refund\n\n refund \nlegal advice",
    "value": "499.50",
    "minutes": "10",
    "most_waiting": "5",
    "is_away": "y",
}


def page(agent):
    return f"/admin/agents/{agent.id}/people"


def test_it_shows_what_holds(eddy, agent):
    text = eddy.get(page(agent)).text
    assert "When a person is fetched" in text
    assert "What is remembered" in text
    assert "You will get an answer from a person here." in text


def test_rules_are_saved_with_an_entry_in_the_log(eddy, agent):
    assert eddy.post(f"{page(agent)}/handoff", data=RULES).status_code == 303
    assert handoff_rules.of(agent) == HandoffRules(False, 2, ("refund", "legal advice"), 499.5, 10, 5, True)
    assert db.session.query(AuditEntry.action).order_by(AuditEntry.id.desc()).first().action == "handoff.change"
    text = eddy.get(page(agent)).text
    assert "499.5" in text
    assert "A person usually answers here within 10 minutes." in text


def test_memory_is_saved_as_a_fragment(eddy, agent):
    answer = eddy.post(f"{page(agent)}/memory", data={"is_on": "y", "days": "90"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Saved" in answer.text
    assert "<html" not in answer.text
    assert remembering.of(agent) == MemorySettings(is_on=True, by_model=False, days=90)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value": "a lot"}, "Write an amount greater than nothing"),
        ({"value": "-1"}, "Write an amount greater than nothing"),
        ({"value": "nan"}, "Write an amount greater than nothing"),
        ({"most_waiting": "0"}, "Write a whole number from 1 to 1,000"),
        ({"unanswered": "99"}, "Not a valid choice"),
        ({"topics": "x" * 61}, "A subject is too long"),
    ],
)
def test_what_cannot_be_meant_comes_back_with_what_was_typed(eddy, agent, changed, words):
    answer = eddy.post(f"{page(agent)}/handoff", data=RULES | changed, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert words in answer.text
    assert next(iter(changed.values())) in answer.text or "unanswered" in changed
    assert handoff_rules.of(agent) == HandoffRules()


def test_days_that_are_not_offered_are_refused(eddy, agent):
    assert eddy.post(f"{page(agent)}/memory", data={"is_on": "y", "days": "7"}).status_code == 422


@pytest.mark.parametrize("path", ["/handoff", "/memory"])
def test_only_who_edits_agents_changes_it(sue, rita, stan, vera, agent, path):
    for teammate in (sue, rita):
        assert teammate.post(page(agent) + path, data=RULES).status_code == 403
    assert stan.post(page(agent) + path, data=RULES).status_code in (403, 404)
    assert vera.post(page(agent) + path, data=RULES).status_code in (302, 303, 401)
    assert handoff_rules.of(agent) == HandoffRules()


def test_who_only_reads_sees_it_and_a_stranger_does_not(rita, stan, agent):
    text = rita.get(page(agent)).text
    assert "disabled" in text
    assert '<button class="btn btn-primary" type="submit">Save' not in text
    assert stan.get(page(agent)).status_code == 404
