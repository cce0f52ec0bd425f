"""Files and pictures in conversations: checked, scanned, encoded anew or kept as they are; gone with their message."""

import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import InvalidRequestError

from core import images
from core.errors import Invalid, NotFound, TooMany, Unavailable
from core.file_kinds import Kind, kind_of, safe_name
from gateways.files import current_files
from gateways.scanner import ScannerUnavailable, current_scanner
from models import db, new_id, transaction
from models.conversations import Conversation, Message, Sender
from models.customers import Customer
from models.files import Attachment
from models.teammates import Teammate

log = structlog.get_logger()

MOST_BYTES = 10 * 1024 * 1024
MOST_OF_A_MESSAGE = 5
MOST_UNSENT = 20
"""How many files a customer, or a teammate, may have handed in within an hour without sending them."""
MOST_OF_A_CONVERSATION = 100 * 1024 * 1024
"""Bytes that a customer may add to one conversation."""
MOST_OF_A_DAY = 5 * 1024**3
"""Bytes that all customers of a workspace may add in 24 hours: strangers must not fill the disk."""
UNSENT_FOR = timedelta(hours=24)
LARGEST_SIDE = 2_048
"""Of a picture, in pixels."""

_ADDRESS = "/api/v1/widget/attachments"
_FOLDER = "attachments"
_HOUR = timedelta(hours=1)
_AT_ONCE = 500
_PATIENCE = 20.0
# Unpacked, one picture takes up to 160 MB: many of them at once would be an attack.
_hands = threading.BoundedSemaphore(3)


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
    kept = _checked(content, kind)
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
    current_files().write(_key_of(row.id), kept.content, media_type=kind.media_type)
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
    kept = _checked(content, kind)
    current_files().write(_key_of(row.id), kept.content, media_type=kind.media_type)
    row.name, row.media_type, row.size = safe_name(row.name, kind), kind.media_type, len(kept.content)
    row.width, row.height = kept.width, kept.height


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
    content = current_files().read(_key_of(attachment.id))
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


def as_details(attachments: Iterable[Attachment]) -> dict[str, Any]:
    """What the message itself says of its files, so that showing it takes no look into another table."""
    told = [_told(row) for row in attachments]
    return {"attachments": told} if told else {}


def as_json(attachment: Attachment) -> dict[str, Any]:
    """An attachment as the widget gets it (docs/widget-api.md)."""
    return with_address(_told(attachment))


def with_address(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a message says of a file, with where it is fetched; the address alone, without a session, opens nothing."""
    return {**told, "url": f"{_ADDRESS}/{told['id']}"}


def names_in(message: Message) -> list[str]:
    """The names of the files that a message brought."""
    return [told["name"] for told in message.details.get("attachments", [])]


def ids_of(conversation_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The attachments of conversations that are about to be deleted."""
    return [
        number
        for part in _parts(iter(conversation_ids))
        for number in db.session.scalars(select(Attachment.id).where(Attachment.conversation_id.in_(part)))
    ]


def delete_files(attachment_ids: Iterable[uuid.UUID]) -> None:
    """Delete the bytes of attachments whose rows are gone. What cannot be deleted now is swept at night."""
    try:
        current_files().delete(*(_key_of(number) for number in attachment_ids))
    except Exception as error:
        # Each kind of store fails in its own way; the rows are gone, and nobody waits for this.
        log.warning("attachments_not_deleted", error=type(error).__name__)


def discard_unsent(attachments: Iterable[Attachment]) -> None:
    """Delete those of these attachments that have not been sent."""
    numbers = [row.id for row in attachments]
    if numbers:
        _delete_unsent(Attachment.id.in_(numbers))


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


def clear_unsent(*, now: datetime) -> None:
    """Delete what was handed in and not sent within a day."""
    is_old = (Attachment.message_id.is_(None), Attachment.created_at < now - UNSENT_FOR)
    while numbers := db.session.scalars(select(Attachment.id).where(*is_old).limit(_AT_ONCE)).all():
        _delete_unsent(Attachment.id.in_(numbers))


def clear_files_without_rows(*, now: datetime) -> None:
    """Delete bytes that nobody refers to: left by a crash, or by a store that could not be reached."""
    for numbers in _parts(_numbers_of_files(before=now - UNSENT_FOR)):
        known = set(db.session.scalars(select(Attachment.id).where(Attachment.id.in_(numbers))))
        db.session.commit()
        delete_files(number for number in numbers if number not in known)


def _told(row: Attachment) -> dict[str, Any]:
    told = {"id": str(row.id), "name": row.name, "size": row.size, "mediaType": row.media_type}
    return told | ({"width": row.width, "height": row.height} if row.width else {})


@dataclass(frozen=True)
class _Kept:
    """What is to be stored of a file."""

    content: bytes
    width: int | None = None
    height: int | None = None


def _checked(content: bytes, kind: Kind) -> _Kept:
    with _hand():
        _scan(content)
        if not kind.is_picture:
            return _Kept(content)
        try:
            picture = images.encode(content, most_wide=LARGEST_SIDE, most_high=LARGEST_SIDE)
        except Invalid as refusal:
            raise Invalid(refusal.message, code="picture_refused") from None
    return _Kept(picture.content, picture.width, picture.height)


@contextmanager
def _hand() -> Iterator[None]:
    if not _hands.acquire(timeout=_PATIENCE):
        raise Unavailable("Many files are being checked at the moment. Try again in a moment.", retry_after=10)
    try:
        yield
    finally:
        _hands.release()


def _scan(content: bytes) -> None:
    scanner = current_scanner()
    if scanner is None:
        return
    try:
        finding = scanner.finding(content)
    except ScannerUnavailable as error:
        log.warning("scanner_unavailable", error=str(error))
        words = "Files cannot be checked for viruses at the moment, so this one was not taken. Try again in a while."
        raise Unavailable(words, code="scanner_unavailable", retry_after=60) from None
    if finding is not None:
        log.warning("file_infected", finding=finding)
        words = "The virus scanner found something in this file, so it was not taken. Nothing of it is kept."
        raise Invalid(words, code="file_infected")


def _delete_unsent(condition: ColumnElement[bool]) -> None:
    with transaction():
        # What is sent in this very moment stays.
        gone = db.session.scalars(
            delete(Attachment)
            .where(condition, Attachment.message_id.is_(None))
            .returning(Attachment.id)
            .execution_options(synchronize_session=False)
        ).all()
    delete_files(gone)


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


def _key_of(number: uuid.UUID) -> str:
    return f"{_FOLDER}/{number}"


def _numbers_of_files(*, before: datetime) -> Iterator[uuid.UUID]:
    """The files that are older: one that is being stored has no row yet."""
    for key in current_files().keys(_FOLDER):
        try:
            number = uuid.UUID(key.rpartition("/")[2])
        except ValueError:
            # Not one of ours, or one that the store is writing.
            continue
        # The first 48 bits of a UUID of version 7 are the milliseconds since 1970 (RFC 9562).
        if datetime.fromtimestamp((number.int >> 80) / 1000, UTC) < before:
            yield number


def _parts(numbers: Iterator[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    whole = list(numbers)
    for first in range(0, len(whole), _AT_ONCE):
        yield whole[first : first + _AT_ONCE]
