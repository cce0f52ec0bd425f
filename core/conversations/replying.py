"""What the agent and teammates say."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import attachments, occurrences
from core.conversations.announcing import announce_message
from core.conversations.storing import add, lock, said_before
from core.conversations.turns import check_free, give_to
from core.occurrences import Kind, Occurrence
from models import after_commit, transaction
from models.conversations import Conversation, Message, Sender, State
from models.teammates import Teammate


def reply(
    conversation: Conversation,
    *,
    text: str,
    details: dict[str, Any],
    now: datetime,
    message_id: uuid.UUID | None = None,
    announce: bool = True,
    is_locked: bool = False,
) -> Message:
    """Store what the agent says.

    Args:
        message_id: the id under which pieces of it were or will be announced.
        announce: false when the pieces come first; then `announce_message` ends them.
        is_locked: whether the caller's transaction has locked and read the conversation.
    """
    with transaction():
        if not is_locked:
            lock(conversation)
        message = add(conversation, Sender.AGENT, text, now=now, details=details, message_id=message_id)
        occurrences.tell(Occurrence(Kind.SENT, conversation, now, message=message))
        if announce:
            after_commit(lambda: announce_message(message))
    return message


def write_as_person(
    conversation: Conversation,
    teammate: Teammate,
    *,
    text: str,
    now: datetime,
    client_id: str | None = None,
    files: Sequence[uuid.UUID] = (),
) -> Message:
    """Store what a teammate says, once for each client id; whoever writes has the conversation from then on.

    Args:
        files: the attachments that go with it; then the text may be empty.

    Raises:
        Invalid: `file_gone` when a file is not one that this teammate has added here.
        Conflict: when another teammate has it, so that two never answer unawares.
    """
    with transaction():
        lock(conversation)
        said = said_before(conversation, client_id)
        if said is not None:
            return said
        if conversation.state is not State.PERSON or conversation.teammate_id != teammate.id:
            check_free(conversation, teammate, instead_of=None)
            give_to(conversation, teammate, now=now)
        taken = attachments.take(conversation, files, by=teammate)
        details = attachments.as_details(taken)
        message = add(
            conversation, Sender.PERSON, text, now=now, teammate=teammate, client_id=client_id, details=details
        )
        attachments.send(taken, message)
        occurrences.tell(Occurrence(Kind.SENT, conversation, now, by=teammate, message=message))
        after_commit(lambda: announce_message(message))
    return message
