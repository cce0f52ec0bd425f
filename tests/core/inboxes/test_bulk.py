"""Doing the same with many conversations at once."""

import uuid

import pytest

from core import conversations
from core.errors import Invalid, NotFound
from core.inboxes import bulk
from models.conversations import State
from tests.conftest import NOW
from tests.core.inboxes.pieces import said


def test_what_one_refuses_keeps_no_other_from_it(workspace, agent, reader):
    first, taken, third = said(agent), said(agent), said(agent)
    conversations.resolve(taken, now=NOW)
    outcome = bulk.change_all(
        bulk.find_all(workspace, [first.id, taken.id, third.id, first.id]),
        lambda one: conversations.assign(one, teammate=reader, team=None, by=reader, now=NOW),
    )
    assert (outcome.done, outcome.left, len(outcome.refusals)) == (2, 1, 1)
    assert [one.state for one in (first, taken, third)] == [State.PERSON, State.RESOLVED, State.PERSON]


def test_a_foreign_one_among_them_is_not_found(workspace, agent, other_agent):
    with pytest.raises(NotFound):
        bulk.find_all(workspace, [said(agent).id, said(other_agent).id])


@pytest.mark.parametrize("ids", [[], [uuid.uuid4() for _ in range(bulk.MOST + 1)]])
def test_none_and_too_many_are_refused(workspace, ids):
    with pytest.raises(Invalid):
        bulk.find_all(workspace, ids)
