"""What is stored of the person who chats: to be seen, put right, taken along and erased by themselves.

A session shows what its own customer's row holds, and nobody else's: of a verified customer that is all of theirs,
of everybody else what this browser has left.
"""

import json
import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from blueprints.widget.limits import PER_ADDRESS, check_not_blocked, within
from blueprints.widget.requests import conversation_of, current_session, json_body
from core import (
    customer_exports,
    customer_lists,
    memory,
    page_contexts,
    privacy_settings,
    profiles,
    remembering,
)
from core.clock import utc_now
from core.errors import Invalid
from models.customers import Customer, FactSource, WidgetSession
from web.access import public
from web.extensions import csrf

bp = Blueprint("widget_own_data", __name__, url_prefix="/api/v1/widget")
csrf.exempt(bp)

_LOOKS = "60/minute;600/hour"
_CHANGES = "60/minute;300/hour"
_EXPORTS = "6/minute;30/hour"


@bp.get("/customer")
@within(session=_LOOKS, address=PER_ADDRESS)
@public
def show_customer() -> ResponseReturnValue:
    customer = _customer()
    days = privacy_settings.of(customer.workspace_id).retention.conversation_days
    return _private(
        jsonify(
            customer=_profile(customer),
            memory=customer_exports.facts_as_json(customer, now=utc_now()),
            told=_told(customer),
            conversations=[_conversation(found) for found in customer_lists.conversations_of(customer)],
            conversationDays=days,
        )
    )


@bp.get("/customer/export")
@within(session=_EXPORTS, address=PER_ADDRESS)
@public
def export_customer() -> ResponseReturnValue:
    export = customer_exports.own(_customer(), now=utc_now())
    response = Response(json.dumps(export, ensure_ascii=False, indent=2) + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=my-chat-data.json"
    return _private(response)


@bp.put("/memory")
@within(session=_CHANGES, address=PER_ADDRESS)
@public
def decide_memory() -> ResponseReturnValue:
    session = _changing_session()
    keep = json_body().get("keep")
    if not isinstance(keep, bool):
        raise Invalid("keep has to be true or false.")
    conversation = conversation_of(session)
    decide = remembering.agree if keep else remembering.disagree
    decide(conversation, now=utc_now())
    return _private(Response(status=204))


@bp.delete("/context")
@within(session=_CHANGES, address=PER_ADDRESS)
@public
def forget_context() -> ResponseReturnValue:
    page_contexts.forget(_changing_customer())
    return _private(Response(status=204))


@bp.patch("/memory/<uuid:fact_id>")
@within(session=_CHANGES, address=PER_ADDRESS)
@public
def correct_fact(fact_id: uuid.UUID) -> ResponseReturnValue:
    fact = memory.find(_changing_customer(), fact_id)
    memory.correct(fact, json_body().get("text"), source=FactSource.CUSTOMER, now=utc_now())
    return _private(jsonify(customer_exports.fact_as_json(fact)))


@bp.delete("/memory/<uuid:fact_id>")
@within(session=_CHANGES, address=PER_ADDRESS)
@public
def forget_fact(fact_id: uuid.UUID) -> ResponseReturnValue:
    memory.forget(memory.find(_changing_customer(), fact_id))
    return _private(Response(status=204))


def _customer() -> Customer:
    return current_session().customer


def _changing_customer() -> Customer:
    return _changing_session().customer


def _changing_session() -> WidgetSession:
    session = current_session()
    check_not_blocked(session)
    return session


def _profile(customer: Customer) -> dict[str, Any]:
    profile = profiles.of(customer)
    return {
        "id": profile.number.content if profile.number else None,
        "standing": customer.standing.value,
        "name": profile.name.content if profile.name else None,
        "email": profile.email.content if profile.email else None,
        "attributes": {field.name: field.content for field in profile.attributes},
    }


def _told(customer: Customer) -> list[dict[str, Any]]:
    """What the website tells: `kind` where it is the same on each, else `name` as the website has it."""
    context = page_contexts.of_customer(customer)
    known = [{"kind": kind, "name": None, "content": content} for kind, content in context.known]
    return [*known, *({"kind": None, "name": name, "content": content} for name, content in context.others)]


def _conversation(found: customer_lists.Talk) -> dict[str, Any]:
    return {
        "id": str(found.conversation.id),
        "startedAt": _iso(found.conversation.created_at),
        "lastAt": _iso(found.conversation.last_message_at or found.conversation.created_at),
        "messages": found.messages,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
