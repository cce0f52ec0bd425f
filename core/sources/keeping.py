"""The sources of an agent: found, listed, added, changed and deleted, and when they are read again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select

from core import audits
from core.errors import Invalid, NotFound
from core.knowledge.revisions import touch
from core.sources.addresses import hash_of, normal
from core.sources.readings import KIND, start
from core.sources.rules import EVERY_HOURS, WEB, Rules, next_reading
from core.texts import clean_line
from gateways.files import current_files
from gateways.outgoing import OutgoingRefused, check_url
from models import after_commit, db, transaction
from models.agents import Agent
from models.jobs import Job
from models.knowledge import Entry, PageStatus, Source, SourceKind, SourcePage
from models.teammates import Teammate, Workspace

MOST_SOURCES = 100
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class File:
    """A file in the store of files."""

    key: str
    media_type: str
    size: int


def find(workspace: Workspace, agent: Agent, source_id: uuid.UUID) -> Source:
    """One source of this agent of this workspace.

    Raises:
        NotFound: when there is none of this id, or it is another agent's.
    """
    source = db.session.scalar(
        select(Source).where(Source.id == source_id, Source.agent_id == agent.id, Source.workspace_id == workspace.id)
    )
    if source is None:
        raise NotFound("There is no such source, or it belongs to another agent.")
    return source


def find_page(source: Source, page_id: uuid.UUID) -> SourcePage:
    """One page of a source.

    Raises:
        NotFound: when there is none of this id, or it is of another source.
    """
    page = db.session.scalar(
        select(SourcePage).where(
            SourcePage.id == page_id,
            SourcePage.source_id == source.id,
            SourcePage.workspace_id == source.workspace_id,
        )
    )
    if page is None:
        raise NotFound("There is no such page, or it belongs to another source.")
    return page


def listed(agent: Agent) -> Sequence[Source]:
    """The sources of an agent, the newest first."""
    return db.session.scalars(
        select(Source).where(Source.agent_id == agent.id).order_by(Source.created_at.desc(), Source.id.desc())
    ).all()


def count_entries(source: Source) -> int:
    """How many entries that customers can be answered with came of a source."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Entry)
            .join(SourcePage, SourcePage.id == Entry.page_id)
            .where(SourcePage.source_id == source.id, Entry.archived_at.is_(None))
        )
        or 0
    )


def add(
    agent: Agent,
    kind: SourceKind,
    *,
    title: str = "",
    address: str = "",
    text: str = "",
    file: File | None = None,
    rules: Rules = Rules(),  # noqa: B008 - it cannot be changed
    read_every_hours: int | None = None,
    by: Teammate | None,
    now: datetime,
    allow_private: bool = False,
) -> Source:
    """Have an agent learn from a place, and begin to read it.

    Args:
        title: its name; without one, the website's or the file's is taken.
        address: of a page, a sitemap or a website; `https://` may be left out.
        text: Markdown, of a source that is a text.
        file: of a source that is a file.
        read_every_hours: one of `EVERY_HOURS`; None for once.
        allow_private: whether addresses of the own network may be asked.

    Raises:
        Invalid: when the address, a pattern or the number of sources is not possible, or the same is read already.
    """
    if kind in WEB:
        address = checked_address(address, allow_private=allow_private)
        title = title or title_of(address)
    source = Source(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        kind=kind,
        title=_title(title),
        address=address or None,
        file_key=file.key if file else None,
        media_type=file.media_type if file else None,
        size=file.size if file else len(text) or None,
        settings=rules.checked().kept() if kind in WEB else {},
        read_every_hours=_hours(read_every_hours) if kind in WEB else None,
        created_at=now,
        created_by_id=by.id if by else None,
    )
    with transaction():
        # Done first, it puts the changes of one agent in a row.
        touch(agent)
        if len(listed(agent)) >= MOST_SOURCES:
            raise Invalid(f"An agent can have {MOST_SOURCES} sources. Delete one that it no longer needs.")
        _check_is_new(agent, source)
        db.session.add(source)
        db.session.flush()
        db.session.add(_first_page(source, text))
        _note(source, "add", by=by, now=now, after=_told(source))
        start(source, by=None, now=now)
    return source


def change(
    source: Source,
    *,
    title: str,
    rules: Rules,
    read_every_hours: int | None,
    by: Teammate | None,
    now: datetime,
) -> None:
    """Change which pages of a source are read, and how often; the next reading goes by it.

    Raises:
        Invalid: when a pattern, a number or the name is not possible.
    """
    before = _told(source)
    with transaction():
        source.title = _title(title)
        if source.kind in WEB:
            source.settings = {**source.settings, **rules.checked().kept()}
            source.read_every_hours = _hours(read_every_hours)
            source.next_read_at = next_reading(source, after=source.read_at or now)
        _note(source, "change", by=by, now=now, before=before, after=_told(source))


def delete(agent: Agent, source: Source, *, by: Teammate | None, now: datetime) -> None:
    """Forget a source with all that was read there; a reading under way ends."""
    file_key = source.file_key
    with transaction():
        touch(agent)
        _note(source, "delete", by=by, now=now, before=_told(source))
        db.session.execute(delete_rows(Job).where(Job.kind == KIND, Job.subject_id == source.id))
        db.session.delete(source)
    if file_key:
        after_commit(lambda: current_files().delete(file_key))


def checked_address(address: str, *, allow_private: bool) -> str:
    """An address as somebody typed it, in the spelling that it is kept in.

    Raises:
        Invalid: when it is no address of the public web.
    """
    text = clean_line(address)
    if text and "://" not in text:
        text = f"https://{text}"
    found = normal(text)
    if found is None:
        raise Invalid("Write the address as it stands in the browser, such as https://shop.com/help.")
    try:
        check_url(found, allow_private=allow_private)
    except OutgoingRefused as refusal:
        raise Invalid(str(refusal)) from refusal
    return found


def title_of(address: str) -> str:
    """What a website or page is called until somebody names it."""
    parts = urlsplit(address)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"[:_LONGEST_TITLE]


def _check_is_new(agent: Agent, source: Source) -> None:
    """Of the same pages twice, neither would be sure enough to answer with."""
    if not source.address:
        return
    address, patterns = hash_of(source.address), _patterns_of(source)
    for other in listed(agent):
        is_there = other.kind == source.kind and other.address and hash_of(other.address) == address
        if is_there and _patterns_of(other) == patterns:
            raise Invalid(f"“{other.title}” in your sources reads the same already. Read that one again, or change it.")


def _patterns_of(source: Source) -> tuple[set[str], set[str]]:
    rules = Rules.of(source)
    return set(rules.include), set(rules.exclude)


def _first_page(source: Source, text: str) -> SourcePage:
    address = source.address or ""
    return SourcePage(
        workspace_id=source.workspace_id,
        source_id=source.id,
        address=address,
        address_hash=hash_of(address),
        title="" if source.kind in WEB else source.title,
        status=PageStatus.WAITING,
        text=text or None,
        excluded_parts=[],
        reading=0,
    )


def _title(title: str) -> str:
    tidy = clean_line(title)
    if not tidy:
        raise Invalid("Give the source a name.")
    return tidy[:_LONGEST_TITLE]


def _hours(hours: int | None) -> int | None:
    if hours is not None and hours not in EVERY_HOURS:
        raise Invalid("Choose how often it is read again: every day, every week, every month, or only once.")
    return hours


def _told(source: Source) -> dict[str, Any]:
    told = {"name": source.title, "address": source.address, **source.settings}
    return told | {"read_again_after_hours": source.read_every_hours}


def _note(source: Source, verb: str, *, by: Teammate | None, now: datetime, **told: Any) -> None:
    subject = ("source", source.id, source.title)
    audits.record(source.workspace_id, f"source.{verb}", by=by, subject=subject, now=now, **told)
