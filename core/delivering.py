"""How an answer that was worked out is stored, once, and reaches the customer."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from core import conversations, remembering, traces
from core.growing import Growing
from core.pieces import announce_in_pieces
from core.replies import Reply
from core.traces import Trace
from models import Prepared, columns_of, note_read, transaction
from models.conversations import Answer, Conversation, Message, State

_LONG = 280
"""From this many characters on, an answer arrives in pieces, as one reads."""


def deliver(
    reply: Reply, message_id: uuid.UUID, conversation: Conversation, *, growing: Growing, trace: Trace, now: datetime
) -> None:
    """Store a reply with why it was given, and tell whoever waits for it; nothing where no answer is owed any more.

    Args:
        message_id: of the question.
        growing: what was shown of the reply already.
        trace: how it came about.
    """
    is_long = len(reply.text) > _LONG and not growing.has_begun
    # It is owed until it is stored: after a power failure it is worked out again. People are called once, and what a
    # customer has confirmed is done once.
    with transaction(is_made_again=not (reply.wants_person or reply.is_told_once)):
        if not _is_owed(message_id, conversation, trace, now=now):
            return
        message = conversations.reply(
            conversation,
            text=reply.text,
            details=dict(reply.details) | _remembered(conversation, reply, now=now),
            now=now,
            message_id=growing.message_id,
            announce=not is_long,
            is_locked=True,
        )
        _settle(reply, message_id, message, trace, now=now)
        traces.store(trace, message, conversation, now=now)
        if reply.wants_person:
            conversations.request_person(
                conversation, reason=reply.reason, cause=reply.cause, summary=reply.summary, now=now
            )
    if is_long:
        announce_in_pieces(message)


def drop(message_id: uuid.UUID, *, now: datetime) -> None:
    """Owe no answer any more: a person took over between the question and the answer."""
    with transaction():
        _ENDING.run(answered=message_id, finished_at=now)


def _is_owed(message_id: uuid.UUID, conversation: Conversation, trace: Trace, *, now: datetime) -> bool:
    """Whether the agent owes an answer still; the conversation is locked with this, and known as it is now."""
    owed = _OWED_STILL.first(message_id=message_id)
    if owed is None:
        # Erased meanwhile, with its customer.
        return False
    finished_at, *values = owed
    note_read(conversation, values)
    if finished_at is None and conversation.state is State.AGENT:
        return True
    # A person took over, or somebody else was asked meanwhile, and was faster. It has its price all the same.
    _ENDING.run(answered=message_id, finished_at=finished_at or now)
    traces.count(trace, conversation, now=now)
    return False


def _settle(reply: Reply, message_id: uuid.UUID, message: Message, trace: Trace, *, now: datetime) -> None:
    # Nobody reads the row again in this session.
    _FINISHING.run(
        answered=message_id,
        finished_at=now,
        reply_id=message.id,
        outcome=reply.outcome,
        entry_id=reply.entry_id,
        score=reply.score,
        milliseconds=trace.milliseconds,
    )


def _remembered(conversation: Conversation, reply: Reply, *, now: datetime) -> dict[str, Any]:
    kept = remembering.keep(conversation, reply.remembers, now=now) if reply.remembers else []
    return {"remembered": kept} if kept else {}


# Both are locked: PostgreSQL reads anew what was changed while it waited only where it locks.
_OWED_STILL = Prepared(
    select(Answer.finished_at, *columns_of(Conversation))
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .where(Answer.message_id == bindparam("message_id"))
    .with_for_update(of=(Conversation, Answer))
)
_ANSWERED = update(Answer).where(Answer.message_id == bindparam("answered"))
_ENDING = Prepared(_ANSWERED, ("finished_at",))
_FINISHING = Prepared(_ANSWERED, ("finished_at", "reply_id", "outcome", "entry_id", "score", "milliseconds"))
