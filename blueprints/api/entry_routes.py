"""Questions and answers that an agent knows."""

import uuid

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from blueprints.api import caller, versions
from blueprints.api.operations import operation
from blueprints.api.shapes.knowledge import ChangedEntry, EntryPage, EntryQuery, EntryShown, NewEntry
from core import agents, knowledge, row_pages
from core.clock import utc_now
from core.errors import Conflict
from core.texts import clean_line
from models import db
from models.agents import Agent
from models.knowledge import Entry

_ENTRIES = "/agents/<uuid:agent_id>/entries"
_ENTRY = f"{_ENTRIES}/<uuid:entry_id>"


@operation("GET", _ENTRIES, summary="List entries", scope="knowledge:read", query=EntryQuery, answer=EntryPage)
def list_entries(agent_id: uuid.UUID, query: EntryQuery) -> EntryPage:
    """What the agent answers from, the newest first; what was archived is left out."""
    wanted = (
        select(Entry)
        .where(Entry.agent_id == _agent(agent_id).id, Entry.archived_at.is_(None))
        .options(selectinload(Entry.phrasings))
    )
    if query.origin is not None:
        wanted = wanted.where(Entry.page_id.is_(None) if query.origin == "written" else Entry.page_id.is_not(None))
    if query.external_id is not None:
        wanted = wanted.where(Entry.external_id == query.external_id)
    rows, following = row_pages.page(
        caller.current_workspace(),
        wanted,
        moment=Entry.created_at,
        number=Entry.id,
        cursor=query.cursor,
        limit=query.limit,
        place=lambda row: (row.created_at, row.id),
    )
    return EntryPage(data=[EntryShown.of(row) for row in rows], next=following)


@operation(
    "POST",
    _ENTRIES,
    summary="Teach an entry",
    scope="knowledge:write",
    body=NewEntry,
    answer=EntryShown,
    status=201,
    is_versioned=True,
)
def create_entry(agent_id: uuid.UUID, body: NewEntry) -> EntryShown:
    """The agent answers from it within seconds."""
    try:
        entry = knowledge.add(
            _agent(agent_id),
            question=body.question,
            answer=body.answer,
            phrasings=body.phrasings,
            external_id=clean_line(body.external_id) or None if body.external_id else None,
            by=caller.author(),
            now=utc_now(),
        )
    except IntegrityError as error:
        raise Conflict("There is an entry with this externalId already.", code="external_id_taken") from error
    return EntryShown.of(entry)


@operation("GET", _ENTRY, summary="Show an entry", scope="knowledge:read", answer=EntryShown, is_versioned=True)
def show_entry(agent_id: uuid.UUID, entry_id: uuid.UUID) -> EntryShown:
    return EntryShown.of(_found(agent_id, entry_id)[1])


@operation(
    "PATCH",
    _ENTRY,
    summary="Change an entry",
    scope="knowledge:write",
    body=ChangedEntry,
    answer=EntryShown,
    is_versioned=True,
)
def change_entry(agent_id: uuid.UUID, entry_id: uuid.UUID, body: ChangedEntry) -> EntryShown:
    """Of what was read in a source only the phrasings can be changed here."""
    agent, entry = _found(agent_id, entry_id)
    versions.check(entry, lambda: EntryShown.of(entry))
    if not body.model_fields_set.isdisjoint({"question", "answer", "phrasings"}):
        _rewrite(agent, entry, body)
    if body.is_archived is not None and body.is_archived != (entry.archived_at is not None):
        change = knowledge.archive if body.is_archived else knowledge.restore
        change(agent, entry, by=caller.author(), now=utc_now())
    db.session.flush()
    return EntryShown.of(entry)


@operation("DELETE", _ENTRY, summary="Archive an entry", scope="knowledge:write", status=204)
def archive_entry(agent_id: uuid.UUID, entry_id: uuid.UUID) -> None:
    """The agent forgets it; it can be brought back, here or in the admin."""
    agent, entry = _found(agent_id, entry_id)
    versions.check(entry, lambda: EntryShown.of(entry))
    knowledge.archive(agent, entry, by=caller.author(), now=utc_now())


def _agent(agent_id: uuid.UUID) -> Agent:
    return agents.find(caller.current_workspace(), agent_id)


def _found(agent_id: uuid.UUID, entry_id: uuid.UUID) -> tuple[Agent, Entry]:
    agent = _agent(agent_id)
    return agent, knowledge.find(caller.current_workspace(), agent, entry_id)


def _rewrite(agent: Agent, entry: Entry, body: ChangedEntry) -> None:
    knowledge.change(
        agent,
        entry,
        question=entry.question if body.question is None else body.question,
        answer=entry.answer if body.answer is None else body.answer,
        phrasings=[one.text for one in entry.phrasings] if body.phrasings is None else body.phrasings,
        by=caller.author(),
        now=utc_now(),
    )
