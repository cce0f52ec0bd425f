"""What happens to widgets on pages, as programs know it."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import Field

from blueprints.api.shapes.base import Listed, Moment, PageQuery, Shape
from models.agents import Event

Kind = Literal["load", "open", "message", "close", "greet", "error"]


class EventShown(Shape):
    """Something that has happened to a widget on a page."""

    id: uuid.UUID
    agent_id: uuid.UUID
    kind: Kind
    website: str
    details: dict[str, Any]
    at: Moment

    @classmethod
    def of(cls, event: Event) -> "EventShown":
        return cls(
            id=event.id,
            agent_id=event.agent_id,
            kind=event.kind.value,
            website=event.origin,
            details=event.details,
            at=event.created_at,
        )


class EventPage(Listed):
    """Events, the latest first."""

    data: list[EventShown]


class EventQuery(PageQuery):
    """Which events of one agent."""

    kind: Kind | None = None
    since: Annotated[Moment, Field(description="Only those since then.")] | None = None
