"""How a message comes to stand in a conversation: one at a time, with the next number."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import ObjectDeletedError

from core import widget_configs, widget_words
from core.conversations.announcing import announce_message
from core.errors import NotFound
from models import Prepared, after_commit, columns_of, db, new_id, note_read, store_row
from models.agents import Agent
from models.conversations import Conversation, Message, Sender
from models.teammates import Teammate


def lock(conversation: Conversation) -> None:
    """Have a conversation to oneself until the transaction ends, and know it as it is now.

    One at a time: sequence numbers are given in the order in which they become visible.

    Raises:
        NotFound: when it has been erased meanwhile, with its customer.
    """
    # What is yet to be stored of it would be read over.
    db.session.flush()
    try:
        found = _LOCKED.first(id=conversation.id)
    except ObjectDeletedError:
        found = None
    if found is None:
        raise NotFound("There is no such conversation.")
    note_read(conversation, found)


def said_before(conversation: Conversation, client_id: str | None) -> Message | None:
    """What was stored already under this id of the browser's making."""
    if client_id is None:
        return None
    message_id = _OF_CLIENT.scalar(conversation_id=conversation.id, client_id=client_id)
    return db.session.get(Message, message_id) if message_id else None


def add(
    conversation: Conversation,
    sender: Sender,
    text: str,
    *,
    now: datetime,
    client_id: str | None = None,
    details: dict[str, Any] | None = None,
    teammate: Teammate | None = None,
    message_id: uuid.UUID | None = None,
) -> Message:
    """Put a message at the end of a conversation that the caller has locked."""
    seq = conversation.last_seq + 1
    said_at = conversation.last_message_at if sender is Sender.SYSTEM else now
    message = Message(
        id=message_id or new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        seq=seq,
        sender=sender,
        client_id=client_id,
        text=text,
        details=details or {},
        teammate_id=teammate.id if teammate else None,
        created_at=now,
    )
    store_row(message)
    _ADVANCING.run(advanced=conversation.id, last_seq=seq, last_message_at=said_at)
    set_committed_value(conversation, "last_seq", seq)
    set_committed_value(conversation, "last_message_at", said_at)
    return message


def say_as_system(conversation: Conversation, key: str, *, now: datetime, **values: object) -> Message:
    """Tell both sides something, in the customer's language."""
    config, _version = widget_configs.published(db.session.get_one(Agent, conversation.agent_id))
    text = widget_words.say(conversation.language, key, own=config.words, **values)
    return tell_as_system(conversation, text, now=now)


def tell_as_system(
    conversation: Conversation, text: str, *, now: datetime, details: dict[str, Any] | None = None
) -> Message:
    """Tell both sides something in these words."""
    message = add(conversation, Sender.SYSTEM, text, now=now, details=details)
    after_commit(lambda: announce_message(message))
    return message


_LOCKED = Prepared(select(*columns_of(Conversation)).where(Conversation.id == bindparam("id")).with_for_update())
_ADVANCING = Prepared(
    update(Conversation).where(Conversation.id == bindparam("advanced")), ("last_seq", "last_message_at")
)
_OF_CLIENT = Prepared(
    select(Message.id).where(
        Message.conversation_id == bindparam("conversation_id"), Message.client_id == bindparam("client_id")
    )
)
