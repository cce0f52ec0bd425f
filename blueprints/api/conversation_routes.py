"""Conversations: found, begun, handed on and closed."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from blueprints.api import caller, once, pages, versions
from blueprints.api.operations import operation
from blueprints.api.saying import say
from blueprints.api.shapes.conversations import (
    ChangedConversation,
    ConversationPage,
    ConversationQuery,
    ConversationShown,
    Named,
    NewConversation,
)
from core import agents, conversation_records, conversations, customers
from core.clock import utc_now
from core.errors import Invalid
from models.conversations import Conversation
from models.conversations import State as ConversationState


@operation(
    "GET",
    "/conversations",
    summary="List conversations",
    scope="conversations:read",
    query=ConversationQuery,
    answer=ConversationPage,
)
def list_conversations(query: ConversationQuery) -> ConversationPage:
    """The one with the latest message comes first. Chats in which nothing was said are left out."""
    wanted = conversation_records.matching(
        caller.current_workspace(),
        state=ConversationState(query.state) if query.state else None,
        agent_id=query.agent_id,
        customer_id=query.customer_id,
        since=query.since,
    )
    rows, following = pages.page(
        wanted,
        moment=Conversation.last_message_at,
        number=Conversation.id,
        cursor=query.cursor,
        limit=query.limit,
        place=lambda row: (row.last_message_at or row.created_at, row.id),
    )
    return ConversationPage(data=_shown(rows), next=following)


@operation(
    "POST",
    "/conversations",
    summary="Begin a conversation",
    scope="conversations:write",
    body=NewConversation,
    answer=ConversationShown,
    status=201,
    is_versioned=True,
)
def create_conversation(body: NewConversation) -> ConversationShown:
    """Written by a customer, by way of a channel of your own, the agent answers. Written by a person, the customer
    finds it where they last chatted with this agent."""
    workspace, now = caller.current_workspace(), utc_now()
    agent, customer = agents.find(workspace, body.agent_id), customers.find(workspace, body.customer_id)
    once.speaks_of(customer.id)
    if body.message.sender == "person":
        conversation = conversations.current(
            agent, customer, origin="", channel="web", language=body.language or "en", now=now
        )
    else:
        conversation = conversations.begin(agent, customer, origin="", channel=conversation_records.CHANNEL, now=now)
        conversation.language = body.language or "en"
    say(conversation, body.message)
    return show(conversation)


@operation(
    "GET",
    "/conversations/<uuid:conversation_id>",
    summary="Show a conversation",
    scope="conversations:read",
    answer=ConversationShown,
    is_versioned=True,
)
def show_conversation(conversation_id: uuid.UUID) -> ConversationShown:
    return show(conversations.find(caller.current_workspace(), conversation_id))


@operation(
    "PATCH",
    "/conversations/<uuid:conversation_id>",
    summary="Change a conversation",
    scope="conversations:write",
    body=ChangedConversation,
    answer=ConversationShown,
    is_versioned=True,
)
def change_conversation(conversation_id: uuid.UUID, body: ChangedConversation) -> ConversationShown:
    """`waiting` fetches a person, `agent` lets the agent answer, `resolved` closes it until the customer writes."""
    conversation = conversations.find(caller.current_workspace(), conversation_id)
    once.speaks_of(conversation.customer_id)
    versions.check(conversation, lambda: show(conversation))
    _enter(conversation, body, now=utc_now())
    return show(conversation)


def show(conversation: Conversation) -> ConversationShown:
    return _shown([conversation])[0]


def _shown(rows: Sequence[Conversation]) -> list[ConversationShown]:
    tags = conversation_records.tags_of(rows)
    return [
        ConversationShown.of(row, [Named(id=tag.id, name=tag.name) for tag in tags.get(row.id, ())]) for row in rows
    ]


def _enter(conversation: Conversation, body: ChangedConversation, *, now: datetime) -> None:
    if body.reason is not None and body.state not in ("waiting", "resolved"):
        raise Invalid("A reason belongs to the state waiting or resolved.")
    if body.state == "waiting":
        conversations.request_person(conversation, reason=body.reason or "was handed over by a program", now=now)
    elif body.state == "resolved":
        conversations.resolve(conversation, now=now)
    elif body.state == "agent":
        conversations.hand_back(conversation, now=now)
