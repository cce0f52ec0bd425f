"""Who is behind a stop or a mark: found within one's own workspace alone."""

import pytest

from core import sessions, suspects, tickets
from core.sessions import Visit
from tests.conftest import NOW, make_conversation, make_customer


@pytest.fixture
def told(agent, workspace):
    customer = make_customer(workspace.id, "Vera")
    spoken = make_conversation(agent, customer, last_message_at=NOW)
    make_conversation(agent, customer)
    return customer, spoken


def test_they_are_found_in_their_own_workspace(workspace, agent, told):
    customer, spoken = told
    assert suspects.agent(workspace, agent.id) == agent
    assert suspects.customer(workspace, customer.id) == customer
    assert suspects.latest_conversation(workspace, customer.id) == spoken.id


def test_a_stranger_finds_nobody(other_workspace, agent, told):
    customer, _spoken = told
    assert suspects.agent(other_workspace, agent.id) is None
    assert suspects.customer(other_workspace, customer.id) is None
    assert suspects.latest_conversation(other_workspace, customer.id) is None


def test_the_visitor_of_a_session_is_found_in_their_own_workspace(workspace, other_workspace, agent):
    visit = Visit(parent_origin="https://example.com", own_origin="http://localhost")
    session = sessions.start(agent, tickets.issue(agent, origin=None, channel="web"), visit, now=NOW).session
    assert suspects.visitor(workspace, session.id) == session.customer
    assert suspects.visitor(other_workspace, session.id) is None
