"""The answers that are owed: produced apart from the request, and by somebody else when a process dies."""

import re
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import bindparam, or_, select, update

from core import (
    budgets,
    call_answers,
    conversations,
    escalation,
    generation,
    remembering,
    replies,
    retrievals,
    rich_text,
    traces,
)
from core.answering import wishes
from core.clock import utc_now
from core.growing import Growing, Interrupted
from core.intents import Lookup
from core.replies import Reply
from core.traces import Trace
from gateways.bus import current_bus
from models import db, new_id, transaction
from models.agents import Agent
from models.conversations import Answer, Conversation, Message, State
from models.customers import Customer
from models.teammates import Workspace

log = structlog.get_logger()

_ATTEMPTS = 3
_LONG = 280
"""From this many characters on, an answer arrives in pieces, as one reads."""
_PIECE = 48
_PAUSE = 0.03


class Dispatch(Protocol):
    """Has an answer produced elsewhere; `is_claimed` says whether its lease was taken for this."""

    def __call__(self, message_id: uuid.UUID, *, is_claimed: bool = False) -> None: ...


_dispatch: Dispatch | None = None


def use_dispatcher(dispatch: Dispatch) -> None:
    """Say how answers are produced apart from the request that asked for them."""
    global _dispatch  # noqa: PLW0603 - one way a process is the point
    _dispatch = dispatch


def request(message: Message, *, is_claimed: bool = False) -> None:
    """Have the answer that is owed to a stored message produced, soon and elsewhere.

    Args:
        is_claimed: whether it was stored as something that is answered at once.
    """
    if _dispatch is not None:
        _dispatch(message.id, is_claimed=is_claimed)


def produce(message_id: uuid.UUID, *, at_once: bool = False, is_claimed: bool = False) -> None:
    """Produce the answer owed to a message, unless it is done or in somebody's hands.

    Args:
        at_once: whether a request waits for it: then no language model is asked, which may take half a minute.
        is_claimed: whether it is in this caller's hands since it was asked for.
    """
    owed = _owed(message_id, is_claimed=is_claimed, now=utc_now())
    if owed is None:
        return
    # The others are kept with them, so that nobody asks for them again.
    answer, message, conversation, agent, *_others = owed
    if conversation.state is not State.AGENT:
        _drop(answer, now=utc_now())
        return
    conversation_id = conversation.id
    _tell_typing(conversation_id, is_on=True)
    try:
        trace = Trace()
        growing = Growing(conversation_id, new_id())
        is_last_try = answer.attempts >= _ATTEMPTS
        reply = _composed(agent, conversation, message, growing, trace, at_once=at_once, is_last_try=is_last_try)
        _deliver(conversation, answer, reply, growing, trace)
    except Interrupted:
        _drop(answer, now=utc_now())
        with transaction():
            traces.count(trace, conversation, now=utc_now())
    finally:
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


def pieces(text: str) -> Iterator[str]:
    """A text in pieces of some words each; put together they are the text."""
    piece = ""
    for word in re.findall(r"\S+\s*|\s+", text):
        piece += word
        if len(piece) >= _PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


def _owed(
    message_id: uuid.UUID, *, is_claimed: bool, now: datetime
) -> tuple[Answer, Message, Conversation, Agent, Workspace, Customer] | None:
    """All that an answer is made from, read at once, if it is in our hands."""
    if not is_claimed and not _claim(message_id, now=now):
        return None
    found = db.session.execute(_OWED, {"message_id": message_id}).one_or_none()
    if found is None or found[0].finished_at is not None:
        return None
    # Whoever waited for a thread for too long has lost it to somebody else.
    if is_claimed and (found[0].claimed_until or now) <= now:
        return _owed(message_id, is_claimed=False, now=now)
    return found[0], found[1], found[2], found[3], found[4], found[5]


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
            .values(claimed_until=now + conversations.LEASE, attempts=Answer.attempts + 1)
            .returning(Answer.message_id)
            .execution_options(synchronize_session=False)
        )
    return claimed is not None


def _drop(answer: Answer, *, now: datetime) -> None:
    # A person took over between the question and the answer.
    with transaction():
        answer.finished_at = now


def _composed(
    agent: Agent,
    conversation: Conversation,
    message: Message,
    growing: Growing,
    trace: Trace,
    *,
    at_once: bool,
    is_last_try: bool,
) -> Reply:
    now = utc_now()
    is_preview = conversation.channel == conversations.PREVIEW
    is_used_up = not is_preview and budgets.is_used_up(agent, now=now)
    may_generate = not at_once and not (is_preview and budgets.are_previews_used_up(agent, now=now))
    offer = conversations.offer_before(message)
    # Looking for an answer takes its time; no read stays open meanwhile.
    db.session.commit()
    try:
        if not message.text:
            return replies.compose_to_files(agent, language=conversation.language)
        if offer.get("confirm") and wishes.agrees(message.text):
            return call_answers.take_words(conversation, str(offer["confirm"].get("id")), now=now)
        if is_used_up:
            trace.note("Today's answers of this agent are used up.")
            return replies.compose_without_answers(
                agent, message.text, language=conversation.language, offer=offer, seconds=budgets.seconds_left(now)
            )
        return escalation.answer(
            agent,
            conversation,
            message,
            lambda config: (
                remembering.reply_to(agent, conversation, message.text, config)
                or replies.compose(
                    agent,
                    message.text,
                    language=conversation.language,
                    offer=offer,
                    before=lambda: retrievals.asked_before(message),
                    generate=lambda found, config: (
                        generation.compose(
                            agent, conversation, message, found, config=config, growing=growing, trace=trace
                        )
                        if may_generate
                        else None
                    ),
                    look_up=Lookup(conversation, message, offer, trace, now),
                    trace=trace,
                    config=config,
                )
            ),
            trace=trace,
            now=now,
        )
    except Interrupted:
        raise
    except Exception:
        log.exception("answer_failed", message=str(message.id))
        trace.note("No answer could be worked out; the server's log says why.")
        db.session.rollback()
        if not is_last_try:
            raise
        return escalation.excuse(agent, conversation, now=now)


def _deliver(conversation: Conversation, answer: Answer, reply: Reply, growing: Growing, trace: Trace) -> None:
    is_long = len(reply.text) > _LONG and not growing.has_begun
    now = utc_now()
    with transaction():
        if not _is_owed_still(answer):
            return
        if conversation.state is not State.AGENT:
            answer.finished_at = now
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
        answer.reply_id, answer.finished_at = message.id, now
        answer.outcome, answer.entry_id, answer.score = reply.outcome, reply.entry_id, reply.score
        answer.milliseconds = trace.milliseconds
        traces.store(trace, message, conversation, now=now)
        if reply.wants_person:
            conversations.request_person(
                conversation, reason=reply.reason, cause=reply.cause, summary=reply.summary, now=now
            )
    if is_long:
        _stream(message)


def _remembered(conversation: Conversation, reply: Reply, *, now: datetime) -> dict[str, Any]:
    kept = remembering.keep(conversation, reply.remembers, now=now) if reply.remembers else []
    return {"remembered": kept} if kept else {}


def _is_owed_still(answer: Answer) -> bool:
    found = db.session.execute(_OWED_STILL, {"message_id": answer.message_id}).one_or_none()
    # Erased meanwhile, with its customer; or it took so long that somebody else was asked, and was faster.
    return found is not None and found[0].finished_at is None


# Both are locked: PostgreSQL reads anew what was changed while it waited only where it locks.
_OWED_STILL = (
    select(Answer, Conversation)
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .where(Answer.message_id == bindparam("message_id"))
    .with_for_update(of=(Conversation, Answer))
    .execution_options(populate_existing=True)
)


def _stream(message: Message) -> None:
    """Announce a stored message piece by piece. Who misses a piece gets the whole at the end."""
    db.session.remove()
    topic = conversations.topic(message.conversation_id)
    so_far = ""
    for piece in pieces(message.text):
        so_far += piece
        delta = {"id": str(message.id), "text": piece, "html": rich_text.to_html(so_far)}
        current_bus().publish(topic, {"kind": "delta", "delta": delta})
        time.sleep(_PAUSE)
    conversations.announce_message(message)


def _tell_typing(conversation_id: uuid.UUID, *, is_on: bool) -> None:
    note = {"kind": "typing", "typing": {"from": "agent", "on": is_on, "name": None}}
    current_bus().publish(conversations.topic(conversation_id), note)
