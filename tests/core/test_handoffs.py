"""Calling a person: who is told, how often, and what the mail says."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import conversations, handoffs, notices
from core.clock import utc_now
from gateways.queue import current_queue
from models import db
from models.jobs import Job, JobStatus
from models.mails import Mail
from models.teammates import Role, Teammate
from tests.conftest import make_conversation, make_customer, make_teammate
from tests.letters import letters

# Jobs are claimed by the real clock, so that the calls have to lie behind it.
START = utc_now() - timedelta(days=1)


@pytest.fixture
def team(app, workspace, other_workspace):
    """One of each role, one who has left, and one of another workspace."""
    letters(app)
    for role in Role:
        make_teammate(workspace, role.value.title(), role)
    make_teammate(workspace, "Gone", Role.OWNER).removed_at = START
    make_teammate(other_workspace, "Stan", Role.OWNER)
    db.session.commit()


def wait(conversation, *, minutes=0):
    conversations.request_person(conversation, reason="asked", now=START + timedelta(minutes=minutes))


def test_everybody_who_may_answer_is_told(app, team, agent):
    conversation = make_conversation(agent, make_customer(agent.workspace_id, "Marta"))
    wait(conversation)
    sent = letters(app)
    assert sorted(letter["To"] for letter in sent) == [
        "admin@example.com",
        "editor@example.com",
        "owner@example.com",
        "support@example.com",
    ]
    assert {letter["Subject"] for letter in sent} == {"Marta (not verified) is waiting for a person"}
    assert f"http://localhost/admin/conversations/{conversation.id}" in sent[0].get_body(("plain",)).get_content()


def test_one_conversation_calls_once_in_half_an_hour(app, team, conversation):
    counts = []
    for minutes in (0, 10, 29, 30, 31):
        wait(conversation, minutes=minutes)
        counts.append(len(letters(app)))
        conversations.hand_back(conversation, now=START)
    assert counts == [4, 0, 0, 4, 0]


def test_asking_twice_while_waiting_calls_once(app, team, conversation):
    for minutes in (0, 60):
        wait(conversation, minutes=minutes)
    assert len(letters(app)) == 4


def test_other_conversations_call_for_themselves(app, team, agent):
    for _ in range(2):
        wait(make_conversation(agent))
    assert len(letters(app)) == 8


def test_a_teammate_who_tries_the_agent_calls_nobody(app, team, agent):
    wait(make_conversation(agent, channel=conversations.PREVIEW))
    assert letters(app) == []


def test_nobody_is_told_of_what_somebody_has_taken_care_of(app, team, conversation, monkeypatch):
    put_off = []
    with monkeypatch.context() as patch:
        patch.setattr(current_queue(), "add", lambda *task: put_off.append(task))
        wait(conversation)
    conversations.take_over(conversation, db.session.scalars(select(Teammate)).first(), now=START)
    for task in put_off:
        current_queue().add(*task)
    assert letters(app) == []
    assert db.session.scalars(select(Job).execution_options(populate_existing=True)).one().status is JobStatus.DONE


def test_the_mails_are_no_part_of_the_transaction(team, conversation, monkeypatch):
    order = []
    monkeypatch.setattr(current_queue(), "add", lambda *_: order.append(db.session.info.get("writing", False)))
    wait(conversation)
    assert order
    assert not any(order)
    assert db.session.get(type(conversation), conversation.id).waiting_since == START


def test_a_call_that_breaks_off_tells_nobody_twice(app, team, conversation, monkeypatch):
    send, left = notices.send, [2]

    def send_some(*arguments, **options):
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the process died here")
        return send(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(notices, "send", send_some)
        wait(conversation)
    assert letters(app) == []
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
    job = db.session.scalars(select(Job).execution_options(populate_existing=True)).one()
    assert job.status is JobStatus.WAITING
    job.next_try_at = START
    db.session.commit()
    current_queue().add("job", job.id.hex)
    assert len(letters(app)) == 4


def test_who_may_answer(team, conversation):
    assert [teammate.role for teammate in handoffs.who_may_answer(conversation)] == [
        Role.OWNER,
        Role.ADMIN,
        Role.EDITOR,
        Role.SUPPORT,
    ]
