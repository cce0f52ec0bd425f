"""Conversations that are out of the way for a while."""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from core import changes, occurrences
from core.apart import apart
from core.changes import Change
from core.conversations.announcing import tell_workspace
from core.conversations.storing import lock
from core.errors import Conflict, Invalid, NotFound
from core.occurrences import Kind, Occurrence
from models import after_commit, db, transaction
from models.conversations import Conversation, State
from models.teammates import Teammate

LONGEST = timedelta(days=366)
_AT_ONCE = 200


def snooze(conversation: Conversation, *, until: datetime, by: Teammate | None, now: datetime) -> None:
    """Put it out of the way until then, or until the customer writes.

    Raises:
        Conflict: when it is resolved.
        Invalid: for a time that is over, or more than a year away.
    """
    if not now < until <= now + LONGEST:
        raise Invalid("Choose a time to come, within a year.")
    with transaction():
        lock(conversation)
        if conversation.state is State.RESOLVED:
            raise Conflict("This conversation is resolved, so there is nothing to be reminded of.")
        conversation.snoozed_until = until
        changes.record(conversation, Change.SNOOZED, by=by, details={"until": until.isoformat()}, now=now)
        details = {"until": until.isoformat()}
        occurrences.tell(Occurrence(Kind.SNOOZED, conversation, now, by=by, details=details))
        after_commit(lambda: tell_workspace(conversation.workspace_id, conversation.id))


def wake(conversation: Conversation, *, by: Teammate | None, now: datetime) -> None:
    """Have it before everybody again; nothing for one that is not snoozed."""
    with transaction():
        lock(conversation)
        stir(conversation, by=by, now=now)


def stir(conversation: Conversation, *, by: Teammate | None, now: datetime) -> None:
    """As `wake`, for a caller that has locked the conversation."""
    if conversation.snoozed_until is None:
        return
    conversation.snoozed_until = None
    changes.record(conversation, Change.WOKEN, by=by, now=now)
    occurrences.tell(Occurrence(Kind.WOKEN, conversation, now, by=by))
    after_commit(lambda: tell_workspace(conversation.workspace_id, conversation.id))


def wake_due(*, now: datetime) -> None:
    """Wake those whose time has come."""
    due = db.session.scalars(
        select(Conversation.id)
        .where(Conversation.snoozed_until <= now)
        .order_by(Conversation.snoozed_until)
        .limit(_AT_ONCE)
    ).all()
    for conversation_id in due:
        with apart("snoozing", conversation=str(conversation_id)):
            _wake_if_due(conversation_id, now=now)


def _wake_if_due(conversation_id: uuid.UUID, *, now: datetime) -> None:
    with transaction(), suppress(NotFound):
        conversation = db.session.get(Conversation, conversation_id)
        if conversation is None:
            return
        lock(conversation)
        # It may have been put off again, or woken, since it was read.
        if conversation.snoozed_until is not None and conversation.snoozed_until <= now:
            stir(conversation, by=None, now=now)
