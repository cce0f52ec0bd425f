"""What a teammate has written, mailed to a customer who has left before it came."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import identity_keys, jobs, return_links
from core.errors import NotFound
from core.letters import mailboxes, settings
from core.letters.marks import answer_address, conversation_to_stop
from core.occurrences import Occurrence
from models import db, new_id, transaction
from models.conversations import Conversation, Message, Sender
from models.letters import Letter, LetterDirection

LEAVE = "letter"
"""The job that mails what a customer has not seen."""

_PAUSE = timedelta(minutes=1)
"""Who has written a moment ago may be about to write more."""
_PATIENCE = timedelta(minutes=10)
"""Who writes on and on does not hold the mail up for longer."""
_MOST_AT_ONCE = 20
_MOST_A_DAY = 30
"""Mails about one conversation, whatever goes wrong."""
_MOST_REFERENCES = 10


@dataclass(frozen=True)
class Outgoing:
    """A mail that is to be written."""

    conversation: Conversation
    address: str
    messages: Sequence[Message]
    mail_id: str
    references: Sequence[str]
    """The mails before it, the newest last."""
    answer_to: str | None
    """Where an answer goes; None when answers by mail cannot come in."""
    secret: str
    """Of the link back; empty where that must not open the chat, for it proves nothing."""


def note_sent(occurrence: Occurrence) -> None:
    """Have what a teammate has written looked at once more when the time to wait is over."""
    conversation, message = occurrence.conversation, occurrence.message
    if message is None or message.sender is not Sender.PERSON or not _has_address(conversation):
        return
    decided = settings.of(conversation.workspace_id)
    if decided.is_on:
        jobs.start(
            conversation.workspace_id, LEAVE, conversation.id, now=occurrence.at, at=occurrence.at + decided.wait
        )


def take(conversation: Conversation, *, host: str, now: datetime) -> Outgoing | None:
    """What is to be mailed of a conversation now, noted as mailed; call it in the transaction that stores the mail.

    Args:
        host: of this server, for the mail's own name.

    Returns:
        None when nothing is.

    Raises:
        jobs.Later: when it is too soon.
    """
    with transaction():
        db.session.refresh(conversation, with_for_update=True)
        decided = settings.of(conversation.workspace_id)
        if not decided.is_on or not _has_address(conversation) or conversation.letters_stopped_at is not None:
            return None
        messages = _unseen(conversation)
        if not messages or _mailed_lately(conversation, now=now) >= _MOST_A_DAY:
            return None
        _wait_for_more(messages, decided.wait, now=now)
        return _noted(conversation, messages[:_MOST_AT_ONCE], host=host, now=now)


def _has_address(conversation: Conversation) -> bool:
    return bool(conversation.customer and conversation.customer.email)


def _unseen(conversation: Conversation) -> Sequence[Message]:
    """What teammates have said since the customer has last said or seen anything, or got a mail."""
    mailed = db.session.scalar(
        select(func.max(Message.seq))
        .join(Letter, Letter.message_id == Message.id)
        .where(Letter.conversation_id == conversation.id, Letter.direction == LetterDirection.OUT)
    )
    said = db.session.scalar(
        select(func.max(Message.seq)).where(
            Message.conversation_id == conversation.id, Message.sender == Sender.CUSTOMER
        )
    )
    return db.session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.sender == Sender.PERSON,
            Message.seq > max(mailed or 0, said or 0, conversation.seen_seq),
        )
        .order_by(Message.seq)
        .limit(_MOST_AT_ONCE)
    ).all()


def _wait_for_more(messages: Sequence[Message], wait: timedelta, *, now: datetime) -> None:
    """Put the mail off while the customer may still come, or more may follow: one mail for all of it."""
    first, last = messages[0].created_at, messages[-1].created_at
    due = max(first + wait, min(last + _PAUSE, first + wait + _PATIENCE))
    if due > now:
        raise jobs.Later((due - now).total_seconds())


def _mailed_lately(conversation: Conversation, *, now: datetime) -> int:
    of_today = (
        Letter.conversation_id == conversation.id,
        Letter.direction == LetterDirection.OUT,
        Letter.created_at > now - timedelta(days=1),
    )
    return db.session.scalar(select(func.count()).select_from(Letter).where(*of_today)) or 0


def _noted(conversation: Conversation, messages: Sequence[Message], *, host: str, now: datetime) -> Outgoing:
    before = _mails_before(conversation)
    letter_id = new_id()
    # As hard to guess as the address for answers, since it finds the conversation, too.
    mail_id = f"<{letter_id.hex}.{secrets.token_hex(16)}@{host}>"
    db.session.add(
        Letter(
            id=letter_id,
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            direction=LetterDirection.OUT,
            mail_id=mail_id,
            message_id=messages[-1].id,
            created_at=now,
        )
    )
    mailbox = mailboxes.first_of(conversation.workspace_id)
    return Outgoing(
        conversation,
        str(conversation.customer.email),
        messages,
        mail_id,
        before,
        answer_address(mailbox.address, conversation.id) if mailbox else None,
        "" if identity_keys.is_required(conversation.workspace_id) else return_links.make(conversation, now=now),
    )


def _mails_before(conversation: Conversation) -> Sequence[str]:
    found = db.session.scalars(
        select(Letter.mail_id)
        .where(Letter.conversation_id == conversation.id, Letter.mail_id.startswith("<"))
        .order_by(Letter.created_at.desc(), Letter.id.desc())
        .limit(_MOST_REFERENCES)
    ).all()
    return found[::-1]


def find_by_mark(mark: str) -> Conversation:
    """The conversation about which somebody has a mail, by the mark in its link.

    Raises:
        NotFound: the mark is not ours, or the conversation is gone.
    """
    conversation_id = conversation_to_stop(mark)
    found = db.session.get(Conversation, conversation_id) if conversation_id else None
    if found is None:
        raise NotFound("This link does not work any more.")
    return found


def stop(conversation: Conversation, *, now: datetime) -> None:
    """Send no more mails about a conversation."""
    with transaction():
        conversation.letters_stopped_at = conversation.letters_stopped_at or now


def go_on(conversation: Conversation) -> None:
    """Send mails about a conversation again."""
    with transaction():
        conversation.letters_stopped_at = None


def mailed(conversation_id: uuid.UUID) -> dict[uuid.UUID, datetime]:
    """Up to which messages a conversation was mailed, and when."""
    rows = db.session.execute(
        select(Letter.message_id, Letter.created_at).where(
            Letter.conversation_id == conversation_id,
            Letter.direction == LetterDirection.OUT,
        )
    )
    return {message_id: at for message_id, at in rows if message_id is not None}


def of(conversation: Conversation) -> Sequence[Letter]:
    """The mails about a conversation, out and in, the oldest first."""
    return db.session.scalars(
        select(Letter).where(Letter.conversation_id == conversation.id).order_by(Letter.created_at, Letter.id)
    ).all()
