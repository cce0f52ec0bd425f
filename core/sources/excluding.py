"""Leaving out what an agent is not to know of a source: a page, or a part of one."""

from datetime import datetime

from core import audits
from core.errors import Conflict
from core.sources.looking import parts_of
from core.sources.storing import store
from models import db, transaction
from models.knowledge import SourcePage
from models.teammates import Teammate

_MOST_NAMED = 80


def leave_out_page(page: SourcePage, is_left_out: bool, *, by: Teammate | None, now: datetime) -> None:
    """Have a page known no more, or again; a later reading leaves that as it is.

    Raises:
        Conflict: when it is all that there is of a file or text.
        Invalid: when the agent would know more than one may.
    """
    if not page.address:
        # A page that is left out is not kept, and a pasted text stands nowhere else.
        raise Conflict("This is the whole of it. Leave out parts, or delete the source.")
    with transaction():
        db.session.refresh(page, with_for_update=True)
        page.is_excluded = is_left_out
        store(page, parts_of(page), now)
        _note(page, page.title or page.address, is_left_out, by=by, now=now)


def leave_out_part(page: SourcePage, key: str, is_left_out: bool, *, by: Teammate | None, now: datetime) -> None:
    """Have a part of a page known no more, or again; a later reading leaves that as it is.

    Raises:
        Invalid: when the agent would know more than one may.
        Conflict: when the page has no such part any more.
    """
    with transaction():
        db.session.refresh(page, with_for_update=True)
        parts = parts_of(page)
        part = next((part for part in parts if part.key == key), None)
        if part is None:
            raise Conflict("This page has changed since, and the part is not there any more.")
        others = [known for known in page.excluded_parts if known != key]
        page.excluded_parts = [*others, key] if is_left_out else others
        store(page, parts, now)
        _note(page, part.title_path or part.question, is_left_out, by=by, now=now)


def _note(page: SourcePage, name: str, is_left_out: bool, *, by: Teammate | None, now: datetime) -> None:
    subject = ("source_page", page.id, name[-_MOST_NAMED:])
    audits.record(
        page.workspace_id, "source.leave_out" if is_left_out else "source.take_in", by=by, subject=subject, now=now
    )
