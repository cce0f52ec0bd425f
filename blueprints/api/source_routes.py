"""Pages, websites and texts that an agent reads."""

import uuid
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from blueprints.api import caller
from blueprints.api.operations import operation
from blueprints.api.shapes.base import PageQuery
from blueprints.api.shapes.knowledge import NewSource, SourcePage, SourceShown
from core import agents, row_pages
from core.clock import utc_now
from core.errors import Invalid
from core.sources import handing_in, keeping, looking, readings
from core.sources.rules import Rules
from models.agents import Agent
from models.knowledge import Source, SourceKind

_SOURCES = "/agents/<uuid:agent_id>/sources"
_SOURCE = f"{_SOURCES}/<uuid:source_id>"


@operation("GET", _SOURCES, summary="List sources", scope="knowledge:read", query=PageQuery, answer=SourcePage)
def list_sources(agent_id: uuid.UUID, query: PageQuery) -> SourcePage:
    """The newest comes first."""
    rows, following = row_pages.page(
        caller.current_workspace(),
        select(Source).where(Source.agent_id == _agent(agent_id).id),
        moment=Source.created_at,
        number=Source.id,
        cursor=query.cursor,
        limit=query.limit,
        place=lambda row: (row.created_at, row.id),
    )
    return SourcePage(data=_shown(rows), next=following)


@operation(
    "POST",
    _SOURCES,
    summary="Add a source",
    scope="knowledge:write",
    body=NewSource,
    answer=SourceShown,
    status=201,
)
def create_source(agent_id: uuid.UUID, body: NewSource) -> SourceShown:
    """Reading it begins at once and takes a while: look at `isBeingRead`. Files are added in the admin."""
    agent = _agent(agent_id)
    if body.kind == "text":
        source = handing_in.add_text(agent, body.text or "", title=body.title, by=caller.author(), now=utc_now())
    else:
        source = _add_address(agent, body)
    return _shown([source])[0]


@operation("GET", _SOURCE, summary="Show a source", scope="knowledge:read", answer=SourceShown)
def show_source(agent_id: uuid.UUID, source_id: uuid.UUID) -> SourceShown:
    return _shown([_found(agent_id, source_id)[1]])[0]


@operation("DELETE", _SOURCE, summary="Forget a source", scope="knowledge:write", status=204)
def delete_source(agent_id: uuid.UUID, source_id: uuid.UUID) -> None:
    """All that was read there is forgotten with it."""
    agent, source = _found(agent_id, source_id)
    keeping.delete(agent, source, by=caller.author(), now=utc_now())


@operation(
    "POST",
    f"{_SOURCE}/readings",
    summary="Read a source again",
    scope="knowledge:write",
    answer=SourceShown,
    status=202,
)
def read_source(agent_id: uuid.UUID, source_id: uuid.UUID) -> SourceShown:
    """Only what has changed there is learned again."""
    _agent_of, source = _found(agent_id, source_id)
    readings.start(source, by=caller.author(), now=utc_now())
    return _shown([source])[0]


def _agent(agent_id: uuid.UUID) -> Agent:
    return agents.find(caller.current_workspace(), agent_id)


def _found(agent_id: uuid.UUID, source_id: uuid.UUID) -> tuple[Agent, Source]:
    agent = _agent(agent_id)
    return agent, keeping.find(caller.current_workspace(), agent, source_id)


def _add_address(agent: Agent, body: NewSource) -> Source:
    if body.text is not None:
        raise Invalid("A text belongs to a source of the kind text.")
    kind = SourceKind(body.kind)
    many = kind is not SourceKind.PAGE
    return keeping.add(
        agent,
        kind,
        title=body.title,
        address=body.address or "",
        rules=Rules(tuple(body.include), tuple(body.exclude), body.most_pages) if many else Rules(),
        read_every_hours=body.read_every_hours,
        by=caller.author(),
        now=utc_now(),
        allow_private=current_app.config["PORCHLIGHT"].allow_private_addresses,
    )


def _shown(rows: Sequence[Source]) -> list[SourceShown]:
    entries, read = looking.count_entries(rows), looking.under_way(rows)
    return [SourceShown.of(row, entries=entries.get(row.id, 0), is_being_read=row.id in read) for row in rows]
