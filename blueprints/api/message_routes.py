"""What is said in a conversation."""

import uuid

from blueprints.api import caller, once
from blueprints.api.operations import operation
from blueprints.api.saying import say
from blueprints.api.shapes.conversations import MessagePage, MessageQuery, MessageShown, NewMessage
from core import conversations


@operation(
    "GET",
    "/conversations/<uuid:conversation_id>/messages",
    summary="List messages",
    scope="conversations:read",
    query=MessageQuery,
    answer=MessagePage,
)
def list_messages(conversation_id: uuid.UUID, query: MessageQuery) -> MessagePage:
    """The oldest comes first. Remember the number of the last one, and ask for what came after it."""
    conversation = conversations.find(caller.current_workspace(), conversation_id)
    found = conversations.messages_after(conversation.id, query.after, limit=query.limit + 1)
    shown = found[: query.limit]
    return MessagePage(
        data=[MessageShown.of(message) for message in shown],
        next=shown[-1].seq if len(found) > query.limit else None,
    )


@operation(
    "POST",
    "/conversations/<uuid:conversation_id>/messages",
    summary="Say something",
    scope="conversations:write",
    body=NewMessage,
    answer=MessageShown,
    status=201,
)
def create_message(conversation_id: uuid.UUID, body: NewMessage) -> MessageShown:
    """The agent's answer to a customer comes by itself: ask for the messages after this one, or set up a webhook."""
    conversation = conversations.find(caller.current_workspace(), conversation_id)
    once.speaks_of(conversation.customer_id)
    return MessageShown.of(say(conversation, body))
