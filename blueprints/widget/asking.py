"""Stores what a customer says and has it answered, with a model asked as early as can be."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from blueprints.widget.requests import attachment_ids, client_id
from core import answers, conversations, events, return_links
from core.ahead import Ahead
from core.clock import utc_now
from core.conversations import Asked
from core.owed_answers import Owed
from core.texts import required_text
from models.agents import Agent, EventKind
from models.conversations import Conversation
from models.customers import Customer, WidgetSession
from models.teammates import Workspace


def ask(session: WidgetSession, body: dict[str, Any]) -> tuple[Asked, str]:
    """Store a message once, and have it answered; returns it, and what was written.

    Raises:
        Invalid: when it cannot be meant.
    """
    files = attachment_ids(body.get("attachments"))
    text = _text(body, may_be_empty=bool(files))
    number, conversation = client_id(body.get("clientId")), session.conversation
    with _settled() as begun:
        asked = conversations.ask_once(
            conversation,
            client_id=number,
            text=text,
            files=files,
            answers_itself=True,
            **return_links.said_by(session),
            beside=lambda: events.record_in(session.agent, conversation, EventKind.MESSAGE, now=utc_now()),
            foresee=lambda words: _begin(session, words, number, begun) if not files else None,
            now=utc_now(),
        )
        owed = _owed(session, asked)
        if not (begun and answers.settle(begun[0], asked.message if owed else None)):
            answers.request(asked.message, is_claimed=asked.is_new, owed=owed)
    return asked, text


@contextmanager
def _settled() -> Iterator[list[Ahead]]:
    """What is begun inside is settled in the end, whatever happens."""
    begun: list[Ahead] = []
    try:
        yield begun
    except BaseException:
        for ahead in begun:
            ahead.settle(None)
        raise


def _begin(session: WidgetSession, words: str, number: str, begun: list[Ahead]) -> uuid.UUID | None:
    known = _known(session)
    if known is None or session.return_link_id is not None:
        return None
    ahead = answers.foresee(*known, words, client_id=number)
    if ahead is None:
        return None
    begun.append(ahead)
    return ahead.message_id


def _owed(session: WidgetSession, asked: Asked) -> Owed | None:
    known = _known(session)
    # A conversation that was merged meanwhile goes on in another one, of which not all was read.
    if asked.answer is None or known is None or asked.message.conversation_id != session.conversation_id:
        return None
    return Owed(asked.answer, asked.message, *known)


def _known(session: WidgetSession) -> tuple[Conversation, Agent, Workspace, Customer] | None:
    conversation = session.conversation
    if conversation.customer_id != session.customer_id:
        return None
    return conversation, session.agent, session.workspace, session.customer


def _text(body: dict[str, Any], *, may_be_empty: bool) -> str:
    text = body.get("text")
    if may_be_empty and (text is None or (isinstance(text, str) and not text.strip())):
        return ""
    return required_text(text, name="The message", limit=conversations.MESSAGE_LIMIT)
