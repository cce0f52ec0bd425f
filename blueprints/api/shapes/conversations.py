"""Conversations and what is said in them, as programs know them."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from blueprints.api.shapes.base import Limit, Listed, Moment, PageQuery, Shape, Whole
from core import attachments, conversations, tags
from models.conversations import Conversation, Message

State = Literal["agent", "waiting", "person", "resolved"]
Priority = Literal["low", "normal", "high", "urgent"]
Resolution = Literal["solved", "no_reply", "elsewhere", "spam", "other"]
Reason = Annotated[str, Field(min_length=1, max_length=60)]
Tag = Annotated[str, Field(min_length=1, max_length=tags.LONGEST)]
Tags = Annotated[list[Tag], Field(max_length=tags.MOST_ON_ONE, description="All of them, by name.")]
Text = Annotated[str, Field(min_length=1, max_length=conversations.MESSAGE_LIMIT)]


class ConversationShown(Shape):
    """A customer's conversation with an agent, or with a person."""

    id: uuid.UUID
    agent_id: uuid.UUID
    customer_id: uuid.UUID
    channel: str
    state: Annotated[State, Field(description="Who it is with; `waiting` is for a person.")]
    language: str
    priority: Priority
    tags: Annotated[list[str], Field(description="By name.")]
    teammate_id: uuid.UUID | None
    team_id: uuid.UUID | None
    mood: str | None
    handoff_reason: str | None
    handoff_summary: str | None
    resolution: str | None
    last_seq: Annotated[int, Field(description="The number of the newest message.")]
    created_at: Moment
    last_message_at: Moment | None
    waiting_since: Moment | None
    snoozed_until: Moment | None
    resolved_at: Moment | None

    @classmethod
    def of(cls, conversation: Conversation, names: list[str]) -> "ConversationShown":
        return cls(
            id=conversation.id,
            agent_id=conversation.agent_id,
            customer_id=conversation.customer_id,
            channel=conversation.channel,
            state=conversation.state.value,
            language=conversation.language,
            priority=conversation.priority.value,
            tags=names,
            teammate_id=conversation.teammate_id,
            team_id=conversation.team_id,
            mood=conversation.mood,
            handoff_reason=conversation.handoff_reason,
            handoff_summary=conversation.handoff_summary,
            resolution=conversation.resolution,
            last_seq=conversation.last_seq,
            created_at=conversation.created_at,
            last_message_at=conversation.last_message_at,
            waiting_since=conversation.waiting_since,
            snoozed_until=conversation.snoozed_until,
            resolved_at=conversation.resolved_at,
        )


class ConversationPage(Listed):
    """Conversations in which something was said, the latest message first."""

    data: list[ConversationShown]


class ConversationQuery(PageQuery):
    """Which conversations."""

    state: State | None = None
    agent_id: uuid.UUID | None = None
    customer_id: uuid.UUID | None = None
    since: Annotated[Moment, Field(description="Only those in which something was said since then.")] | None = None


class FirstMessage(Shape):
    """What is said first, and by whom."""

    sender: Annotated[
        Literal["customer", "person"],
        Field(
            alias="from",
            description="`customer`: the agent answers. `person`: a teammate writes, and has the conversation.",
        ),
    ]
    text: Text
    teammate_id: (
        Annotated[uuid.UUID, Field(description="Who writes, of `person`; left out, whoever made the key.")] | None
    ) = None


class NewConversation(Shape):
    """A conversation with a known customer, and what is said first in it."""

    agent_id: uuid.UUID
    customer_id: uuid.UUID
    message: FirstMessage
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$", description="ISO 639-1.")] | None = None


class ChangedConversation(Shape):
    """What is to be changed; what is left out stays."""

    state: Literal["agent", "waiting", "resolved"] | None = None
    reason: (
        Annotated[str, Field(min_length=1, max_length=60, description="Why a person is needed: `waiting`.")] | None
    ) = None
    resolution: Annotated[Resolution, Field(description="What became of it, with `resolved`.")] | None = None
    teammate_id: Annotated[uuid.UUID | None, Field(description="Who is to answer; null: anybody.")] = None
    team_id: Annotated[uuid.UUID | None, Field(description="Which team is to answer; null: any.")] = None
    priority: Priority | None = None
    tags: Tags | None = None
    snoozed_until: Annotated[Moment | None, Field(description="Out of the way until then; null wakes it.")] = None


class FileShown(Shape):
    """A file that came with a message."""

    id: uuid.UUID
    name: str
    size: Annotated[int, Field(description="In bytes, as it is kept.")]
    media_type: str

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "FileShown":
        return cls(id=uuid.UUID(told["id"]), name=told["name"], size=told["size"], media_type=told["mediaType"])


class MessageShown(Shape):
    """Something that was said; personal data in it is masked as the workspace has decided."""

    id: uuid.UUID
    seq: Annotated[int, Field(description="Its place in the conversation, from 1.")]
    sender: Annotated[Literal["customer", "agent", "person", "system"], Field(alias="from")]
    name: Annotated[str | None, Field(description="Of the agent or the teammate.")]
    text: Annotated[str, Field(description="Markdown, but of a customer: plain text.")]
    html: Annotated[str, Field(description="The same as safe HTML.")]
    files: list[FileShown]
    created_at: Moment

    @classmethod
    def of(cls, message: Message) -> "MessageShown":
        told = conversations.as_json(message)
        return cls(
            id=message.id,
            seq=message.seq,
            sender=message.sender.value,
            name=told["name"],
            text=message.text,
            html=told["html"],
            files=[FileShown.of(file) for file in told["attachments"]],
            created_at=message.created_at,
        )


class MessagePage(Shape):
    """Messages, the oldest first."""

    data: list[MessageShown]
    next: Annotated[int | None, Field(description="`after` of the next page; null when there is no more by now.")]


class MessageQuery(Shape):
    """Which messages."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1, description="Only those with a higher `seq`."), Whole] = 0
    limit: Limit = 25


class NewMessage(FirstMessage):
    """Something that is said in a conversation, or files that are sent in it, or both."""

    text: Annotated[
        str, Field(max_length=conversations.MESSAGE_LIMIT, description="May be left out where files are sent.")
    ] = ""
    files: Annotated[
        list[uuid.UUID],
        Field(
            max_length=attachments.MOST_OF_A_MESSAGE,
            description="The ids of files that were added here for the same sender, and not sent yet.",
        ),
    ] = Field(default_factory=list)


class FileQuery(Shape):
    """Who is to send a file."""

    sender: Annotated[
        Literal["customer", "person"], Field(alias="from", description="Who says the message that it goes with.")
    ] = "customer"
    teammate_id: (
        Annotated[uuid.UUID, Field(description="Who writes, of `person`; left out, whoever made the key.")] | None
    ) = None
