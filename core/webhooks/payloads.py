"""What is said about an event: a document that lives as long as the programs that read it (docs/webhooks.md)."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.occurrences import Occurrence
from models.conversations import Conversation, Message
from models.teammates import Teammate, Workspace


def of_occurrence(occurrence: Occurrence) -> str:
    """What is told of something that has happened with a conversation; its words are masked as they are stored."""
    return written(
        occurrence.kind.value,
        {
            "workspaceId": str(occurrence.workspace_id),
            "conversation": _conversation(occurrence.conversation),
            "message": _message(occurrence.message) if occurrence.message else None,
            "by": _teammate(occurrence.by),
            "details": dict(occurrence.details),
        },
        at=occurrence.at,
    )


def of_test(workspace: Workspace, by: Teammate | None, *, now: datetime) -> str:
    """What the test button tells."""
    text = "This is a test. Nothing has happened."
    return written("webhook.test", {"workspaceId": str(workspace.id), "text": text, "by": _teammate(by)}, at=now)


def written(kind: str, content: Mapping[str, Any], *, at: datetime) -> str:
    """The document as it is sent, in the form that Standard Webhooks asks for."""
    document = {"type": kind, "timestamp": _iso(at), "data": content}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)


def _conversation(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": str(conversation.id),
        "agentId": str(conversation.agent_id),
        "customerId": str(conversation.customer_id),
        "channel": conversation.channel,
        "state": conversation.state.value,
        "language": conversation.language,
        "priority": conversation.priority.value,
        "teammateId": _id(conversation.teammate_id),
        "teamId": _id(conversation.team_id),
        "resolution": conversation.resolution,
        "createdAt": _iso(conversation.created_at),
        "snoozedUntil": _iso(conversation.snoozed_until),
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "seq": message.seq,
        "from": message.sender.value,
        "text": message.text,
        "createdAt": _iso(message.created_at),
    }


def _teammate(teammate: Teammate | None) -> dict[str, Any] | None:
    return {"id": str(teammate.id), "name": teammate.name} if teammate else None


def _id(number: uuid.UUID | None) -> str | None:
    return str(number) if number else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
