"""What follows when somebody has signed in at their shop: the answer that they were owed, and what greets them next."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import conversations, jobs, shop_accounts, tool_calls, widget_configs
from core.clock import utc_now
from core.errors import NotFound
from core.intents import Lookup, records, telling
from core.intents.purposes import Purpose, by_purpose
from core.intents.reading import content_of
from core.replies import Speaker, speaker_of
from core.tool_calls import Offered
from core.traces import Trace
from models import db
from models.agents import Agent
from models.conversations import Conversation, Message, Sender, State
from models.customers import WidgetSession
from models.jobs import Job
from models.shop_accounts import ShopSignIn

FOLLOW = "shop_sign_in"
"""The job that answers whoever has just signed in."""
LOOK = "shop_latest_order"
"""The job that looks for the latest order, so that the next greeting can name it."""
_AGAIN_AFTER = timedelta(minutes=10)


def signed_in(row: ShopSignIn, *, now: datetime) -> None:
    """Somebody has signed in: have them answered."""
    jobs.start(row.workspace_id, FOLLOW, row.id, now=now)


def follow(job: Job) -> None:
    """Say that the sign-in worked, and answer what was asked before it."""
    row = db.session.get(ShopSignIn, job.subject_id)
    conversation = db.session.get(Conversation, row.conversation_id) if row else None
    if row is None or conversation is None or conversation.customer_id != row.customer_id:
        return
    if conversation.state is State.AGENT:
        _answer(row.connection_id, conversation, now=utc_now())
    look(job)


def look(job: Job) -> None:
    """Look for the latest order of whoever has signed in, by a tool that an admin has switched on."""
    row = db.session.get(ShopSignIn, job.subject_id)
    conversation = db.session.get(Conversation, row.conversation_id) if row else None
    if row is None or conversation is None or conversation.customer_id != row.customer_id:
        return
    tool = _tool(row.connection_id, conversation)
    called = tool_calls.call(conversation, None, tool.name, {}, now=utc_now()) if tool else None
    found = records.orders(content_of(called.result)) if called and called.is_done else []
    kept = db.session.get(ShopSignIn, job.subject_id, populate_existing=True)
    if kept is None:
        return
    told: Mapping[str, Any] = {"number": found[0].number, "status": found[0].status} if found else {}
    if called is not None and not called.is_done:
        # A shop that does not answer just now has said nothing new.
        told = kept.latest or {}
    shop_accounts.keep_latest(kept, told, now=utc_now())


def greeted_with(session: WidgetSession, *, now: datetime) -> Mapping[str, str]:
    """What a greeting may say of the latest order of whoever has signed in in this very browser, as it was last seen.

    It is looked for again beside this, for the next time: nobody waits for a shop before they are greeted.
    """
    row = shop_accounts.of_session(session, now=now)
    if row is None or not shop_accounts.is_in_use(row.connection_id):
        return {}
    if row.latest_at is None or row.latest_at < now - _AGAIN_AFTER:
        jobs.start(row.workspace_id, LOOK, row.id, now=now)
    if not row.latest:
        return {}
    return {
        "number": row.latest["number"],
        "status": telling.status(_speaker(session.conversation), row.latest["status"]),
    }


def _answer(connection_id: uuid.UUID, conversation: Conversation, *, now: datetime) -> None:
    try:
        way = shop_accounts.card(connection_id, is_signed_in=True)
    except NotFound:
        return
    speaker = _speaker(conversation)
    text = speaker.says("shop_signed_in", shop=way["shop_account"]["shop"])
    message = _asked(conversation)
    own = Lookup(conversation, message, {}, Trace(), now).first(speaker) if message else None
    answered = own.details if own else {}
    # Both are shown in the same place, and what is asked there comes first.
    details: dict[str, Any] = {"name": speaker.name, **answered, **({} if "confirm" in answered else way)}
    conversations.reply(conversation, text=f"{text}\n\n{own.text}" if own else text, details=details, now=utc_now())


def _asked(conversation: Conversation) -> Message | None:
    """What the customer has said last."""
    return db.session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.sender == Sender.CUSTOMER)
        .order_by(Message.seq.desc())
        .limit(1)
    )


def _tool(connection_id: uuid.UUID, conversation: Conversation) -> Offered | None:
    tools = [one for one in tool_calls.known(conversation) if one.connection.id == connection_id]
    found = by_purpose(tools)
    return found.get(Purpose.LATEST) or found.get(Purpose.ORDERS)


def _speaker(conversation: Conversation) -> Speaker:
    config, _version = widget_configs.published(db.session.get_one(Agent, conversation.agent_id))
    return speaker_of(config, conversation.language)
