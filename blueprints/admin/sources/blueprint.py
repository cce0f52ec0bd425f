"""What all pages about an agent's sources share."""

import uuid

from flask import Blueprint

from core import agents
from core.sources import keeping
from models.agents import Agent
from models.knowledge import Source
from web.access import current_workspace

bp = Blueprint("sources", __name__, url_prefix="/admin/agents/<uuid:agent_id>/sources")


def find_agent(agent_id: uuid.UUID) -> Agent:
    return agents.find(current_workspace(), agent_id)


def find_source(agent_id: uuid.UUID, source_id: uuid.UUID) -> tuple[Agent, Source]:
    agent = find_agent(agent_id)
    return agent, keeping.find(current_workspace(), agent, source_id)
