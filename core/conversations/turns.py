"""Whose turn it is in a conversation: the agent's, a person's, or nobody's any more."""

import uuid
from datetime import datetime

from core import changes, handoff_summaries, handoffs, jobs, occurrences
from core.changes import Change
from core.conversations.announcing import announce_state
from core.conversations.finding import PREVIEW
from core.conversations.snoozing import stir
from core.conversations.storing import lock, say_as_system, tell_as_system
from core.errors import Conflict
from core.handoff_causes import Cause
from core.occurrences import Kind, Occurrence
from core.resolutions import Resolution
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
        await_person(conversation, reason=reason, cause=cause, summary=summary, now=now)
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


def hand_back(conversation: Conversation, *, now: datetime, by: Teammate | None = None) -> None:
    """Let the agent answer again.

    Raises:
        Conflict: when it does already.
    """
    with transaction():
        lock(conversation)
        if conversation.state not in (State.WAITING, State.PERSON):
            raise Conflict("The agent is answering in this conversation already.")
        enter(conversation, State.AGENT)
        say_as_system(conversation, "said_assistant_again", now=now)
        changes.record(conversation, Change.RETURNED, by=by, now=now)
        occurrences.tell(Occurrence(Kind.RETURNED, conversation, now, by=by))


def resolve(
    conversation: Conversation, *, now: datetime, by: Teammate | None = None, reason: Resolution | None = None
) -> None:
    """Close a conversation; the customer's next message opens it again. Who had it stays written on it.

    Args:
        by: the teammate who closes it; None for the agent or a rule.
        reason: what became of the customer's concern.
    """
    with transaction():
        lock(conversation)
        if conversation.state is State.RESOLVED:
            return
        close(conversation, reason, now=now)
        notice = say_as_system(conversation, "said_closed", now=now)
        changes.record(conversation, Change.RESOLVED, by=by, details={"reason": conversation.resolution}, now=now)
        occurrences.tell(Occurrence(Kind.RESOLVED, conversation, now, by=by, message=notice))
        if conversation.channel != PREVIEW:
            jobs.start(conversation.workspace_id, LOOKED_THROUGH, conversation.id, now=now)


def close(conversation: Conversation, reason: Resolution | None, *, now: datetime) -> None:
    """Have nobody answer it any more, without a word to the customer."""
    enter(conversation, State.RESOLVED)
    conversation.resolved_at = now
    conversation.resolution = reason.value if reason else None


def await_person(conversation: Conversation, *, reason: str, now: datetime, cause: Cause, summary: str = "") -> None:
    """Have the customer wait for a person, and tell them how long that takes."""
    enter(conversation, State.WAITING)
    conversation.waiting_since, conversation.handoff_reason = now, reason
    conversation.handoff_cause = cause.value
    conversation.handoff_summary = summary or handoff_summaries.of(conversation) or None
    conversation.last_message_at = conversation.last_message_at or now
    promise = handoffs.promise(conversation, now=now)
    tell_as_system(conversation, promise, now=now, details={"handoff": cause.value})


def check_free(conversation: Conversation, teammate: Teammate, *, instead_of: uuid.UUID | None) -> None:
    """Refuse a conversation that somebody else has, unless it is the one who is known to have it.

    Raises:
        Conflict: with the name of who has it.
    """
    if conversation.merged_into_id is not None:
        raise Conflict("This conversation goes on in another one, into which it was merged.")
    if conversation.state is not State.PERSON or conversation.teammate is None:
        return
    if conversation.teammate_id not in (teammate.id, instead_of):
        raise Conflict(f"{conversation.teammate.name} has taken this conversation over already.")


def give_to(conversation: Conversation, teammate: Teammate, *, now: datetime) -> None:
    """Have a teammate answer from here on; the customer is told who has joined."""
    if conversation.state is State.PERSON and conversation.teammate_id == teammate.id:
        return
    before, was_resolved = conversation.teammate_id, conversation.state is State.RESOLVED
    enter(conversation, State.PERSON, teammate=teammate)
    stir(conversation, by=teammate, now=now)
    say_as_system(conversation, "said_person_joined", now=now, name=teammate.name)
    changes.record(conversation, Change.REOPENED if was_resolved else Change.TAKEN, by=teammate, now=now)
    if was_resolved:
        occurrences.tell(Occurrence(Kind.REOPENED, conversation, now, by=teammate))
    tell_given(conversation, before=before, by=teammate, now=now)


def tell_given(conversation: Conversation, *, before: uuid.UUID | None, by: Teammate | None, now: datetime) -> None:
    """Tell who has it now, and who had it before."""
    details = {
        "teammate": str(conversation.teammate.id) if conversation.teammate else None,
        "team": str(conversation.team_id) if conversation.team_id else None,
        "before": str(before) if before else None,
    }
    occurrences.tell(Occurrence(Kind.ASSIGNED, conversation, now, by=by, details=details))


def enter(conversation: Conversation, state: State, *, teammate: Teammate | None = None) -> None:
    """Make it somebody else's turn, and tell every open tab.

    Args:
        teammate: who is to answer, or does; of a resolved one it stays who had it.
    """
    conversation.state = state
    conversation.resolved_at = conversation.waiting_since = conversation.resolution = None
    if state is not State.RESOLVED:
        conversation.teammate = teammate
    if state in (State.AGENT, State.RESOLVED):
        conversation.snoozed_until = None
    if state is State.AGENT:
        conversation.team_id = None
    after_commit(lambda: announce_state(conversation))
