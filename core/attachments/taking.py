"""Files that somebody hands in, to be sent with a message within a day."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import InvalidRequestError

from core.attachments.checking import checked
from core.attachments.clearing import delete_files
from core.attachments.places import key_of
from core.errors import Invalid, NotFound, TooMany
from core.file_kinds import kind_of, safe_name
from gateways.files import current_files
from models import db, new_id, transaction
from models.conversations import Conversation
from models.files import Attachment
from models.teammates import Teammate

MOST_BYTES = 10 * 1024 * 1024
MOST_UNSENT = 20
"""How many files a customer, or a teammate, may have handed in within an hour without sending them."""
MOST_OF_A_CONVERSATION = 100 * 1024 * 1024
"""Bytes that a customer may add to one conversation."""
MOST_OF_A_DAY = 5 * 1024**3
"""Bytes that all customers of a workspace may add in 24 hours: strangers must not fill the disk."""

_HOUR = timedelta(hours=1)


def add(conversation: Conversation, *, name: str, content: bytes, by: Teammate | None, now: datetime) -> Attachment:
    """Take a file into a conversation, to be sent with a message within a day.

    A picture is encoded anew; anything else is kept as it is. It is slow: call it outside a transaction.

    Args:
        name: as its sender calls it; cleaned here.
        by: the teammate who adds it; None for the customer.

    Raises:
        Invalid: when it is too large, of a kind that may not be sent, broken, or infected.
        TooMany: when too many wait unsent, or customers have added as much as they may.
        Unavailable: when nobody can say whether it is clean.
        NotFound: when the conversation has been erased meanwhile.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(f"Choose a file of at most {MOST_BYTES // 2**20} MB.", code="file_too_large")
    _check_unsent(conversation, by, now=now)
    if by is None:
        _check_room(conversation, now=now)
    # What was read so far must not keep the database waiting for a scanner.
    db.session.commit()
    kind = kind_of(content, name)
    kept = checked(content, kind)
    row = Attachment(
        id=new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        teammate_id=by.id if by else None,
        name=safe_name(name, kind),
        media_type=kind.media_type,
        size=len(kept.content),
        width=kept.width,
        height=kept.height,
        created_at=now,
    )
    # The bytes come first: a row always has its file. Bytes without a row are swept at night.
    current_files().write(key_of(row.id), kept.content, media_type=kind.media_type)
    try:
        with transaction():
            _lock(conversation)
            _check_unsent(conversation, by, now=now)
            db.session.add(row)
    except BaseException:
        delete_files([row.id])
        raise
    return row


def put_back(row: Attachment, content: bytes) -> None:
    """Keep the bytes of an attachment that comes from an archive, checked as if somebody had sent it now.

    Raises:
        Invalid: when it is of a kind that may not be sent, broken, or infected.
        Unavailable: when nobody can say whether it is clean.
    """
    kind = kind_of(content, row.name)
    kept = checked(content, kind)
    current_files().write(key_of(row.id), kept.content, media_type=kind.media_type)
    row.name, row.media_type, row.size = safe_name(row.name, kind), kind.media_type, len(kept.content)
    row.width, row.height = kept.width, kept.height


def _check_unsent(conversation: Conversation, by: Teammate | None, *, now: datetime) -> None:
    waiting = db.session.scalar(
        select(func.count())
        .select_from(Attachment)
        .where(
            Attachment.conversation_id == conversation.id,
            Attachment.message_id.is_(None),
            Attachment.teammate_id == by.id if by else Attachment.teammate_id.is_(None),
            Attachment.created_at > now - _HOUR,
        )
    )
    if (waiting or 0) >= MOST_UNSENT:
        words = "Many files wait here and were not sent. Send some of them, or go on in an hour."
        raise TooMany(words, retry_after=3600)


def _check_room(conversation: Conversation, *, now: datetime) -> None:
    of_customers = (Attachment.workspace_id == conversation.workspace_id, Attachment.teammate_id.is_(None))
    in_conversation = _bytes_of(*of_customers, Attachment.conversation_id == conversation.id)
    if in_conversation >= MOST_OF_A_CONVERSATION:
        raise TooMany("This chat holds as many files as it can. Please describe the rest in words.", retry_after=86400)
    if _bytes_of(*of_customers, Attachment.created_at > now - timedelta(days=1)) >= MOST_OF_A_DAY:
        raise TooMany("No more files can be taken today. Please go on in words.", retry_after=3600)


def _bytes_of(*which: ColumnElement[bool]) -> int:
    return int(db.session.scalar(select(func.coalesce(func.sum(Attachment.size), 0)).where(*which)) or 0)


def _lock(conversation: Conversation) -> None:
    try:
        db.session.refresh(conversation, with_for_update=True)
    except InvalidRequestError:
        # Erased meanwhile, with its customer.
        raise NotFound("There is no such conversation.") from None
