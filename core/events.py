"""What happens to widgets on pages: the raw material of the figures."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from core import agents, conversations, websites
from core.privacy_settings import MOST_EVENT_DAYS
from gateways.bus import current_bus
from models import after_commit, db, transaction, write_row
from models.agents import Agent, Event, EventKind
from models.conversations import Conversation

_KEPT = timedelta(days=MOST_EVENT_DAYS)


def record(agent: Agent, kind: EventKind, *, origin: str, details: Mapping[str, Any], now: datetime) -> None:
    """Note one happening."""
    with transaction():
        write_row(
            Event,
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            kind=kind,
            origin=origin[:300],
            details=dict(details),
            created_at=now,
        )
    if kind is EventKind.ERROR:
        # Whoever watches the deploy panel is there because something is wrong.
        after_commit(lambda: current_bus().publish(websites.topic(agent), {"kind": "error"}))


def record_in(agent: Agent, conversation: Conversation, kind: EventKind, *, now: datetime) -> None:
    """Note what happens in a chat; a teammate who tries the agent is in no figure."""
    if conversation.channel == conversations.PREVIEW:
        if kind is EventKind.MESSAGE:
            agents.mark_tried(agent, now=now)
        return
    if kind is EventKind.MESSAGE and conversation.channel == "link":
        agents.mark_tried(agent, now=now)
    record(agent, kind, origin=conversation.origin, details={"channel": conversation.channel}, now=now)


def clear_old(*, now: datetime) -> None:
    """Forget what is older than any figure looks back."""
    with transaction():
        db.session.execute(delete(Event).where(Event.created_at < now - _KEPT))
