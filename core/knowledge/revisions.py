"""Counting the changes of what an agent knows."""

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from models import db
from models.agents import Agent


def touch(agent: Agent) -> None:
    """Count a change, inside the caller's transaction. Done first, it also puts the changes of one agent in a row."""
    revision = db.session.scalar(
        update(Agent)
        .where(Agent.id == agent.id)
        .values(knowledge_revision=Agent.knowledge_revision + 1)
        .returning(Agent.knowledge_revision)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(agent, "knowledge_revision", revision)
