"""How far each side has read a conversation: its customer, and each teammate."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from core.conversations.announcing import announce_read, tell_reading, tell_receipt
from models import after_commit, db, insert_into, transaction
from models.conversations import Conversation
from models.inbox import ConversationReading
from models.teammates import Teammate


def mark_read(conversation: Conversation, teammate: Teammate, *, seq: int, now: datetime) -> None:
    """Note that a teammate has seen everything up to a message; the customer is told how far anybody has.

    Args:
        seq: the number of the last message before them; what is beyond the end counts as the end.
    """
    seq = min(seq, conversation.last_seq)
    if seq <= read_by(teammate, [conversation.id]).get(conversation.id, 0):
        return
    with transaction():
        values = {
            "conversation_id": conversation.id,
            "teammate_id": teammate.id,
            "workspace_id": conversation.workspace_id,
            "seen_seq": seq,
            "updated_at": now,
        }
        key = [ConversationReading.conversation_id, ConversationReading.teammate_id]
        newer = {"seen_seq": seq, "updated_at": now}
        db.session.execute(
            insert_into(ConversationReading)
            .values(**values)
            .on_conflict_do_update(index_elements=key, set_=newer, where=ConversationReading.seen_seq < seq)
        )
        if _advanced(conversation, read_seq=seq):
            after_commit(lambda: announce_read(conversation))
        after_commit(lambda: tell_reading(conversation))


def read_by(teammate: Teammate, conversation_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """How far a teammate has read these conversations; those that they never opened are missing."""
    rows = db.session.execute(
        select(ConversationReading.conversation_id, ConversationReading.seen_seq).where(
            ConversationReading.teammate_id == teammate.id, ConversationReading.conversation_id.in_(conversation_ids)
        )
    )
    return {row.conversation_id: row.seen_seq for row in rows}


def mark_received(conversation: Conversation, *, delivered: int, seen: int) -> None:
    """Note how far the customer's browser has got, and how far the customer has seen, what came from the other side."""
    seen = min(seen, conversation.last_seq)
    delivered = max(seen, min(delivered, conversation.last_seq))
    if delivered <= conversation.delivered_seq and seen <= conversation.seen_seq:
        return
    with transaction():
        if _advanced(conversation, delivered_seq=delivered, seen_seq=seen):
            after_commit(lambda: tell_receipt(conversation))


def _advanced(conversation: Conversation, **numbers: int) -> bool:
    """Whether one of these was behind; none ever goes back, however late a browser tells."""
    columns = {name: getattr(Conversation, name) for name in numbers}
    changed = False
    for name, number in numbers.items():
        result = db.session.execute(
            update(Conversation)
            .where(Conversation.id == conversation.id, columns[name] < number)
            .values({name: number})
            .returning(Conversation.id)
            .execution_options(synchronize_session=False)
        )
        changed = bool(result.all()) or changed
    if changed:
        db.session.refresh(conversation, list(numbers))
    return changed
