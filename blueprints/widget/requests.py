"""Reads what the widget sends."""

import math
import re
import uuid
from typing import Any

from flask import request

from core import agents, attachments, sessions
from core.clock import utc_now
from core.errors import Forbidden, Invalid, NotFound
from core.privacy import looks_like_page, mask, plain_page
from core.texts import clean_line
from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.customers import WidgetSession
from web.origins import is_secure, own_origin

__all__ = [
    "agent_of",
    "attachment_ids",
    "client_id",
    "comes_from_own_frame",
    "context_of",
    "conversation_of",
    "current_session",
    "is_secure",
    "json_body",
    "known_agent",
    "own_origin",
    "require_same_origin",
    "sequence_number",
]

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def current_session(*, by_link: bool = False) -> WidgetSession:
    """The session whose token came with the request.

    Args:
        by_link: whether one that was begun by the link of a mail may do this, too.

    Raises:
        Unauthenticated: when there is none that is good.
    """
    return sessions.find(request.headers.get("X-Widget-Token"), now=utc_now(), by_link=by_link)


def agent_of(session: WidgetSession) -> Agent:
    """The agent that a session chats with."""
    return db.session.get_one(Agent, session.agent_id)


def conversation_of(session: WidgetSession) -> Conversation:
    """The conversation of a session, as it stands in the database now."""
    return db.session.get_one(Conversation, session.conversation_id, populate_existing=True)


def json_body() -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        Invalid: when it is no JSON object.
    """
    if not request.get_data(cache=True):
        return {}
    try:
        body = request.get_json(force=True, silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise Invalid("Send a JSON object.")
    return body


def known_agent(public_id: object) -> Agent:
    """The agent of a public id.

    Raises:
        NotFound: when there is none, or it was archived.
    """
    agent = agents.by_public_id(public_id) if isinstance(public_id, str) else None
    if agent is None:
        raise NotFound("There is no agent with this id.")
    return agent


def sequence_number(body: dict[str, Any], name: str) -> int:
    """The number of a message that a body names; 0 when it names none.

    Raises:
        Invalid: when it is no whole number from 0 on.
    """
    number = body.get(name, 0)
    if type(number) is not int or not 0 <= number < 1_000_000_000:
        raise Invalid(f"{name} has to be a sequence number.")
    return number


def client_id(value: object) -> str:
    """A message's id as its sender made it.

    Raises:
        Invalid: when it is not 1 to 64 letters, digits, hyphens and underscores.
    """
    if not isinstance(value, str) or not CLIENT_ID.fullmatch(value):
        raise Invalid("clientId has to be 1 to 64 letters, digits, hyphens or underscores.")
    return value


def attachment_ids(value: object) -> list[uuid.UUID]:
    """The ids of the files that go with a message.

    Raises:
        Invalid: when it is no list of at most as many ids as a message may have.
    """
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > attachments.MOST_OF_A_MESSAGE:
        words = f"attachments has to be a list of at most {attachments.MOST_OF_A_MESSAGE} ids."
        raise Invalid(words, code="files_too_many" if isinstance(value, list) else None)
    try:
        return [uuid.UUID(str(one)) for one in value]
    except ValueError:
        raise Invalid("attachments has to be a list of ids.") from None


def context_of(value: object) -> dict[str, Any]:
    """What the page tells of itself: a small flat object, anything else is left out.

    Personal data is masked, and addresses lose their query: who somebody is belongs into `customer`.
    """
    if not isinstance(value, dict):
        return {}
    return {
        clean_line(str(key)[:60]): _told(content[:1000]) if isinstance(content, str) else content
        for key, content in list(value.items())[:30]
        if isinstance(content, str) or (isinstance(content, int | float) and _fits(content))
    }


def _told(text: str) -> str:
    line = clean_line(text)
    return plain_page(line) if looks_like_page(line) else mask(line).text


def _fits(number: float) -> bool:
    return math.isfinite(number) and abs(number) < 1e15


def require_same_origin() -> None:
    """Let only our own frame use the cookie: another page could send it along, but not these headers.

    Raises:
        Forbidden: without an own `Origin`, or with a `Sec-Fetch-Site` other than same-origin.
    """
    if not comes_from_own_frame():
        raise Forbidden("This call is only for the chat window itself.", code="website_not_allowed")


def comes_from_own_frame() -> bool:
    same_site = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return same_site and request.headers.get("Origin") == own_origin()
