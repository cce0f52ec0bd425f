"""The customer says yes or no to what they were asked."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import grounding
from core.answering.languages import recognized
from core.errors import Conflict
from core.replies import Reply, Speaker
from core.tool_calls import asking, offers, records, results
from core.tool_calls.calling import Called, run
from models import db, transaction
from models.agents import Agent
from models.connections import CallStatus, ToolCall
from models.conversations import Conversation, Message, Outcome, State


def confirm(conversation: Conversation, call_id: uuid.UUID, speaker: Speaker, *, now: datetime) -> Reply:
    """Do what the customer has said yes to, and tell them what became of it.

    All that has to hold for a call is looked at again: meanwhile they may have signed out, or the tool may be off.

    Raises:
        NotFound: when it is not this customer's.
        Conflict: when it was answered already, the time is over, or a person has taken over.
    """
    row = asking.find(conversation, call_id)
    if conversation.state is not State.AGENT:
        raise Conflict("A person has this conversation now. Tell them what you would like.", code="call_closed")
    sealed = asking.claim(row, CallStatus.RUNNING, now=now)
    found = _found(conversation, sealed)
    if found is None:
        records.end(row, CallStatus.REFUSED, problem="It may not be used any more.", now=now)
        called = Called(row.title, CallStatus.REFUSED, "")
    else:
        called = run(row, found, sealed["given"], conversation)
    _mark(row, conversation)
    is_spoken = _is_spoken(called.title, found.tool.description if found else "", speaker.language)
    return _told(called, called.title if is_spoken else "", conversation, speaker)


def decline(conversation: Conversation, call_id: uuid.UUID, speaker: Speaker, *, now: datetime) -> Reply:
    """Leave undone what the customer has said no to.

    Raises:
        NotFound, Conflict: as `confirm`.
    """
    row = asking.find(conversation, call_id)
    asking.claim(row, CallStatus.DECLINED, now=now)
    records.end(row, CallStatus.DECLINED, now=now)
    _mark(row, conversation)
    return Reply(speaker.says("reply_call_declined"), Outcome.SMALL_TALK, {"name": speaker.name})


def question(called: Called, speaker: Speaker) -> Reply:
    """What the customer is told with the question: our own words, for a model could dress it up as something else."""
    details = {"name": speaker.name, "confirm": dict(called.confirm or {})}
    return Reply(speaker.says("reply_confirm"), Outcome.ANSWERED, details)


def _found(conversation: Conversation, sealed: Mapping[str, Any]) -> offers.Offered | None:
    return next(
        (
            one
            for one in offers.offered(conversation)
            if one.tool.id.hex == sealed["tool"] and one.tool.fingerprint == sealed["fingerprint"]
        ),
        None,
    )


def _is_spoken(title: str, description: str, language: str) -> bool:
    """Whether a tool's title is in this language, going by all that its server says of the tool."""
    # A title is mostly too short to tell; servers speak English unless it shows.
    return (recognized(f"{title} {description}") or "en") == language


def _told(called: Called, title: str, conversation: Conversation, speaker: Speaker) -> Reply:
    done, failed = (
        speaker.says(f"reply_call_{became}", title=title) if title else speaker.says(f"reply_call_{became}_plain")
        for became in ("done", "failed")
    )
    if not called.is_done or called.result is None:
        details = {"name": speaker.name, "offer_person": speaker.has_people}
        return Reply(failed, Outcome.UNANSWERED, details)
    agent = db.session.get_one(Agent, conversation.agent_id)
    text = f"{done}\n\n{results.said(called.result)}".strip()
    # The server's words are as strange as a model's: they lead nowhere but to the business's own website.
    shown = grounding.shown(text, hosts=grounding.hosts_of([agent.site_url or ""]), is_whole=True)
    return Reply(shown, Outcome.ANSWERED, {"name": speaker.name})


def _mark(row: ToolCall, conversation: Conversation) -> None:
    """Let the question say how it was answered, wherever it is shown again."""
    with transaction():
        since = (Message.conversation_id == conversation.id) & (Message.created_at >= row.created_at)
        for message in db.session.scalars(select(Message).where(since).order_by(Message.seq).limit(50)):
            asked = message.details.get("confirm")
            if asked and asked.get("id") == str(row.id):
                message.details = {**message.details, "confirm": {**asked, "state": row.status.value}}
