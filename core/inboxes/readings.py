"""What is news to whom."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, func, or_, select

from core.conversations import tell_reading
from core.inboxes.views import FOR_PEOPLE
from core.readings import read_by
from models import after_commit, db, insert_into, transaction
from models.conversations import Conversation
from models.inbox import ConversationReading
from models.teammates import Teammate


def mark_read(conversations: Sequence[Conversation], teammate: Teammate, *, now: datetime) -> None:
    """Take these for read, to their present end. The customers are not told: nobody has looked at what they wrote."""
    seen = read_by(teammate, [conversation.id for conversation in conversations])
    news = [one for one in conversations if one.last_seq > seen.get(one.id, 0)]
    with transaction():
        for conversation in news:
            _note(conversation, teammate, now=now)
            after_commit(partial(tell_reading, conversation))


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
