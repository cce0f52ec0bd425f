"""What customers answer to the question whether something shall be done, and what they are told then."""

import uuid
from dataclasses import replace
from datetime import datetime

from core import conversations, replies, tool_calls, widget_configs
from core.errors import DomainError
from core.handoff_causes import Cause
from core.replies import Reply, Speaker
from models import db
from models.agents import Agent
from models.conversations import Conversation, Message, Outcome


def take(conversation: Conversation, call_id: uuid.UUID, *, is_yes: bool, now: datetime) -> Message:
    """Take the press of a button for an answer.

    Returns:
        what the agent says to it.

    Raises:
        NotFound: when there is no such question for this customer.
        Conflict: `call_closed` when it is not open any more.
    """
    reply = _answered(conversation, call_id, is_yes=is_yes, now=now)
    return conversations.reply(conversation, text=reply.text, details=dict(reply.details), now=now)


def take_words(conversation: Conversation, call_id: str, *, is_yes: bool, now: datetime) -> Reply:
    """Take the words of a customer for a yes or a no, where they are the answer to nothing but that question."""
    try:
        return replace(_answered(conversation, uuid.UUID(call_id), is_yes=is_yes, now=now), is_told_once=True)
    except DomainError:
        speaker = _speaker(conversation)
        return Reply(speaker.says("reply_call_closed"), Outcome.SMALL_TALK, {"name": speaker.name})


def clear_stale(*, now: datetime) -> None:
    """Close what nobody answered; fetch a person where something broke off that may or may not have been done."""
    for conversation_id in tool_calls.clear_stale(now=now):
        conversation = db.session.get(Conversation, conversation_id)
        if conversation is not None:
            conversations.request_person(
                conversation, reason="wanted something that broke off in the middle", now=now, cause=Cause.FAILURE
            )


def _answered(conversation: Conversation, call_id: uuid.UUID, *, is_yes: bool, now: datetime) -> Reply:
    answer = tool_calls.confirm if is_yes else tool_calls.decline
    return answer(conversation, call_id, _speaker(conversation), now=now)


def _speaker(conversation: Conversation) -> Speaker:
    config, _version = widget_configs.published(db.session.get_one(Agent, conversation.agent_id))
    return replies.speaker_of(config, conversation.language)
