"""How far each teammate has read, and what is news to them."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from core.conversations import workspace_topic
from core.inboxes.views import FOR_PEOPLE
from gateways.bus import current_bus
from models import after_commit, db, insert_into, transaction
from models.conversations import Conversation
from models.inbox import ConversationReading
from models.teammates import Teammate


def mark_read(conversations: Sequence[Conversation], teammate: Teammate, *, now: datetime) -> int:
    """Note that a teammate has seen these to their present end; never takes back what was seen.

    Returns:
        how many were news to them.
    """
    seen = seen_by(teammate, [conversation.id for conversation in conversations])
    news = [one for one in conversations if one.last_seq > seen.get(one.id, 0)]
    if not news:
        return 0
    with transaction():
        for conversation in news:
            _note(conversation, teammate, now=now)
        after_commit(lambda: _tell(teammate, news))
    return len(news)


def seen_by(teammate: Teammate, conversation_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Up to which message a teammate has read each of these; those that they never opened are not in it."""
    readings = select(ConversationReading.conversation_id, ConversationReading.seen_seq).where(
        ConversationReading.teammate_id == teammate.id, ConversationReading.conversation_id.in_(conversation_ids)
    )
    return {row.conversation_id: row.seen_seq for row in db.session.execute(readings)}


def is_unread(reader: Teammate) -> ColumnElement[bool]:
    """Whether there is something new in a conversation that may be this teammate's to answer.

    What the agent or another teammate answers is nobody else's news: nearly everything would be unread otherwise.
    """
    seen = (
        select(ConversationReading.seen_seq)
        .where(
            ConversationReading.conversation_id == Conversation.id,
            ConversationReading.teammate_id == reader.id,
        )
        .correlate(Conversation)
        .scalar_subquery()
    )
    is_theirs = or_(Conversation.teammate_id.is_(None), Conversation.teammate_id == reader.id)
    return Conversation.state.in_(FOR_PEOPLE) & is_theirs & (Conversation.last_seq > func.coalesce(seen, 0))


def news_in(conversation: Conversation, reader: Teammate, seen: int | None) -> int:
    """How much is new in a conversation for this teammate: `is_unread` for a row that is at hand."""
    is_theirs = conversation.teammate_id in (None, reader.id)
    return max(0, conversation.last_seq - (seen or 0)) if conversation.state in FOR_PEOPLE and is_theirs else 0


def _note(conversation: Conversation, teammate: Teammate, *, now: datetime) -> None:
    values = {"workspace_id": conversation.workspace_id, "seen_seq": conversation.last_seq, "updated_at": now}
    inserted = insert_into(ConversationReading).values(
        conversation_id=conversation.id, teammate_id=teammate.id, **values
    )
    db.session.execute(
        inserted.on_conflict_do_update(
            index_elements=["conversation_id", "teammate_id"],
            set_={"seen_seq": inserted.excluded.seen_seq, "updated_at": now},
            where=ConversationReading.seen_seq < inserted.excluded.seen_seq,
        )
    )


def _tell(teammate: Teammate, news: Sequence[Conversation]) -> None:
    """The teammate's other pages are told: their marks are another."""
    for conversation in news:
        note = {"kind": "reading", "id": str(conversation.id), "teammate": str(teammate.id)}
        current_bus().publish(workspace_topic(conversation.workspace_id), note)
