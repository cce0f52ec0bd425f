"""What masked messages said before: encrypted, and shown to few, one at a time, with a note of it."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from core import audits, privacy_settings, roles, signing
from core.errors import Conflict, Forbidden, NotFound
from models import db, transaction
from models.conversations import Conversation, Message
from models.privacy import MessageOriginal
from models.teammates import Teammate, Workspace


def keep_original(message: Message, original: str, *, now: datetime) -> None:
    """Keep what a message said, encrypted for its own row."""
    with transaction():
        db.session.add(
            MessageOriginal(
                message_id=message.id,
                workspace_id=message.workspace_id,
                sealed_text=signing.seal(original.encode(), bound_to=message.id.bytes),
                created_at=now,
            )
        )


def with_originals(messages: Iterable[Message]) -> set[uuid.UUID]:
    """Which of these messages have an original that was kept."""
    ids = [message.id for message in messages]
    if not ids:
        return set()
    return set(db.session.scalars(select(MessageOriginal.message_id).where(MessageOriginal.message_id.in_(ids))))


def may_reveal(teammate: Teammate) -> bool:
    """Whether this teammate may see originals."""
    return roles.rank(teammate.role) <= roles.rank(privacy_settings.of(teammate.workspace_id).revealed_to)


def find(workspace: Workspace, conversation: Conversation, message_id: uuid.UUID) -> Message:
    """A message of this conversation that has an original.

    Raises:
        NotFound: also for one that has none, and for somebody else's.
    """
    message = db.session.scalar(
        select(Message)
        .join(MessageOriginal, MessageOriginal.message_id == Message.id)
        .where(
            Message.id == message_id,
            Message.conversation_id == conversation.id,
            MessageOriginal.workspace_id == workspace.id,
        )
    )
    if message is None:
        raise NotFound("There is no original of this message.")
    return message


def reveal(message: Message, *, by: Teammate, now: datetime) -> str:
    """What a message said before it was masked; the look is noted before it is had.

    Raises:
        Forbidden: when the workspace shows originals to higher roles only.
        Conflict: when the key that it was encrypted with is not known any more.
    """
    if not may_reveal(by):
        raise Forbidden("Your role may not see what was masked. Ask an admin of your workspace.")
    original = _opened(message)
    audits.record(
        message.workspace_id,
        "message.reveal",
        by=by,
        subject=("message", message.id, f"Message {message.seq}"),
        after={"conversation": str(message.conversation_id)},
        now=now,
    )
    return original


def _opened(message: Message) -> str:
    sealed = db.session.get_one(MessageOriginal, message.id).sealed_text
    try:
        return signing.unseal(sealed, bound_to=message.id.bytes).decode()
    except InvalidTag:
        raise Conflict("This was encrypted with a key that this server does not have any more.") from None
