"""Whose turn it is in a conversation: the agent's, a person's, or nobody's any more."""

import uuid
from datetime import datetime

from core import handoff_summaries, handoffs, jobs, occurrences
from core.conversations.announcing import announce_state
from core.conversations.finding import PREVIEW
from core.conversations.storing import lock, say_as_system, tell_as_system
from core.errors import Conflict
from core.handoff_causes import Cause
from core.occurrences import Kind, Occurrence
from models import after_commit, transaction
from models.conversations import Conversation, State
from models.teammates import Teammate

LOOKED_THROUGH = "proposals"
"""The job that reads in a closed conversation what the agent could learn from it."""


def request_person(
    conversation: Conversation, *, reason: str, now: datetime, cause: Cause = Cause.CUSTOMER, summary: str = ""
) -> None:
    """Ask for a person, once; the agent is silent from here on.

    Args:
        reason: for teammates, after "The customer".
        cause: who or what wanted a person.
        summary: of the model; what is known anyway when empty.
    """
    with transaction():
        lock(conversation)
        if conversation.state in (State.WAITING, State.PERSON):
            return
        enter(conversation, State.WAITING)
        conversation.waiting_since, conversation.handoff_reason = now, reason
        conversation.handoff_cause = cause.value
        conversation.handoff_summary = summary or handoff_summaries.of(conversation) or None
        conversation.last_message_at = conversation.last_message_at or now
        promise = handoffs.promise(conversation, now=now)
        tell_as_system(conversation, promise, now=now, details={"handoff": cause.value})
        occurrences.tell(Occurrence(Kind.REQUESTED, conversation, now, details={"cause": cause.value}))
        if conversation.channel != PREVIEW:
            handoffs.call_people(conversation, now=now)


def take_over(
    conversation: Conversation, teammate: Teammate, *, now: datetime, instead_of: uuid.UUID | None = None
) -> None:
    """Let a teammate answer in the agent's place.

    Args:
        instead_of: the teammate who is known to have it and is relieved.

    Raises:
        Conflict: when another teammate has it.
    """
    with transaction():
        lock(conversation)
        check_free(conversation, teammate, instead_of=instead_of)
        give_to(conversation, teammate, now=now)


def hand_back(conversation: Conversation, *, now: datetime) -> None:
    """Let the agent answer again."""
    with transaction():
        lock(conversation)
        if conversation.state not in (State.WAITING, State.PERSON):
            raise Conflict("The agent is answering in this conversation already.")
        enter(conversation, State.AGENT)
        say_as_system(conversation, "said_assistant_again", now=now)
        occurrences.tell(Occurrence(Kind.RETURNED, conversation, now))


def resolve(conversation: Conversation, *, now: datetime) -> None:
    """Close a conversation; the customer's next message opens it again."""
    with transaction():
        lock(conversation)
        if conversation.state is State.RESOLVED:
            return
        enter(conversation, State.RESOLVED)
        conversation.resolved_at = now
        notice = say_as_system(conversation, "said_closed", now=now)
        occurrences.tell(Occurrence(Kind.RESOLVED, conversation, now, message=notice))
        if conversation.channel != PREVIEW:
            jobs.start(conversation.workspace_id, LOOKED_THROUGH, conversation.id, now=now)


def check_free(conversation: Conversation, teammate: Teammate, *, instead_of: uuid.UUID | None) -> None:
    """Refuse a conversation that somebody else has, unless it is the one who is known to have it.

    Raises:
        Conflict: with the name of who has it.
    """
    if conversation.state is not State.PERSON or conversation.teammate is None:
        return
    if conversation.teammate_id not in (teammate.id, instead_of):
        raise Conflict(f"{conversation.teammate.name} has taken this conversation over already.")


def give_to(conversation: Conversation, teammate: Teammate, *, now: datetime) -> None:
    """Have a teammate answer from here on; the customer is told who has joined."""
    is_new = conversation.state is not State.PERSON or conversation.teammate_id != teammate.id
    enter(conversation, State.PERSON)
    conversation.teammate = teammate
    if is_new:
        say_as_system(conversation, "said_person_joined", now=now, name=teammate.name)
        occurrences.tell(Occurrence(Kind.ASSIGNED, conversation, now, by=teammate))


def enter(conversation: Conversation, state: State) -> None:
    """Make it somebody else's turn, and tell every open tab."""
    conversation.state = state
    conversation.resolved_at = conversation.waiting_since = None
    if state is not State.PERSON:
        conversation.teammate = None
    after_commit(lambda: announce_state(conversation))
