"""The way through when scripts are blocked: a plain form that gets the whole page back, answer included."""

import uuid

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from blueprints.widget import framing, refresh_cookies
from blueprints.widget.frame_page import frame_page
from blueprints.widget.limits import PER_ADDRESS_WITHOUT_SCRIPT, admit, admit_opened, admit_opening, within
from blueprints.widget.requests import client_id, known_agent, own_origin
from core import (
    answers,
    conversations,
    events,
    pre_chat,
    ratings,
    return_links,
    sessions,
    tickets,
    widget_configs,
    widget_words,
)
from core.clock import utc_now
from core.errors import DomainError, Forbidden, Invalid, TooMany, Unauthenticated
from core.protection_settings import Action
from core.sessions import Started, Visit
from core.texts import clean, required_text
from models import db
from models.agents import Agent, EventKind
from models.conversations import Conversation
from models.customers import WidgetSession
from web.access import public
from web.browsers import arrival
from web.extensions import csrf

bp = Blueprint("widget_without_script", __name__)
csrf.exempt(bp)


@bp.post("/widget/<agent_id>/messages")
@within(address=PER_ADDRESS_WITHOUT_SCRIPT)
@public
def say(agent_id: str) -> ResponseReturnValue:
    """Take a message or a rating from a plain form and answer with the whole page, answer included."""
    agent = known_agent(agent_id)
    try:
        session, started = _session_of_form(agent)
    except Unauthenticated as refusal:
        return _once_more(agent, refusal, is_late=True)
    except (Forbidden, TooMany) as refusal:
        return _once_more(agent, refusal)
    conversation = db.session.get_one(Conversation, session.conversation_id)
    problem, typed = "", ""
    try:
        admit(session, Action.MESSAGES)
        if "rating" in request.form:
            _rate(conversation)
        else:
            _ask(agent, conversation, session)
    except DomainError as error:
        problem, typed = _words_of(agent, conversation.language, error), _typed()
    conversation = db.session.get_one(Conversation, session.conversation_id, populate_existing=True)
    place = framing.of_session(agent, session, conversation)
    token = started.token if started else request.form["session"]
    response = frame_page(agent, place, conversation=conversation, session_token=token, problem=problem, typed=typed)
    response.status_code = 422 if problem else 200
    if started is not None and session.return_link_id is None:
        refresh_cookies.keep_in_cookie(response, agent, started.refresh_secret, started.refresh_expires_at)
    return response


def _ask(agent: Agent, conversation: Conversation, session: WidgetSession) -> None:
    text = required_text(request.form.get("text"), name="The message", limit=conversations.MESSAGE_LIMIT)
    number = client_id(request.form.get("clientId"))
    waiting = pre_chat.asked(conversation)
    if waiting.is_anything:
        given = {field.key: request.form.get(f"pre_chat.{field.key}") for field in waiting.fields}
        pre_chat.answer(conversation, given, agrees=request.form.get("consent") == "yes", now=utc_now())
    asked = conversations.ask_once(
        conversation,
        client_id=number,
        text=text,
        **return_links.said_by(session),
        beside=lambda: events.record_in(agent, conversation, EventKind.MESSAGE, now=utc_now()),
        now=utc_now(),
    )
    answers.produce(asked.message.id, at_once=True)


def _rate(conversation: Conversation) -> None:
    try:
        asked, score = uuid.UUID(request.form["rating"]), int(request.form.get("score", ""))
    except ValueError:
        raise Invalid("Choose one of the answers.") from None
    ratings.rate(conversation, asked, score=score, comment=request.form.get("comment"), now=utc_now())


def _session_of_form(agent: Agent) -> tuple[WidgetSession, Started | None]:
    """The session that the form carries, or a new one for its ticket."""
    token = request.form.get("session", "")
    if token:
        session = sessions.find(token, now=utc_now(), by_link=True)
        if session.agent_id != agent.id:
            raise Unauthenticated("This session belongs to another agent.")
        return session, None
    ticket = tickets.read(request.form.get("ticket"))
    # Without scripts nobody can tell the page's address but the browser, by the Referer of the frame.
    origin = ticket.origin or (own_origin() if ticket.channel != "web" else request.headers.get("Origin", ""))
    secret = refresh_cookies.secret_from_cookie(agent) if request.headers.get("Origin") == own_origin() else None
    visit = Visit(parent_origin=origin, own_origin=own_origin(), refresh_secret=secret, **arrival())
    admit_opening(agent, ticket=request.form.get("ticket"), origin=origin, secret=secret)
    started = sessions.start(agent, request.form.get("ticket"), visit, now=utc_now())
    admit_opened(started.session)
    return started.session, started


def _once_more(agent: Agent, refusal: DomainError, *, is_late: bool = False) -> Response:
    """The page again for who could not get in, with what they wrote and why it was not taken."""
    late = tickets.read_late(request.form.get("ticket"))
    if late is None or late.agent != agent.public_id:
        raise refusal
    problem = "" if is_late else _words_of(agent, late.language, refusal)
    response = frame_page(
        agent,
        framing.of_ticket(agent, late),
        conversation=None,
        is_resumable=False,
        problem=problem or widget_words.say(late.language, "said_late"),
        typed=_typed(),
        language=late.language,
    )
    response.status_code = 422
    return response


def _words_of(agent: Agent, language: str, error: DomainError) -> str:
    config, _version = widget_configs.published(agent)
    return widget_words.refusal(language, error, own=config.words)


def _typed() -> str:
    return clean(request.form.get("text", "")[: conversations.MESSAGE_LIMIT])
