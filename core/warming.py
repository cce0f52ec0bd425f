"""What a process has at hand before anybody asks it: that it was started again is nothing for a customer to notice."""

import uuid
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import func, select

from core import knowledge
from gateways import mcp
from models import db
from models.agents import Agent
from models.connections import Connection, ConnectionTool
from models.conversations import Conversation
from models.knowledge import Entry

_MOST_AGENTS = 20
_MOST_ENTRIES = 30_000
"""Of all agents together: some 6 KB of memory for each."""
_LATEST = 2_000
"""So many conversations say who is talked to."""


def warm(*, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Load and build what the first questions would have to wait for. Holds no transaction while it does.

    Args:
        may_go_on: asked before each step; False ends it.

    Returns:
        how many agents are at hand now.
    """
    agent_ids, has_tools = _chosen(), _has_tools()
    db.session.commit()
    if has_tools and may_go_on():
        mcp.prepare()
    count = 0
    for agent_id in agent_ids:
        agent = db.session.get(Agent, agent_id) if may_go_on() else None
        db.session.commit()
        if agent is not None:
            knowledge.index_for(agent)
            db.session.commit()
            count += 1
    return count


def _chosen() -> list[uuid.UUID]:
    """The agents that know something: first those that were talked to last, then the newest."""
    counted = db.session.execute(
        select(Agent.id, func.count())
        .join(Entry, Entry.agent_id == Agent.id)
        .where(Agent.archived_at.is_(None), Entry.archived_at.is_(None))
        .group_by(Agent.id)
        .order_by(Agent.id.desc())
    )
    sizes = {row[0]: row[1] for row in counted}
    # nosemgrep: query-of-everybody - a process answers for all workspaces; only the identifiers of agents are read
    latest = db.session.scalars(select(Conversation.agent_id).order_by(Conversation.id.desc()).limit(_LATEST))
    in_turn = [agent_id for agent_id in dict.fromkeys([*latest, *sizes]) if agent_id in sizes]
    return list(_fitting(in_turn[:_MOST_AGENTS], sizes))


def _fitting(agent_ids: Iterable[uuid.UUID], sizes: dict[uuid.UUID, int]) -> Iterator[uuid.UUID]:
    left = _MOST_ENTRIES
    for agent_id in agent_ids:
        if sizes[agent_id] <= left:
            left -= sizes[agent_id]
            yield agent_id


def _has_tools() -> bool:
    """Whether any agent has a tool that it may call."""
    allowed = (
        select(ConnectionTool.id)
        .join(Connection, Connection.id == ConnectionTool.connection_id)
        .where(Connection.is_on, ConnectionTool.is_on)
    )
    return db.session.scalar(allowed.limit(1)) is not None
