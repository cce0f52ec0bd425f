"""What was done with a conversation, as the team reads it among what was said."""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import db, transaction
from models.conversations import Conversation
from models.inbox import ConversationChange
from models.teammates import Teammate

_MOST = 500


class Change(enum.StrEnum):
    """What may be done; stored, so the words stay as they are."""

    STARTED = "started"
    """A teammate has written first."""
    GIVEN = "given"
    """It was given to a teammate or a team, or to nobody any more."""
    TAKEN = "taken"
    RETURNED = "returned"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    PRIORITY = "priority"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    MERGED = "merged"
    """Another conversation was put into it."""
    MERGED_AWAY = "merged_away"
    """It was put into another one."""


def record(
    conversation: Conversation,
    kind: Change,
    *,
    by: Teammate | None,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note a change below what was said last, in the transaction that makes it.

    Args:
        by: who did it; None for the customer, the agent or a rule.
        details: names of teammates, teams and tags, numbers and times; nothing that a customer has said.
    """
    with transaction():
        db.session.add(
            ConversationChange(
                workspace_id=conversation.workspace_id,
                conversation_id=conversation.id,
                teammate_id=by.id if by else None,
                after_seq=conversation.last_seq,
                kind=kind.value,
                details=dict(details or {}),
                created_at=now,
            )
        )


def of(conversation: Conversation, *, since: int = 0) -> Sequence[ConversationChange]:
    """What was done, oldest first.

    Args:
        since: the sequence number of the first message that is shown.
    """
    found = db.session.scalars(
        select(ConversationChange)
        .where(ConversationChange.conversation_id == conversation.id, ConversationChange.after_seq >= since - 1)
        .options(joinedload(ConversationChange.teammate))
        .order_by(ConversationChange.created_at.desc(), ConversationChange.id.desc())
        .limit(_MOST)
    ).all()
    return found[::-1]
