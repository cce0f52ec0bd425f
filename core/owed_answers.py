"""What an answer is made from: read at once by whoever takes it on, or handed over by whoever has just stored it."""

import time
import uuid
from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, update

from core.conversations import LEASE
from models import db, revisions, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Message
from models.customers import Customer
from models.teammates import Workspace

_FRESH = 0.5
"""Seconds for which rows that were handed over are as good as rows that are read."""
_MOST = 1_000


class Owed(NamedTuple):
    """An answer that is owed, and all that it is made from."""

    answer: Answer
    message: Message
    conversation: Conversation
    agent: Agent
    workspace: Workspace
    customer: Customer


_handed_over: OrderedDict[uuid.UUID, tuple[float, revisions.Known | None, Owed]] = OrderedDict()


def hand_over(owed: Owed) -> None:
    """Spare whoever answers, in another thread of this process, to read again what was stored just now."""
    _handed_over[owed.message.id] = (time.monotonic(), revisions.known(owed.workspace.id), owed)
    while len(_handed_over) > _MOST:
        _handed_over.popitem(last=False)


def take(message_id: uuid.UUID, *, is_claimed: bool, now: datetime) -> Owed | None:
    """What is owed to a message, in the hands of the caller from here on; None when there is nothing to do.

    Args:
        is_claimed: whether it is in this caller's hands since it was asked for.
    """
    handed_over = _handed_over.pop(message_id, None)
    if not is_claimed and not _claim(message_id, now=now):
        return None
    owed = _taken(handed_over) if is_claimed and handed_over else _read(message_id)
    if owed is None or owed.answer.finished_at is not None:
        return None
    # Whoever waited for a thread for too long has lost it to somebody else.
    if is_claimed and (owed.answer.claimed_until or now) <= now:
        return take(message_id, is_claimed=False, now=now)
    return owed


def _taken(handed_over: tuple[float, revisions.Known | None, Owed]) -> Owed | None:
    since, known, owed = handed_over
    if time.monotonic() - since > _FRESH:
        return _read(owed.message.id)
    revisions.know(owed.workspace.id, known)
    # Copies: the rows themselves belong to the session of the thread that has stored them.
    return Owed._make(db.session.merge(row, load=False) for row in owed)


def _read(message_id: uuid.UUID) -> Owed | None:
    found = db.session.execute(_OWED, {"message_id": message_id}).one_or_none()
    if found is None:
        return None
    owed = Owed._make(found)
    revisions.learn(owed.workspace)
    return owed


_OWED = (
    select(Answer, Message, Conversation, Agent, Workspace, Customer)
    .join(Message, Message.id == Answer.message_id)
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .join(Agent, Agent.id == Answer.agent_id)
    .join(Workspace, Workspace.id == Answer.workspace_id)
    .join(Customer, Customer.id == Conversation.customer_id)
    .where(Answer.message_id == bindparam("message_id"))
    .execution_options(populate_existing=True)
)


def _claim(message_id: uuid.UUID, *, now: datetime) -> bool:
    with transaction():
        claimed = db.session.scalar(
            update(Answer)
            .where(
                Answer.message_id == message_id,
                Answer.finished_at.is_(None),
                or_(Answer.claimed_until.is_(None), Answer.claimed_until < now),
            )
            .values(claimed_until=now + LEASE, attempts=Answer.attempts + 1)
            .returning(Answer.message_id)
            .execution_options(synchronize_session=False)
        )
    return claimed is not None
