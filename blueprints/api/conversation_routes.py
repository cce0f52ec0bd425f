"""Conversations: found, begun, handed on and closed."""

import uuid
from collections.abc import Sequence

from blueprints.api import caller, changing, once, versions
from blueprints.api.operations import operation
from blueprints.api.saying import say, text_of, writer_of
from blueprints.api.shapes.conversations import (
    ChangedConversation,
    ConversationPage,
    ConversationQuery,
    ConversationShown,
    NewConversation,
)
from core import agents, conversation_records, conversations, customers, row_pages, tags
from core.clock import utc_now
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
    rows, following = row_pages.page(
        caller.current_workspace(),
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
        writer, text = writer_of(body.message), text_of(body.message)
        return show(conversations.start_with(customer, agent, text=text, by=writer, now=now))
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
    changing.change(conversation, body, now=utc_now())
    return show(conversation)


def show(conversation: Conversation) -> ConversationShown:
    return _shown([conversation])[0]


def _shown(rows: Sequence[Conversation]) -> list[ConversationShown]:
    found = tags.of_many([row.id for row in rows])
    return [ConversationShown.of(row, [tag.name for tag in found.get(row.id, ())]) for row in rows]
