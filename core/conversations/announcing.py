"""What is told of conversations: to every open tab, to the list of the team, and in which form."""

import uuid
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from types import MappingProxyType
from typing import Any

from core import attachments, rich_text
from gateways.bus import current_bus
from models.conversations import Conversation, Message, Sender, State
from models.teammates import Teammate

EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "cards": "cards",
        "remembered": "remembered",
        "confirm": "confirm",
        "rating": "rating",
        "shop_account": "confirm",
    }
)
"""Details of a message, by name, that a part of the widget shows beneath it, fetched when there is one."""


def topic(conversation_id: uuid.UUID) -> str:
    """Where the bus announces what happens in a conversation."""
    return f"conversation:{conversation_id.hex}"


def workspace_topic(workspace_id: uuid.UUID) -> str:
    """Where the bus announces that some conversation of a workspace has changed."""
    return f"workspace:{workspace_id.hex}"


def announce_message(message: Message) -> None:
    """Tell every open tab that a message is there, and what it says; who missed one before asks the database.

    Teammates are told that their list has changed.
    """
    note = {"kind": "message", "seq": message.seq, "message": as_json(message)}
    current_bus().publish(topic(message.conversation_id), note)
    tell_workspace(message.workspace_id, message.conversation_id)


def as_json(message: Message) -> dict[str, Any]:
    """A message as the widget gets it (docs/widget-api.md)."""
    details = message.details
    return {
        "id": str(message.id),
        "seq": message.seq,
        "from": message.sender.value,
        "text": message.text,
        "html": _html(message),
        "at": message.created_at.isoformat(),
        "name": details.get("name") or (message.teammate.name if message.teammate else None),
        "clientId": message.client_id if message.sender is Sender.CUSTOMER else None,
        "masked": details.get("masked", []),
        "attachments": [attachments.with_address(told) for told in details.get("attachments", [])],
        "sources": details.get("sources", []),
        "suggestions": details.get("suggestions", []),
        "offerPerson": bool(details.get("offer_person")),
        "extras": {part: details[name] for name, part in EXTRAS.items() if details.get(name)},
    }


def _html(message: Message) -> str:
    # Markdown costs a thousand times more than plain words, and strangers would make the most of it.
    if message.sender is Sender.CUSTOMER:
        return rich_text.plain_to_html(message.text)
    whole = message.details.get("whole")
    return _rendered(message.text) + (_folded(whole["text"], whole["label"]) if whole else "")


def _folded(text: str, label: str) -> str:
    """The whole of an answer beneath its best part, to be opened; no script is needed for that."""
    return f'<details class="whole"><summary>{escape(label)}</summary>{_rendered(text)}</details>'


@lru_cache(maxsize=2_000)
def _rendered(text: str) -> str:
    # The same answers are shown over and over, at each load of a page.
    return rich_text.to_html(text)


def state_as_json(conversation: Conversation) -> dict[str, Any]:
    """Whose turn it is, as the widget gets it."""
    has_person = conversation.state is State.PERSON and conversation.teammate is not None
    return {
        "id": str(conversation.id),
        "state": conversation.state.value,
        "name": conversation.teammate.name if has_person and conversation.teammate else None,
        "read": conversation.read_seq,
    }


def announce_state(conversation: Conversation) -> None:
    """Tell every open tab whose turn it is."""
    current_bus().publish(topic(conversation.id), {"kind": "state", **state_as_json(conversation)})
    tell_workspace(conversation.workspace_id, conversation.id)


def announce_read(conversation: Conversation) -> None:
    """Tell the customer's open tabs how far somebody of the team has read."""
    current_bus().publish(topic(conversation.id), {"kind": "state", **state_as_json(conversation)})


def tell_receipt(conversation: Conversation) -> None:
    """Tell the team's pages that show this conversation how far the customer has got; their lists stay as they are."""
    note = {"kind": "receipt", "id": str(conversation.id)}
    current_bus().publish(workspace_topic(conversation.workspace_id), note)


def tell_reading(conversation: Conversation) -> None:
    """Tell the team's open lists that a teammate has read; what is shown of the conversation stays as it is."""
    note = {"kind": "reading", "id": str(conversation.id)}
    current_bus().publish(workspace_topic(conversation.workspace_id), note)


def announce_typing(conversation: Conversation, teammate: Teammate) -> None:
    """Tell the customer's open tabs that a person is writing; it is forgotten unless it is told again."""
    note = {"kind": "typing", "typing": {"from": "person", "on": True, "name": teammate.name}}
    current_bus().publish(topic(conversation.id), note)


def tell_presence(conversation: Conversation, content: Mapping[str, Any]) -> None:
    """Tell the team's pages who is in a conversation just now, and whether they write.

    Args:
        content: what a page needs to show it, in plain JSON.
    """
    note = {"kind": "presence", "id": str(conversation.id), "presence": dict(content)}
    current_bus().publish(workspace_topic(conversation.workspace_id), note)


def tell_workspace(workspace_id: uuid.UUID, conversation_id: uuid.UUID) -> None:
    """Tell the team's open lists that a conversation has changed."""
    current_bus().publish(workspace_topic(workspace_id), {"kind": "conversation", "id": str(conversation_id)})
