"""Conversations as the site's own programs read them."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core.conversations import PREVIEW
from models import db
from models.conversations import Conversation, State
from models.inbox import ConversationTag, Tag
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
    wanted = (
        select(Conversation)
        .where(
            Conversation.workspace_id == workspace.id,
            Conversation.last_message_at.is_not(None),
            Conversation.channel != PREVIEW,
        )
        .options(joinedload(Conversation.teammate))
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


def tags_of(conversations: Iterable[Conversation]) -> Mapping[uuid.UUID, Sequence[Tag]]:
    """The tags of each conversation, by name."""
    found: defaultdict[uuid.UUID, list[Tag]] = defaultdict(list)
    rows = db.session.execute(
        select(ConversationTag.conversation_id, Tag)
        .join(Tag, Tag.id == ConversationTag.tag_id)
        .where(ConversationTag.conversation_id.in_([conversation.id for conversation in conversations]))
        .order_by(Tag.name)
    )
    for conversation_id, tag in rows:
        found[conversation_id].append(tag)
    return found
