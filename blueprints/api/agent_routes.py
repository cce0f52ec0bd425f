"""Agents: listed, made, changed, archived."""

import uuid

from sqlalchemy import select

from blueprints.api import caller, versions
from blueprints.api.operations import operation
from blueprints.api.shapes.agents import AgentPage, AgentShown, ChangedAgent, NewAgent
from blueprints.api.shapes.base import PageQuery
from core import agents, row_pages, websites
from core.clock import utc_now
from models import db
from models.agents import Agent


@operation("GET", "/agents", summary="List agents", scope="agents:read", query=PageQuery, answer=AgentPage)
def list_agents(query: PageQuery) -> AgentPage:
    """Those that were archived are left out."""
    wanted = select(Agent).where(Agent.workspace_id == caller.current_workspace().id, Agent.archived_at.is_(None))
    rows, following = row_pages.page(
        caller.current_workspace(),
        wanted,
        moment=Agent.created_at,
        number=Agent.id,
        cursor=query.cursor,
        limit=query.limit,
        place=lambda row: (row.created_at, row.id),
    )
    return AgentPage(data=[AgentShown.of(row) for row in rows], next=following)


@operation(
    "POST",
    "/agents",
    summary="Make an agent",
    scope="agents:write",
    body=NewAgent,
    answer=AgentShown,
    status=201,
    is_versioned=True,
)
def create_agent(body: NewAgent) -> AgentShown:
    """It is live at once, with the usual look."""
    agent = agents.create(
        caller.current_workspace(),
        name=body.name,
        site_url=body.site_url,
        patterns=body.allowed_domains,
        by=caller.author(),
        now=utc_now(),
    )
    return AgentShown.of(agent)


@operation(
    "GET", "/agents/<uuid:agent_id>", summary="Show an agent", scope="agents:read", answer=AgentShown, is_versioned=True
)
def show_agent(agent_id: uuid.UUID) -> AgentShown:
    return AgentShown.of(agents.find(caller.current_workspace(), agent_id))


@operation(
    "PATCH",
    "/agents/<uuid:agent_id>",
    summary="Change an agent",
    scope="agents:write",
    body=ChangedAgent,
    answer=AgentShown,
    is_versioned=True,
)
def change_agent(agent_id: uuid.UUID, body: ChangedAgent) -> AgentShown:
    """Its name and look are changed in the customizer, where they can be seen before they are published."""
    agent = agents.find(caller.current_workspace(), agent_id)
    versions.check(agent, lambda: AgentShown.of(agent))
    if body.allowed_domains is not None:
        websites.replace(agent, body.allowed_domains, by=caller.author(), now=utc_now())
    if body.allows_link is not None:
        agents.allow_link(agent, body.allows_link, by=caller.author(), now=utc_now())
    db.session.flush()
    return AgentShown.of(agent)


@operation("DELETE", "/agents/<uuid:agent_id>", summary="Archive an agent", scope="agents:write", status=204)
def archive_agent(agent_id: uuid.UUID) -> None:
    """It disappears from every website; teammates can bring it back with all that it knows."""
    agent = agents.find(caller.current_workspace(), agent_id)
    versions.check(agent, lambda: AgentShown.of(agent))
    agents.archive(agent, by=caller.author(), now=utc_now())
