"""Agents, as programs know them."""

import uuid
from typing import Annotated

from pydantic import Field

from blueprints.api.shapes.base import Listed, Moment, Shape
from core import agents, websites
from models.agents import Agent

Patterns = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=300)]],
    Field(max_length=100, description="Websites on which it may appear, such as `example.com` or `*.example.com`."),
]


class AgentShown(Shape):
    """A chat agent of the workspace."""

    id: uuid.UUID
    public_id: Annotated[str, Field(description="Under which customers reach it: `/widget/{publicId}.js`.")]
    name: str
    site_url: str | None
    allowed_domains: list[str]
    allows_link: Annotated[bool, Field(description="Whether it may be opened by its direct link.")]
    created_at: Moment

    @classmethod
    def of(cls, agent: Agent) -> "AgentShown":
        return cls(
            id=agent.id,
            public_id=agent.public_id,
            name=agent.name,
            site_url=agent.site_url,
            allowed_domains=websites.patterns(agent),
            allows_link=agent.allows_link,
            created_at=agent.created_at,
        )


class AgentPage(Listed):
    """Agents, the newest first; without those that were archived."""

    data: list[AgentShown]


class NewAgent(Shape):
    """An agent. With no website and no pattern it may appear everywhere."""

    name: Annotated[str, Field(min_length=1, max_length=agents.LONGEST_NAME)]
    site_url: Annotated[str, Field(max_length=2_000, description="Its website, which is allowed.")] | None = None
    allowed_domains: Patterns = Field(default_factory=list)


class ChangedAgent(Shape):
    """What is to be changed; what is left out stays."""

    allowed_domains: Patterns | None = None
    allows_link: bool | None = None
