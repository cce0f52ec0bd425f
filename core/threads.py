"""One conversation as a teammate reads it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import changes, conversations, letters, masked_messages, notes, tool_calls, traces
from models import db
from models.connections import ToolCall
from models.conversations import Answer, Conversation, Message, Sender
from models.customers import WidgetSession
from models.inbox import ConversationChange, Note

_PART = 100
_LONGEST = 2_000

Beside = Note | ConversationChange
"""What stands among the messages for the team alone."""


@dataclass(frozen=True)
class Line:
    """A message, with what became of the question that it answers."""

    message: Message
    answer: Answer | None
    calls: Sequence[ToolCall] = ()
    """The tools that were called for it."""


@dataclass(frozen=True)
class Thread:
    """The end of a conversation, oldest line first."""

    lines: Sequence[Line]
    since: int
    """The sequence number of the first line."""
    originals: Collection[uuid.UUID]
    """The masked messages of which the original is kept, encrypted."""
    explained: Collection[uuid.UUID]
    """The replies about which it is kept how they came about."""
    beside: Mapping[int, Sequence[Beside]] = field(default_factory=dict)
    """What only the team sees, by the number of the message that it stands below."""
    mailed: Mapping[uuid.UUID, datetime] = field(default_factory=dict)
    """When a message, with those before it that were not seen, was mailed to the customer."""

    @property
    def last_of_ours(self) -> int | None:
        """The number of the last thing that a teammate has said; None when nobody of the team has."""
        ours = (line.message.seq for line in self.lines if line.message.sender is Sender.PERSON)
        return max(ours, default=None)

    @property
    def earlier(self) -> int | None:
        """From where to show more; None when nothing came before."""
        return max(1, self.since - _PART) if self.since > 1 else None


def of(conversation: Conversation, *, since: int | None = None) -> Thread:
    """What was said, with what became of the agent's answers.

    Args:
        since: the first sequence number to show; the last hundred messages are always shown.
    """
    newest_part = max(1, conversation.last_seq - _PART + 1)
    first = max(conversation.last_seq - _LONGEST, min(since or newest_part, newest_part), 1)
    messages = conversations.messages_after(conversation.id, first - 1, limit=_LONGEST + _PART)
    replies = [message.id for message in messages if message.sender is Sender.AGENT]
    answers = db.session.scalars(
        select(Answer).where(Answer.conversation_id == conversation.id, Answer.reply_id.in_(replies))
    ).all()
    by_reply = {answer.reply_id: answer for answer in answers}
    masked = [message for message in messages if message.details.get("masked")]
    calls = tool_calls.by_message(conversation)
    lines = [Line(message, by_reply.get(message.id), calls.get(message.id, ())) for message in messages]
    originals = masked_messages.with_originals(masked)
    return Thread(
        lines,
        first,
        originals,
        traces.explained(replies),
        _beside(conversation, first),
        letters.mailed(conversation.id),
    )


def _beside(conversation: Conversation, first: int) -> Mapping[int, Sequence[Beside]]:
    """What stands among the messages from this number on; before the first message stands 0."""
    found: defaultdict[int, list[Beside]] = defaultdict(list)
    every: list[Beside] = [*notes.of(conversation), *changes.of(conversation, since=first)]
    for one in sorted(every, key=lambda one: one.created_at):
        if one.after_seq >= first or first == 1:
            found[one.after_seq].append(one)
    return found


def others_of(conversation: Conversation, *, limit: int = 10) -> Sequence[Conversation]:
    """The customer's other conversations, the latest first."""
    return db.session.scalars(
        select(Conversation)
        .where(
            Conversation.customer_id == conversation.customer_id,
            Conversation.id != conversation.id,
            Conversation.last_message_at.is_not(None),
            Conversation.channel != conversations.PREVIEW,
        )
        .order_by(Conversation.last_message_at.desc())
        .limit(limit)
    ).all()


def context_of(conversation: Conversation) -> Mapping[str, Any]:
    """What the customer's page has told about itself most lately."""
    context = db.session.scalar(
        select(WidgetSession.context)
        .where(WidgetSession.conversation_id == conversation.id)
        .order_by(WidgetSession.id.desc())
        .limit(1)
    )
    return context or {}
