"""What is said in a conversation."""

import uuid

from blueprints.api import caller, once, receiving
from blueprints.api.operations import operation
from blueprints.api.saying import say, sender_of
from blueprints.api.shapes.conversations import (
    FileQuery,
    FileShown,
    MessagePage,
    MessageQuery,
    MessageShown,
    NewMessage,
)
from core import attachments, conversations
from core.clock import utc_now


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
    return MessageShown.of(say(conversation, body, body.files))


@operation(
    "POST",
    "/conversations/<uuid:conversation_id>/files",
    summary="Add a file",
    scope="conversations:write",
    query=FileQuery,
    answer=FileShown,
    status=201,
    takes_file=True,
)
def create_file(conversation_id: uuid.UUID, query: FileQuery) -> FileShown:
    """Send it within a day: its id goes into `files` of a message of the same sender. Pictures are encoded anew, and
    what is no picture, document or plain text is refused."""
    conversation = conversations.find(caller.current_workspace(), conversation_id)
    sender, file = sender_of(query), receiving.file()
    added = attachments.add(conversation, name=file.name, content=file.content, by=sender, now=utc_now())
    return FileShown.of(attachments.as_json(added))
