"""What the agent says to a question: from its knowledge, its memory, its tools or a model, or an excuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from core import (
    budgets,
    call_answers,
    conversations,
    escalation,
    generation,
    recalling,
    remembering,
    replies,
    retrievals,
)
from core.answering import remarks
from core.clock import utc_now
from core.growing import Growing, Interrupted
from core.intents import Lookup
from core.replies import Reply, Said
from core.traces import Trace
from core.widget_configs import WidgetConfig
from models import db
from models.agents import Agent
from models.conversations import Conversation, Message

log = structlog.get_logger()

_FIRST_TO_REPEAT = 5


@dataclass(frozen=True)
class Question:
    """A message to be answered, with all that is needed for it."""

    agent: Agent
    conversation: Conversation
    message: Message
    offer: Mapping[str, Any]
    """What the agent offered right before it, as `conversations.offer_before` gives it."""
    growing: Growing
    """Where a model's words are shown as they come."""
    trace: Trace
    at_once: bool = False
    """Whether a request waits for the answer: then no language model is asked, which may take half a minute."""
    is_last_try: bool = False
    """Whether nobody tries again when no answer can be worked out."""


def compose(question: Question) -> Reply:
    """Work out the answer, outside of any transaction.

    Raises:
        Interrupted: when nobody wants it any more.
        Exception: whatever went wrong, unless it is the last try; then the customer is told that something did.
    """
    # An answer that fails may have lost its rows.
    now, message_id = utc_now(), question.message.id
    is_preview = question.conversation.channel == conversations.PREVIEW
    is_used_up = not is_preview and budgets.is_used_up(question.agent, now=now)
    may_generate = not question.at_once and not (is_preview and budgets.are_previews_used_up(question.agent, now=now))
    # Looking for an answer takes its time; no read stays open meanwhile.
    db.session.commit()
    try:
        return _answered(question, is_used_up=is_used_up, may_generate=may_generate, now=now)
    except Interrupted:
        raise
    except Exception:
        log.exception("answer_failed", message=str(message_id))
        question.trace.note("No answer could be worked out; the server's log says why.")
        db.session.rollback()
        if not question.is_last_try:
            raise
        return escalation.excuse(question.agent, question.conversation, now=now)


def _answered(question: Question, *, is_used_up: bool, may_generate: bool, now: datetime) -> Reply:
    agent, conversation, text = question.agent, question.conversation, question.message.text
    if not text:
        return replies.compose_to_files(agent, language=conversation.language)
    confirm = question.offer.get("confirm")
    if confirm and (is_yes := remarks.yes_or_no(text)) is not None:
        return call_answers.take_words(conversation, str(confirm.get("id")), is_yes=is_yes, now=now)
    if is_used_up:
        question.trace.note("Today's answers of this agent are used up.")
        return replies.compose_without_answers(
            agent, text, language=conversation.language, offer=question.offer, seconds=budgets.seconds_left(now)
        )
    return escalation.answer(
        agent,
        conversation,
        question.message,
        lambda config: _worked_out(question, config, may_generate=may_generate, now=now),
        trace=question.trace,
        now=now,
    )


def _worked_out(question: Question, config: WidgetConfig, *, may_generate: bool, now: datetime) -> Reply:
    agent, conversation, message, trace = question.agent, question.conversation, question.message, question.trace
    return (
        remembering.reply_to(agent, conversation, message.text, config)
        or recalling.reply_to(agent, conversation, message.text, config, now=now)
        or replies.compose(
            agent,
            message.text,
            language=conversation.language,
            offer=question.offer,
            before=lambda: retrievals.asked_before(message),
            said=lambda: _said_before(message),
            generate=lambda found, config: (
                generation.compose(
                    agent, conversation, message, found, config=config, growing=question.growing, trace=trace
                )
                if may_generate
                else None
            ),
            look_up=Lookup(conversation, message, question.offer, trace, now),
            trace=trace,
            config=config,
            brings_files=bool(message.details.get("attachments")),
        )
    )


def _said_before(message: Message) -> Sequence[Said]:
    # What was said twice before has its questions between, so that most messages need no look at all.
    if message.seq < _FIRST_TO_REPEAT:
        return []
    return [Said(row.text, row.details) for row in conversations.said_by_agent(message)]
