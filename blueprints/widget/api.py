"""The widget's own API (design.md 5.4)."""

import uuid

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from blueprints.widget.asking import ask
from blueprints.widget.events import event_stream
from blueprints.widget.limits import (
    HANDOFFS_PER_ADDRESS,
    PER_ADDRESS,
    PER_SESSION,
    admit,
    check_not_blocked,
    within,
)
from blueprints.widget.requests import (
    agent_of,
    context_of,
    conversation_of,
    current_session,
    json_body,
    sequence_number,
)
from core import (
    call_answers,
    conversations,
    customers,
    page_contexts,
    pre_chat,
    presences,
    protection,
    ratings,
    readings,
    tool_calls,
    widget_configs,
)
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.handoff_causes import Cause
from core.protection_settings import Action
from web.access import public
from web.extensions import csrf

bp = Blueprint("widget_api", __name__, url_prefix="/api/v1/widget")
csrf.exempt(bp)


@bp.post("/messages")
@within(session=PER_SESSION, address=PER_ADDRESS)
@public
def create_message() -> ResponseReturnValue:
    session = current_session(by_link=True)
    visitor = admit(session, Action.MESSAGES)
    body = json_body()
    page_contexts.learn(session, context_of(body.get("context")))
    pre_chat.check_ready(session.conversation)
    asked, text = ask(session, body)
    if asked.is_new:
        protection.note_text(visitor, text, now=utc_now())
    return jsonify(id=str(asked.message.id), seq=asked.message.seq), 201


@bp.get("/messages")
@public
def list_messages() -> ResponseReturnValue:
    session = current_session(by_link=True)
    check_not_blocked(session)
    after = request.args.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise Invalid("after has to be a sequence number.")
    conversation = conversation_of(session)
    found = conversations.messages_after(conversation.id, int(after))
    return jsonify(
        messages=[conversations.as_json(message) for message in found],
        conversation=conversations.state_as_json(conversation),
    )


@bp.get("/pre-chat")
@public
def show_pre_chat() -> ResponseReturnValue:
    session = current_session(by_link=True)
    check_not_blocked(session)
    return jsonify(pre_chat.asked(conversation_of(session)).as_json())


@bp.post("/pre-chat")
@within(session=PER_SESSION, address=PER_ADDRESS)
@public
def answer_pre_chat() -> ResponseReturnValue:
    session = current_session()
    admit(session, Action.MESSAGES)
    body = json_body()
    conversation = conversation_of(session)
    pre_chat.answer(conversation, body.get("answers", {}), agrees=body.get("consent") is True, now=utc_now())
    return jsonify(customer=customers.as_told(conversation.customer)), 201


@bp.post("/handoffs")
@within(session=PER_SESSION, address=HANDOFFS_PER_ADDRESS)
@public
def create_handoff() -> ResponseReturnValue:
    session = current_session(by_link=True)
    admit(session, Action.HANDOFFS)
    config, _version = widget_configs.published(agent_of(session))
    if not config.features.get("handoff", True):
        raise Conflict("There is no person to talk to here.")
    conversation = conversation_of(session)
    pre_chat.check_ready(conversation)
    conversations.request_person(conversation, reason="pressed the button", cause=Cause.BUTTON, now=utc_now())
    return jsonify(conversations.state_as_json(conversation)), 201


@bp.post("/calls/<uuid:call_id>")
@within(session=PER_SESSION, address=PER_ADDRESS)
@public
def answer_call(call_id: uuid.UUID) -> ResponseReturnValue:
    session = current_session()
    admit(session, Action.MESSAGES)
    # Whatever is no yes is a no.
    is_yes = json_body().get("confirm") is True
    message = call_answers.take(conversation_of(session), call_id, is_yes=is_yes, now=utc_now())
    return jsonify(state=tool_calls.state_of(call_id).value, message=str(message.id))


@bp.post("/ratings/<uuid:rating_id>")
@within(session=PER_SESSION, address=PER_ADDRESS)
@public
def rate_conversation(rating_id: uuid.UUID) -> ResponseReturnValue:
    session = current_session(by_link=True)
    admit(session, Action.MESSAGES)
    body = json_body()
    rating = ratings.rate(
        conversation_of(session), rating_id, score=body.get("score"), comment=body.get("comment"), now=utc_now()
    )
    return jsonify(score=rating.score)


@bp.post("/typing")
@within(session="60/minute", address=PER_ADDRESS)
@public
def create_typing() -> ResponseReturnValue:
    session = current_session(by_link=True)
    check_not_blocked(session)
    presences.customer_writes(conversation_of(session))
    return "", 204


@bp.post("/receipts")
@within(session=PER_SESSION, address=PER_ADDRESS)
@public
def create_receipt() -> ResponseReturnValue:
    session = current_session(by_link=True)
    check_not_blocked(session)
    body = json_body()
    delivered, seen = sequence_number(body, "delivered"), sequence_number(body, "seen")
    readings.mark_received(conversation_of(session), delivered=delivered, seen=seen)
    return "", 204


@bp.get("/events")
@within(address=PER_ADDRESS)
@public
def stream_events() -> ResponseReturnValue:
    session = current_session(by_link=True)
    check_not_blocked(session)
    last = request.headers.get("Last-Event-ID", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0
    return event_stream(session, after=after)
