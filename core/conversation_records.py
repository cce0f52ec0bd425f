"""Conversations as the site's own programs read them."""

import uuid
from datetime import datetime

from sqlalchemy import Select, select

from core.conversations import PREVIEW
from models.conversations import Conversation, State
from models.teammates import Workspace

CHANNEL = "api"
"""Of conversations that a program of the site has begun."""


def matching(
    workspace: Workspace,
    *,
    state: State | None,
    agent_id: uuid.UUID | None,
    customer_id: uuid.UUID | None,
    since: datetime | None,
) -> Select[Conversation]:
    """Those of a workspace in which something was said, without the team's own tests; in no order yet."""
    wanted = select(Conversation).where(
        Conversation.workspace_id == workspace.id,
        Conversation.last_message_at.is_not(None),
        Conversation.channel != PREVIEW,
    )
    if state is not None:
        wanted = wanted.where(Conversation.state == state)
    if agent_id is not None:
        wanted = wanted.where(Conversation.agent_id == agent_id)
    if customer_id is not None:
        wanted = wanted.where(Conversation.customer_id == customer_id)
    if since is not None:
        wanted = wanted.where(Conversation.last_message_at >= since)
    return wanted
