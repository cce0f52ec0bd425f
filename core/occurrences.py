"""What happens with conversations, told to the parts of Porchlight that act upon it.

A listener is called inside the transaction of what happened, so that what it stores (a message to a webhook, a
notification, a deadline) is stored with it or not at all. It must be quick, and leave slow things to jobs.
"""

import enum
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.conversations import Conversation, Message
from models.teammates import Teammate


class Kind(enum.StrEnum):
    """What may happen; the words are those of webhooks and notifications, and stay as they are."""

    STARTED = "conversation.started"
    """The customer has said something in it for the first time."""
    RECEIVED = "message.received"
    """The customer has said something."""
    SENT = "message.sent"
    """The agent or a teammate has said something."""
    REQUESTED = "person.requested"
    """The customer is to get a person."""
    ASSIGNED = "conversation.assigned"
    """A teammate or a team has got it, or nobody has it any more."""
    RETURNED = "conversation.returned"
    """The agent answers again."""
    RESOLVED = "conversation.resolved"
    REOPENED = "conversation.reopened"
    SNOOZED = "conversation.snoozed"
    WOKEN = "conversation.woken"
    CHANGED = "conversation.changed"
    """Its tags, its priority, or what it was merged into."""
    NOTED = "note.created"
    RATED = "conversation.rated"
    LATE = "target.missed"
    """Nobody has answered or resolved it in the time that the workspace has set itself."""


@dataclass(frozen=True)
class Occurrence:
    """One thing that has happened with a conversation."""

    kind: Kind
    conversation: Conversation
    at: datetime
    by: Teammate | None = None
    """The teammate who did it; None: the customer, the agent or a rule."""
    message: Message | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else there is to know, in plain JSON."""

    @property
    def workspace_id(self) -> uuid.UUID:
        return self.conversation.workspace_id


_listeners: dict[str, tuple[frozenset[Kind], Callable[[Occurrence], None]]] = {}


def listen(name: str, kinds: frozenset[Kind], listener: Callable[[Occurrence], None]) -> None:
    """Have a listener called for these kinds, in the order of their names; the same name again replaces it."""
    _listeners[name] = (kinds, listener)


def tell(occurrence: Occurrence) -> None:
    """Tell everybody who listens; called inside the transaction. Conversations of the preview are nobody's business."""
    if occurrence.conversation.channel == "preview":
        return
    for name in sorted(_listeners):
        kinds, listener = _listeners[name]
        if occurrence.kind in kinds:
            listener(occurrence)
