"""Files that are sent with a message, and found again."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from core.attachments.places import key_of
from core.errors import Invalid, NotFound
from gateways.files import current_files
from models import db
from models.conversations import Conversation, Message, Sender
from models.customers import Customer
from models.files import Attachment
from models.teammates import Teammate

MOST_OF_A_MESSAGE = 5


def find(conversation: Conversation, attachment_id: uuid.UUID, *, by_customer: bool = False) -> Attachment:
    """An attachment of this conversation.

    Args:
        by_customer: whether it is the customer who asks: what a teammate has not sent yet is none of theirs.

    Raises:
        NotFound: also for somebody else's.
    """
    row = db.session.get(Attachment, attachment_id)
    is_secret = by_customer and row is not None and row.message_id is None and row.teammate_id is not None
    if row is None or is_secret or row.conversation_id != conversation.id:
        raise NotFound("There is no such file.")
    return row


def content_of(attachment: Attachment) -> bytes:
    """The bytes of an attachment. It is slow: call it outside a transaction.

    Raises:
        NotFound: when they are gone.
    """
    content = current_files().read(key_of(attachment.id))
    if content is None:
        raise NotFound("This file is not kept any more.")
    return content


def take(
    conversation: Conversation, attachment_ids: Sequence[uuid.UUID], *, by: Teammate | None
) -> Sequence[Attachment]:
    """The attachments that are about to be sent; call it while the conversation is locked.

    Raises:
        Invalid: `file_gone` unless each is in this conversation, of this sender, and not sent yet.
    """
    check_number(len(attachment_ids))
    if not attachment_ids:
        return []
    found = db.session.scalars(
        select(Attachment).where(
            Attachment.id.in_(attachment_ids),
            Attachment.conversation_id == conversation.id,
            Attachment.message_id.is_(None),
            Attachment.teammate_id == by.id if by else Attachment.teammate_id.is_(None),
        )
    ).all()
    if len(found) != len(set(attachment_ids)):
        raise Invalid("One of these files is not here any more. Choose it again.", code="file_gone")
    by_id = {row.id: row for row in found}
    return [by_id[number] for number in dict.fromkeys(attachment_ids)]


def check_number(number: int) -> None:
    """Refuse more files than one message may bring.

    Raises:
        Invalid: `files_too_many`.
    """
    if number > MOST_OF_A_MESSAGE:
        raise Invalid(f"Send at most {MOST_OF_A_MESSAGE} files with one message.", code="files_too_many")


def send(attachments: Iterable[Attachment], message: Message) -> None:
    """Make attachments part of a stored message; call it in the message's own transaction."""
    for row in attachments:
        db.session.flush()
        row.message_id = message.id


def of_customer(customer: Customer, *, limit: int = 50) -> list[tuple[Attachment, Sender]]:
    """The files that were sent in a customer's conversations, the newest first, with who has sent each."""
    rows = db.session.execute(
        select(Attachment, Message.sender)
        .join(Message, Message.id == Attachment.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.customer_id == customer.id)
        .order_by(Attachment.id.desc())
        .limit(limit)
    )
    return [(row.Attachment, row.sender) for row in rows]
