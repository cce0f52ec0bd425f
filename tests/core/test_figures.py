"""Figures of the last week, the check-list and the latest conversations."""

from datetime import timedelta

from core import figures
from core.conversations import PREVIEW
from models.agents import Event, EventKind
from models.conversations import Answer, Conversation, Message, Outcome, Sender
from models.customers import Customer, Standing
from models.knowledge import Entry
from tests.conftest import NOW, keep


def add_event(agent, kind=EventKind.OPEN, at=NOW):
    keep(
        Event(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            kind=kind,
            origin="https://example.com",
            details={},
            created_at=at,
        )
    )


def add_conversation(agent, *, at=NOW, text="Where is my order?", outcome=None, **changes):
    customer = keep(
        Customer(
            workspace_id=agent.workspace_id,
            standing=Standing.ANONYMOUS,
            attributes={},
            created_at=at,
            last_seen_at=at,
        )
    )
    conversation = keep(
        Conversation(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=customer.id,
            created_at=at,
            **{"last_seq": 1, "last_message_at": at, **changes},
        )
    )
    message = keep(
        Message(
            workspace_id=agent.workspace_id,
            conversation_id=conversation.id,
            seq=1,
            sender=Sender.CUSTOMER,
            text=text,
            details={},
            created_at=at,
        )
    )
    if outcome:
        keep(
            Answer(
                message_id=message.id,
                workspace_id=agent.workspace_id,
                agent_id=agent.id,
                conversation_id=conversation.id,
                outcome=outcome,
                finished_at=at,
                created_at=at,
            )
        )
    return conversation


def values(agent):
    return [figure.value for figure in figures.week(agent, NOW)]


def test_nothing_has_happened_yet(agent):
    assert values(agent) == ["0", "0", "–", "0"]
    assert figures.recent_conversations(agent) == []


def test_a_week_is_counted_by_day(agent, other_agent):
    add_event(agent)
    add_event(agent, at=NOW - timedelta(days=6, hours=11))
    add_event(agent, at=NOW - timedelta(days=7))
    add_event(agent, kind=EventKind.LOAD)
    add_event(other_agent)
    assert figures.week(agent, NOW)[0].days == (1, 0, 0, 0, 0, 0, 1)


def test_what_needed_no_person_is_a_share(agent):
    add_conversation(agent)
    add_conversation(agent)
    add_conversation(agent, handoff_reason="asked", outcome=Outcome.UNANSWERED)
    add_conversation(agent, last_message_at=None)
    assert values(agent) == ["0", "3", "67%", "1"]


def test_the_check_list_follows_what_was_done(agent):
    def done(**facts):
        return {step.name: step.is_done for step in figures.steps(agent, **({"is_live": False, "version": 1} | facts))}

    assert done() == {"teach": False, "customize": False, "try": False, "deploy": False}
    keep(
        Entry(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            question="Where?",
            answer="Here.",
            created_at=NOW,
            updated_at=NOW,
        )
    )
    add_conversation(agent)
    assert done(is_live=True, version=2) == {"teach": True, "customize": True, "try": True, "deploy": True}


def test_the_latest_conversations_come_first_with_their_newest_message(agent, other_agent):
    add_conversation(other_agent, text="Not ours")
    older = add_conversation(agent, at=NOW - timedelta(hours=1), text="Older")
    newer = add_conversation(agent, text="Newer")
    add_conversation(agent, last_message_at=None)
    recent = figures.recent_conversations(agent)
    assert [(conversation, message.text) for conversation, message in recent] == [(newer, "Newer"), (older, "Older")]
    assert len(figures.recent_conversations(agent, most=1)) == 1


def test_the_teams_own_tests_count_for_the_check_list_only(agent):
    add_conversation(agent, channel=PREVIEW, outcome=Outcome.UNANSWERED)
    assert values(agent) == ["0", "0", "–", "0"]
    assert figures.recent_conversations(agent) == []
    assert {step.name: step.is_done for step in figures.steps(agent, is_live=False, version=1)}["try"]
