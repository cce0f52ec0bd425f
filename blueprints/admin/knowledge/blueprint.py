"""What all pages about an agent's knowledge share."""

import uuid

from flask import Blueprint

from core import agents, evaluations, knowledge, proposals, unanswered
from core.sources import looking
from models.agents import Agent
from web.access import current_workspace

bp = Blueprint("knowledge", __name__, url_prefix="/admin/agents/<uuid:agent_id>/knowledge")


def find_agent(agent_id: uuid.UUID) -> Agent:
    return agents.find(current_workspace(), agent_id)


def counts_of(agent: Agent) -> dict[str, int]:
    """What the tabs of these pages count."""
    return {
        "live": knowledge.count_written(agent),
        "sources": looking.count(agent),
        "archived": knowledge.count_archived(agent),
        "open": len(unanswered.listed(agent)),
        "proposed": proposals.count(agent),
        "tests": evaluations.count(agent),
    }
