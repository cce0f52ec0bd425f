"""The answers that are owed: produced apart from the request, and by somebody else when a process dies."""

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import or_, select, update

from core import composing, conversations, delivering, language_models, owed_answers, traces
from core.ahead import Ahead, NotStored, is_first
from core.clock import utc_now
from core.composing import Question
from core.growing import Growing, Interrupted
from core.owed_answers import Owed
from core.traces import Trace
from gateways.bus import current_bus
from models import db, new_id, transaction, write_only_when
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, State
from models.customers import Customer
from models.teammates import Workspace

log = structlog.get_logger()

_ATTEMPTS = 3
_UNTIL_OTHER = 0.5
"""Seconds for which a message waits to be stored by whoever has the same one in hand; mostly that takes a tenth."""


class Dispatch(Protocol):
    """Has an answer produced elsewhere; `is_claimed` says whether its lease was taken for this."""

    def __call__(self, message_id: uuid.UUID, *, is_claimed: bool = False) -> None: ...


_dispatch: Dispatch | None = None
_begin_elsewhere: list[Callable[[Ahead], None]] = []


def use_dispatcher(dispatch: Dispatch, *, ahead: Callable[[Ahead], None] | None = None) -> None:
    """Say how answers are produced apart from the request that asked for them.

    Args:
        ahead: has one begun elsewhere while its question is still being stored; None: none is.
    """
    global _dispatch  # noqa: PLW0603 - one way a process is the point
    _dispatch = dispatch
    _begin_elsewhere[:] = [ahead] if ahead else []


def foresee(
    conversation: Conversation, agent: Agent, workspace: Workspace, customer: Customer, text: str, *, client_id: str
) -> Ahead | None:
    """Have a language model asked while the question is still being stored; returns once it is asked, or soon.

    Args:
        text: the question, masked.
        client_id: as the browser has made it. While the same message is being stored by somebody else, it is waited
            for that: each of them would ask the model.

    Returns:
        what is begun, to be settled; None where no model is to be asked, or one is asked in this conversation already.
    """
    if not _begin_elsewhere or not text or conversation.state is not State.AGENT:
        return None
    if not language_models.endpoints(workspace.id):
        return None
    offer = conversations.latest_offer(conversation)
    # Nothing of the database is held while another thread looks for the answer.
    db.session.commit()
    if not is_first(conversation.id, client_id):
        _await_other(conversation, client_id)
        return None
    ahead = Ahead((conversation, agent, workspace, customer), text, offer)
    if not ahead.is_only_one():
        return None
    try:
        _begin_elsewhere[0](ahead)
    except BaseException:
        ahead.settle(None)
        raise
    ahead.wait_until_asked()
    return ahead


def _await_other(conversation: Conversation, client_id: str) -> None:
    ends_at = time.monotonic() + _UNTIL_OTHER
    while conversations.said_before(conversation, client_id) is None and time.monotonic() < ends_at:
        db.session.commit()
        time.sleep(0.01)
    db.session.commit()


def settle(ahead: Ahead, message: Message | None) -> bool:
    """Say what was stored of a question whose answer was begun.

    Args:
        message: None where no answer is owed.

    Returns:
        whether it is being answered; else it is to be requested.
    """
    if message is None:
        return ahead.settle(None)
    conversation_id = message.conversation_id
    # Told before the answer can be: else the last that is heard of it might be that it is being written.
    return ahead.settle(message, before=lambda: _tell_typing(conversation_id, is_on=True))


def request(message: Message, *, is_claimed: bool = False, owed: Owed | None = None) -> None:
    """Have the answer that is owed to a stored message produced, soon and elsewhere.

    Args:
        is_claimed: whether it was stored as something that is answered at once.
        owed: what the caller has just stored or read of it.
    """
    if _dispatch is None:
        return
    if owed is not None:
        owed_answers.hand_over(owed)
    _dispatch(message.id, is_claimed=is_claimed)


def produce(message_id: uuid.UUID, *, at_once: bool = False, is_claimed: bool = False) -> None:
    """Produce the answer owed to a message, unless it is done or in somebody's hands.

    Args:
        at_once: whether a request waits for it: then no language model is asked, which may take half a minute.
        is_claimed: whether it is in this caller's hands since it was asked for.
    """
    owed = owed_answers.take(message_id, is_claimed=is_claimed, now=utc_now())
    if owed is None:
        return
    # The others are kept with them, so that nobody asks for them again.
    answer, message, conversation, agent, _workspace, _customer = owed
    if conversation.state is not State.AGENT:
        delivering.drop(message.id, now=utc_now())
        return
    growing, is_last_try = Growing(conversation.id, new_id()), answer.attempts >= _ATTEMPTS
    offer = conversations.offer_before(message)
    _tell_typing(conversation.id, is_on=True)
    _answer(Question(agent, conversation, message, offer, growing, Trace(), at_once, is_last_try))


def produce_ahead(ahead: Ahead) -> None:
    """Produce an answer whose question is still being stored; nothing comes of it when that fails."""
    try:
        message, conversation, agent, _workspace, _customer = ahead.take()
        write_only_when(ahead.check)
        growing = Growing(conversation.id, new_id(), asked=ahead.asks, may_show=ahead.check)
        trace = Trace(asked_at=ahead.began)
        _answer(Question(agent, conversation, message, ahead.offer, growing, trace))
    except NotStored:
        log.info("answer_not_needed", message=str(ahead.message_id))


def _answer(question: Question) -> None:
    conversation, message_id, trace = question.conversation, question.message.id, question.trace
    conversation_id, is_expected = conversation.id, True
    try:
        reply = composing.compose(question)
        delivering.deliver(reply, message_id, conversation, growing=question.growing, trace=trace, now=utc_now())
    except NotStored:
        is_expected = False
        # What was asked for nothing has its price, too.
        write_only_when(lambda: None)
        _count(trace, conversation)
        raise
    except Interrupted:
        delivering.drop(message_id, now=utc_now())
        _count(trace, conversation)
    finally:
        if is_expected:
            _tell_typing(conversation_id, is_on=False)


def requeue_overdue(*, now: datetime) -> None:
    """Produce what a process owed when it died."""
    owed = db.session.scalars(
        select(Answer.message_id)
        .where(
            Answer.finished_at.is_(None),
            or_(
                Answer.claimed_until < now,
                Answer.claimed_until.is_(None) & (Answer.created_at < now - conversations.LEASE),
            ),
        )
        .order_by(Answer.created_at)
        .limit(200)
    ).all()
    for message_id in owed:
        if _dispatch is not None:
            _dispatch(message_id)


def resume_begun(*, is_alone: bool, now: datetime) -> None:
    """Produce at once what another run of the server had begun and not ended.

    Args:
        is_alone: whether no other process can be at it; else it takes as long as a claim does until that is sure.
    """
    if not is_alone:
        return
    with transaction():
        db.session.execute(
            update(Answer).where(Answer.finished_at.is_(None)).values(claimed_until=now - timedelta(seconds=1))
        )
    requeue_overdue(now=now)


def _count(trace: Trace, conversation: Conversation) -> None:
    with transaction():
        traces.count(trace, conversation, now=utc_now())


def _tell_typing(conversation_id: uuid.UUID, *, is_on: bool) -> None:
    note = {"kind": "typing", "typing": {"from": "agent", "on": is_on, "name": None}}
    current_bus().publish(conversations.topic(conversation_id), note)
