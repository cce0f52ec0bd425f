"""What happened to an agent's widget on pages: the raw material of the figures."""

import uuid

from sqlalchemy import select

from blueprints.api import caller
from blueprints.api.operations import operation
from blueprints.api.shapes.events import EventPage, EventQuery, EventShown
from core import agents, row_pages
from models.agents import Event, EventKind


@operation(
    "GET",
    "/agents/<uuid:agent_id>/events",
    summary="List events",
    scope="events:read",
    query=EventQuery,
    answer=EventPage,
)
def list_events(agent_id: uuid.UUID, query: EventQuery) -> EventPage:
    """The latest comes first. They are kept for as long as the workspace has decided."""
    agent = agents.find(caller.current_workspace(), agent_id)
    # With all kinds named, the index of the table serves the list in any case.
    kinds = [EventKind(query.kind)] if query.kind else list(EventKind)
    wanted = select(Event).where(Event.agent_id == agent.id, Event.kind.in_(kinds))
    if query.since is not None:
        wanted = wanted.where(Event.created_at >= query.since)
    rows, following = row_pages.page(
        caller.current_workspace(),
        wanted,
        moment=Event.created_at,
        number=Event.id,
        cursor=query.cursor,
        limit=query.limit,
        place=lambda row: (row.created_at, row.id),
    )
    return EventPage(data=[EventShown.of(row) for row in rows], next=following)
