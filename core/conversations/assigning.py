"""Giving a conversation to a teammate or a team."""

from datetime import datetime

from core import changes, occurrences
from core.changes import Change
from core.conversations.announcing import tell_workspace
from core.conversations.storing import lock, tell_as_system
from core.conversations.turns import await_person, enter, give_to, tell_given
from core.errors import Conflict, NotFound
from core.handoff_causes import Cause
from core.handoffs import promise
from core.occurrences import Kind, Occurrence
from core.permissions import Permission, may
from models import after_commit, transaction
from models.conversations import Conversation, State
from models.inbox import Team
from models.teammates import Teammate


def assign(
    conversation: Conversation, *, teammate: Teammate | None, team: Team | None, by: Teammate | None, now: datetime
) -> None:
    """Say who is to answer: a teammate, a team, both, or nobody in particular.

    Who takes it for themselves answers from here on. Anybody else is waited for: the customer is told that somebody has
    joined once they really have. With nobody named, a conversation that people had waits for any of them.

    Args:
        by: who decides that; None for a rule.

    Raises:
        Conflict: when it is resolved, or the teammate may not answer customers.
        NotFound: for a teammate or a team of another workspace.
    """
    _check(conversation, teammate, team)
    with transaction():
        lock(conversation)
        if conversation.state is State.RESOLVED:
            raise Conflict("This conversation is resolved. Open it again before you give it to somebody.")
        before = conversation.teammate_id
        if (before, conversation.team_id) == (teammate and teammate.id, team and team.id):
            return
        conversation.team_id = team.id if team else None
        if teammate is not None and by is not None and teammate.id == by.id:
            give_to(conversation, teammate, now=now)
            return
        was_agents = conversation.state is State.AGENT
        if before != (teammate and teammate.id) or was_agents:
            _wait_for(conversation, teammate, by=by, now=now)
        names = {"teammate": teammate.name if teammate else None, "team": team.name if team else None}
        changes.record(conversation, Change.GIVEN, by=by, details=names, now=now)
        if was_agents and conversation.state is State.WAITING:
            cause = {"cause": Cause.TEAMMATE.value}
            occurrences.tell(Occurrence(Kind.REQUESTED, conversation, now, by=by, details=cause))
        tell_given(conversation, before=before, by=by, now=now)
        after_commit(lambda: tell_workspace(conversation.workspace_id, conversation.id))


def _check(conversation: Conversation, teammate: Teammate | None, team: Team | None) -> None:
    if team is not None and team.workspace_id != conversation.workspace_id:
        raise NotFound("There is no such team.")
    if teammate is None:
        return
    if teammate.workspace_id != conversation.workspace_id:
        raise NotFound("There is no such teammate.")
    if teammate.removed_at is not None or not may(teammate.role, Permission.ANSWER):
        raise Conflict(f"{teammate.name} may not answer customers.")


def _wait_for(conversation: Conversation, teammate: Teammate | None, *, by: Teammate | None, now: datetime) -> None:
    """Have the customer wait for this teammate, or for anybody."""
    team_id, waiting_since, state = conversation.team_id, conversation.waiting_since, conversation.state
    if state is State.AGENT:
        if teammate is None and team_id is None:
            return
        reason = f"was passed on by {by.name}" if by else "was passed on"
        await_person(conversation, reason=reason[:60], cause=Cause.TEAMMATE, now=now)
    elif state is State.PERSON:
        enter(conversation, State.WAITING)
        # They talked to somebody a moment ago, and have to know that it takes a while again.
        tell_as_system(conversation, promise(conversation, now=now), now=now)
    conversation.waiting_since = waiting_since or now
    conversation.teammate, conversation.team_id = teammate, team_id
