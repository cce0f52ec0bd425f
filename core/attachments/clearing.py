"""What is not needed any more: unsent files, and bytes that nobody refers to."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, delete, select

from core.attachments.places import FOLDER, key_of
from gateways.files import current_files
from models import db, transaction
from models.files import Attachment

log = structlog.get_logger()

UNSENT_FOR = timedelta(hours=24)
_AT_ONCE = 500


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
        current_files().delete(*(key_of(number) for number in attachment_ids))
    except Exception as error:
        # Each kind of store fails in its own way; the rows are gone, and nobody waits for this.
        log.warning("attachments_not_deleted", error=type(error).__name__)


def discard_unsent(attachments: Iterable[Attachment]) -> None:
    """Delete those of these attachments that have not been sent."""
    numbers = [row.id for row in attachments]
    if numbers:
        _delete_unsent(Attachment.id.in_(numbers))


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


def _numbers_of_files(*, before: datetime) -> Iterator[uuid.UUID]:
    """The files that are older: one that is being stored has no row yet."""
    for key in current_files().keys(FOLDER):
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
