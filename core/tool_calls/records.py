"""The log of calls: for whom, with what, what came back, how long it took."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from core.connections.fills import FILLS
from core.privacy import mask
from core.texts import clean, clean_line
from models import db, new_id, transaction
from models.connections import CallStatus, Connection, ConnectionTool, ToolCall
from models.conversations import Conversation, Message
from models.customers import Customer

STUCK_AFTER = timedelta(minutes=2)
_LONGEST_VALUE = 300
_CUT_OFF = "The server stopped in the middle. Nobody can tell from here whether it was done."
_MOST_OF_A_CONVERSATION = 100


def begin(
    conversation: Conversation,
    tool: ConnectionTool,
    arguments: Mapping[str, Any],
    *,
    status: CallStatus,
    message: Message | None,
    now: datetime,
    problem: str | None = None,
) -> ToolCall:
    """Note a call, whatever is to become of it.

    Args:
        arguments: as the model gave them; what is filled in is told in words.
    """
    call = ToolCall(
        id=new_id(),
        workspace_id=conversation.workspace_id,
        connection_id=tool.connection_id,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        message_id=message.id if message else None,
        tool=tool.name,
        title=tool.title,
        status=status,
        arguments=_shown(tool, arguments),
        problem=clean(problem[:200]) if problem else None,
        created_at=now,
        finished_at=now if problem else None,
    )
    with transaction():
        db.session.add(call)
    return call


def end(
    call: ToolCall,
    status: CallStatus,
    *,
    now: datetime,
    result: str | None = None,
    problem: str | None = None,
    milliseconds: float | None = None,
) -> None:
    """Note what became of a call, masked; nothing where it was erased meanwhile, with its customer."""
    with transaction():
        db.session.execute(
            update(ToolCall)
            .where(ToolCall.id == call.id)
            .values(
                status=status,
                result=result,
                finished_at=now,
                problem=problem[:200] if problem else None,
                milliseconds=milliseconds,
                sealed_arguments=None,
            )
        )


def was_called(tool: ConnectionTool, message: Message | None) -> bool:
    """Whether one message of a customer has led to a call of this tool before."""
    if message is None:
        return False
    is_same = (ToolCall.message_id == message.id) & (ToolCall.tool == tool.name)
    is_out = ToolCall.status.in_((CallStatus.RUNNING, CallStatus.DONE))
    of_it = ToolCall.connection_id == tool.connection_id
    return db.session.scalar(select(ToolCall.id).where(is_same, is_out, of_it).limit(1)) is not None


def state_of(call_id: uuid.UUID) -> CallStatus:
    """What has become of a call."""
    return db.session.get_one(ToolCall, call_id, populate_existing=True).status


def of(conversation: Conversation) -> Sequence[ToolCall]:
    """The latest calls of a conversation, the oldest first."""
    rows = db.session.scalars(
        select(ToolCall)
        .where(ToolCall.conversation_id == conversation.id)
        .order_by(ToolCall.created_at.desc(), ToolCall.id.desc())
        .limit(_MOST_OF_A_CONVERSATION)
    ).all()
    return rows[::-1]


def by_message(conversation: Conversation) -> Mapping[uuid.UUID | None, Sequence[ToolCall]]:
    """As `of`, by the customer's message that led to each."""
    found: defaultdict[uuid.UUID | None, list[ToolCall]] = defaultdict(list)
    for call in of(conversation):
        found[call.message_id].append(call)
    return found


def latest(connection: Connection, *, limit: int = 50) -> Sequence[ToolCall]:
    """The latest calls by a connection, the newest first."""
    return db.session.scalars(
        select(ToolCall)
        .where(ToolCall.connection_id == connection.id)
        .order_by(ToolCall.created_at.desc(), ToolCall.id.desc())
        .limit(limit)
    ).all()


def follow(conversation: Conversation, customer: Customer, *, now: datetime) -> None:
    """A conversation turned out to be another customer's: what was called goes with it, what was asked is off."""
    with transaction():
        of_it = ToolCall.conversation_id == conversation.id
        db.session.execute(
            update(ToolCall)
            .where(of_it, ToolCall.status == CallStatus.ASKED)
            .values(status=CallStatus.EXPIRED, sealed_arguments=None, finished_at=now)
        )
        db.session.execute(update(ToolCall).where(of_it).values(customer_id=customer.id))


def clear_stale(*, now: datetime) -> Sequence[uuid.UUID]:
    """Give up what nobody confirmed in time, and what was under way when a process died.

    Returns:
        the conversations in which nobody can tell whether something was done.
    """
    with transaction():
        db.session.execute(
            update(ToolCall)
            .where(ToolCall.status == CallStatus.ASKED, ToolCall.expires_at < now)
            .values(status=CallStatus.EXPIRED, sealed_arguments=None, finished_at=now)
        )
        stuck = db.session.scalars(
            update(ToolCall)
            .where(ToolCall.status == CallStatus.RUNNING, ToolCall.created_at < now - STUCK_AFTER)
            .where(ToolCall.expires_at.is_(None) | (ToolCall.expires_at < now))
            .values(status=CallStatus.FAILED, finished_at=now, problem=_CUT_OFF)
            .returning(ToolCall.conversation_id)
            .execution_options(synchronize_session=False)
        ).all()
    return list(dict.fromkeys(stuck))


def _shown(tool: ConnectionTool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in arguments.items() if name not in tool.filled}
    shown = {
        clean_line(str(name)[:128]): mask(clean(str(value)[:_LONGEST_VALUE])).text
        for name, value in list(given.items())[:40]
    }
    filled = {name: _in_words(source) for name, source in tool.filled.items()}
    return {**shown, **filled}


def _in_words(source: Any) -> str:
    return f"({FILLS[source].words})" if isinstance(source, str) else "(always the same)"
