"""What an admin hands in: files, and texts that they paste."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from core import audits
from core.errors import Invalid
from core.file_kinds import Kind, safe_name
from core.sources import keeping, readings
from core.sources.addresses import hash_of
from core.sources.file_readers import kind_of_file
from core.sources.file_readers.texts import as_markdown
from core.texts import clean, clean_line
from gateways.files import current_files
from models import db, new_id, transaction
from models.agents import Agent
from models.knowledge import Source, SourceKind, SourcePage
from models.teammates import Teammate

LONGEST_TEXT = 200_000
_FOLDER = "sources"
_SAFE_AGE = timedelta(days=1)
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class HandedIn:
    """A file as a browser sends it."""

    content: bytes
    name: str


def add_file(agent: Agent, file: HandedIn, *, title: str = "", by: Teammate | None, now: datetime) -> Source:
    """Have an agent learn from a file, and begin to read it. Storing it is slow: call it outside a transaction.

    Args:
        title: its name; without one, it goes by that of the file.

    Raises:
        Invalid: when it is too large, or of a kind that cannot be read.
    """
    kind = kind_of_file(file.content, file.name)
    named = clean_line(title) or _title_of(safe_name(file.name, kind).removesuffix(kind.ending))
    with _stored(file, kind) as kept:
        return keeping.add(agent, SourceKind.FILE, title=named[:_LONGEST_TITLE], file=kept, by=by, now=now)


def replace_file(source: Source, file: HandedIn, *, by: Teammate | None, now: datetime) -> None:
    """Have a newer version of a file read in the place of the one before.

    Only parts that have changed are learned again; what is left out stays out. Storing it is slow: call it outside a
    transaction.

    Raises:
        Conflict: when it is being read just now.
        Invalid: when the file is too large, or of a kind that cannot be read; or the source is no file.
    """
    if source.kind != SourceKind.FILE:
        raise Invalid("This source is not a file.")
    former = source.file_key
    with _stored(file, kind_of_file(file.content, file.name)) as kept, transaction():
        readings.start(source, by=None, now=now)
        source.file_key, source.media_type, source.size = kept.key, kept.media_type, kept.size
        subject = ("source", source.id, source.title)
        audits.record(source.workspace_id, "source.replace", by=by, subject=subject, now=now)
    if former:
        current_files().delete(former)


def add_text(agent: Agent, text: str, *, title: str, by: Teammate | None, now: datetime) -> Source:
    """Have an agent learn from a text that somebody has pasted.

    Raises:
        Invalid: when it is empty or too long, or has no name.
    """
    return keeping.add(agent, SourceKind.TEXT, title=title, text=_checked(text), by=by, now=now)


def rewrite_text(source: Source, text: str, *, by: Teammate | None, now: datetime) -> None:
    """Replace a pasted text, and read it anew.

    Raises:
        Conflict: when it is being read just now.
        Invalid: when it is empty or too long, or the source is no text.
    """
    if source.kind != SourceKind.TEXT:
        raise Invalid("The words of this source are changed where they stand. Then have it read again.")
    markdown = _checked(text)
    with transaction():
        readings.start(source, by=None, now=now)
        page = text_page(source)
        page.text, page.content_hash = markdown, None
        source.size = len(markdown)
        subject = ("source", source.id, source.title)
        audits.record(source.workspace_id, "source.rewrite", by=by, subject=subject, now=now)


def text_page(source: Source) -> SourcePage:
    """The one page of a file or text."""
    return db.session.scalars(
        select(SourcePage).where(SourcePage.source_id == source.id, SourcePage.address_hash == hash_of(""))
    ).one()


def clear_files_without_rows(*, now: datetime) -> None:
    """Delete files that no source has any more: left by a crash, or by the deletion of a workspace."""
    keys = [key for key in current_files().keys(_FOLDER) if _is_old(key, before=now - _SAFE_AGE)]
    known = set(db.session.scalars(select(Source.file_key).where(Source.file_key.is_not(None))))
    db.session.commit()
    current_files().delete(*(key for key in keys if key not in known))


@contextmanager
def _stored(file: HandedIn, kind: Kind) -> Iterator[keeping.File]:
    """Store the bytes of a file first, so that a row always has them; without a row they go, after a crash at night."""
    kept = keeping.File(f"{_FOLDER}/{new_id()}", kind.media_type, len(file.content))
    current_files().write(kept.key, file.content, media_type=kind.media_type)
    try:
        yield kept
    except BaseException:
        current_files().delete(kept.key)
        raise


def _checked(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"This text is too long: at most {LONGEST_TEXT:,} characters. Save it as a file, and add that.")
    markdown = as_markdown(clean(text))
    if not markdown:
        raise Invalid("Paste the text.")
    return markdown


def _title_of(name: str) -> str:
    """A name of a file as one would write it: `delivery-and_returns` is Delivery and returns."""
    words = clean_line(name.replace("_", " ").replace("-", " "))
    return words[:1].upper() + words[1:] or "File"


def _is_old(key: str, *, before: datetime) -> bool:
    """Whether a file is older: one that is being stored has no row yet."""
    try:
        number = uuid.UUID(key.rpartition("/")[2])
    except ValueError:
        return False
    # The first 48 bits of a UUID of version 7 are the milliseconds since 1970 (RFC 9562).
    return datetime.fromtimestamp((number.int >> 80) / 1000, UTC) < before
