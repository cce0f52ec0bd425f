"""What changes or costs something is done once the customer has said yes: to what the platform shows, not the model."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import update

from core import signing
from core.connections import fills
from core.errors import Conflict, NotFound
from core.texts import shown_line
from core.tool_calls import records
from core.tool_calls.offers import Offered
from models import db, transaction
from models.connections import CallStatus, ToolCall
from models.conversations import Conversation, Message

TIME_TO_CONFIRM = timedelta(minutes=10)
_MOST_LINES = 12
_LONGEST_TITLE = 200
_LONGEST_LINE = 500
_LONGEST_SENT = 4_000


def ask(
    conversation: Conversation, found: Offered, given: Mapping[str, Any], *, message: Message | None, now: datetime
) -> ToolCall:
    """Note what the customer is asked. What is to be sent is kept sealed until they have answered."""
    with transaction():
        row = records.begin(conversation, found.tool, given, status=CallStatus.ASKED, message=message, now=now)
        row.expires_at = now + TIME_TO_CONFIRM
        sealed = {"given": dict(given), "tool": found.tool.id.hex, "fingerprint": found.tool.fingerprint}
        row.sealed_arguments = signing.seal(json.dumps(sealed).encode(), bound_to=fills.bound_to(row.id))
    return row


def can_be_shown(found: Offered, given: Mapping[str, Any]) -> bool:
    """Whether the customer sees all that is to be sent: a yes to half of it would be none."""
    lines = _lines(found, given)
    sent = sum(len(str(value)) for value in given.values())
    return len(lines) <= _MOST_LINES and max(map(len, lines), default=0) <= _LONGEST_LINE and sent <= _LONGEST_SENT


def card(row: ToolCall, found: Offered, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the customer sees of it, all of it plain text: the tool's title, and a line for each argument."""
    return {"id": str(row.id), "title": shown_line(found.tool.title)[:_LONGEST_TITLE], "lines": _lines(found, given)}


def find(conversation: Conversation, call_id: uuid.UUID) -> ToolCall:
    """Something that the customer of this conversation was asked.

    Raises:
        NotFound: also for another conversation's.
    """
    row = db.session.get(ToolCall, call_id)
    if row is None or row.conversation_id != conversation.id or row.customer_id != conversation.customer_id:
        raise NotFound("This question is not open any more.")
    return row


def claim(row: ToolCall, status: CallStatus, *, now: datetime) -> Mapping[str, Any]:
    """Take up the customer's answer, once, however often it comes.

    Returns:
        what was sealed: what is to be sent, to which tool as it was then.

    Raises:
        Conflict: when it was answered already, or the time is over.
    """
    with transaction():
        sealed = row.sealed_arguments
        claimed = db.session.scalar(
            update(ToolCall)
            .where(ToolCall.id == row.id, ToolCall.status == CallStatus.ASKED, ToolCall.expires_at > now)
            .values(status=status, sealed_arguments=None, expires_at=now + records.STUCK_AFTER)
            .returning(ToolCall.id)
            .execution_options(synchronize_session=False)
        )
    if claimed is None or sealed is None:
        raise Conflict("This question is not open any more. Ask again if you still want it.", code="call_closed")
    db.session.refresh(row)
    try:
        opened: Mapping[str, Any] = json.loads(signing.unseal(sealed, bound_to=fills.bound_to(row.id)))
    except InvalidTag:
        records.end(row, CallStatus.EXPIRED, now=now)
        raise Conflict(
            "This question is not open any more. Ask again if you still want it.", code="call_closed"
        ) from None
    return opened


def _lines(found: Offered, given: Mapping[str, Any]) -> list[str]:
    properties = found.tool.input_schema.get("properties", {})
    return [_line(name, value, properties.get(name, {})) for name, value in given.items()]


def _line(name: str, value: Any, schema: Mapping[str, Any]) -> str:
    title = shown_line(str(schema.get("title") or name).replace("_", " "))[:80]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"{title[:1].upper()}{title[1:]}: {shown_line(text)}"
