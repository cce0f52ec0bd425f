"""What a workspace does not keep for ever goes at night: as much as was told before, and nothing of anybody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import conversations, jobs, privacy_settings, retention
from core.clock import utc_now
from core.privacy_settings import Retention
from models import db
from models.agents import Event, EventKind
from models.audits import AuditEntry
from models.conversations import Answer, Conversation, Message
from models.customers import Customer
from models.inbox import Note, Rating
from models.jobs import Job, JobStatus
from models.privacy import MessageOriginal
from models.teammates import Workspace
from models.webhooks import WebhookDelivery
from tests.conftest import keep, make_conversation, make_customer
from tests.shops import make_shop

DAY = timedelta(days=1)


def old(days):
    return utc_now() - days * DAY


def talk(agent, *, days, customer=None):
    """A conversation whose last word is so many days old."""
    begun = make_conversation(agent, customer or make_customer(agent.workspace_id, last_seen_at=utc_now()))
    conversations.ask(begun, client_id="one", text="mail ann@shop.example", now=old(days))
    return begun


def decide(workspace, **days):
    privacy_settings.keep_for(workspace, Retention(**days), by=None, now=utc_now())


def clear(workspace):
    job = jobs.start(workspace.id, retention.CLEAR, workspace.id, now=utc_now())
    db.session.expire_all()
    assert db.session.get(Job, job.id).status is JobStatus.DONE
    return job


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def entries():
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.clear")).all()


def test_what_is_due_is_counted_before_it_is_decided(workspace, agent):
    for days in (5, 40, 50):
        talk(agent, days=days)
    assert retention.due(workspace.id, Retention(conversation_days=30), now=utc_now()) == {"conversation": 2}
    assert retention.due(workspace.id, Retention(), now=utc_now()) == {}
    assert count(Conversation) == 3


def test_old_conversations_go_with_all_that_was_said(workspace, agent):
    kept, _gone = talk(agent, days=29), talk(agent, days=31)
    decide(workspace, conversation_days=30)
    clear(workspace)
    assert db.session.scalars(select(Conversation.id)).all() == [kept.id]
    assert [count(table) for table in (Message, MessageOriginal, Answer)] == [1, 1, 1]
    assert count(Customer) == 2


def test_an_opened_and_silent_chat_is_as_old_as_its_beginning(workspace, agent):
    make_conversation(agent, created_at=old(31))
    make_conversation(agent, created_at=old(29))
    decide(workspace, conversation_days=30)
    clear(workspace)
    assert count(Conversation) == 1


def test_customers_who_were_not_seen_go_with_their_conversations(workspace, agent):
    gone = make_customer(workspace.id, "Ann", last_seen_at=old(400))
    talk(agent, days=400, customer=gone)
    kept = make_customer(workspace.id, "Bob", last_seen_at=old(10))
    decide(workspace, customer_days=365)
    clear(workspace)
    assert db.session.scalars(select(Customer.id)).all() == [kept.id]
    assert count(Conversation) == 0


def test_events_and_the_audit_log_are_cleared_by_age(workspace, agent):
    for days in (10, 200):
        keep(
            Event(
                workspace_id=workspace.id,
                agent_id=agent.id,
                kind=EventKind.LOAD,
                origin="https://example.com",
                details={},
                created_at=old(days),
            )
        )
        keep(
            AuditEntry(
                workspace_id=workspace.id,
                who="Olga",
                action="agent.rename",
                subject_kind="agent",
                created_at=old(days),
            )
        )
    decide(workspace, event_days=30, audit_days=90)
    clear(workspace)
    assert count(Event) == 1
    assert db.session.scalars(select(AuditEntry.created_at).where(AuditEntry.action == "agent.rename")).one() > old(11)


def test_notes_ratings_and_deliveries_have_their_own_time(app):
    shop = make_shop("Brambleby")
    workspace = db.session.get_one(Workspace, shop.workspace.id)
    for table, moment in ((Note, "created_at"), (Rating, "asked_at"), (WebhookDelivery, "created_at")):
        first = db.session.scalars(select(table).order_by(table.id)).first()
        setattr(first, moment, old(20))
    db.session.commit()
    before = {table: count(table) for table in (Note, Rating, WebhookDelivery)}
    decide(workspace, note_days=10, rating_days=10, delivery_days=10)
    clear(workspace)
    assert {table: count(table) for table in before} == {table: number - 1 for table, number in before.items()}


def test_more_than_a_part_at_once_is_cleared_and_noted_as_one(workspace, agent, monkeypatch):
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    for _ in range(5):
        talk(agent, days=40)
    decide(workspace, conversation_days=30)
    job = clear(workspace)
    assert (job.done, job.total) == (5, 5)
    (entry,) = entries()
    assert entry.after == {"conversation": 5}
    assert entry.who == ""


def test_a_night_without_anything_to_clear_is_not_noted(workspace):
    decide(workspace, conversation_days=30)
    clear(workspace)
    assert entries() == []


def test_another_workspace_keeps_its_own(workspace, other_workspace, other_agent):
    talk(other_agent, days=400)
    make_customer(other_workspace.id, last_seen_at=old(400))
    decide(workspace, conversation_days=30, customer_days=30)
    clear(workspace)
    assert (count(Conversation), count(Customer)) == (1, 2)


@pytest.mark.parametrize(("hour", "started"), [(2, 0), (3, 1), (23, 1)])
def test_it_is_done_once_a_night(workspace, other_workspace, hour, started):
    decide(workspace, conversation_days=30)
    decide(other_workspace)
    now = old(5).replace(hour=hour)
    for minute in (1, 2):
        retention.start_due(now=now.replace(minute=minute))
    assert count(Job) == started
    retention.start_due(now=now + DAY)
    assert count(Job) == 2 * started


def test_the_sweeper_does_it(workspace, agent, monkeypatch):
    from web import jobs as web_jobs

    talk(agent, days=40)
    # Otherwise the sweeper would first have it answered.
    keep(db.session.scalars(select(Answer)).one()).finished_at = utc_now()
    decide(workspace, conversation_days=30)
    night = old(1).replace(hour=4)
    monkeypatch.setattr(web_jobs, "utc_now", lambda: night)
    web_jobs.sweep()
    assert count(Conversation) == 0
