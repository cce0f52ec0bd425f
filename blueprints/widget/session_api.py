"""Sessions of the widget's API: begun, gone on with, ended, and whose they are (design.md 5.4)."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from blueprints.widget import refresh_cookies
from blueprints.widget.limits import (
    PER_ADDRESS,
    admit,
    admit_opened,
    admit_opening,
    check_not_blocked,
    within,
)
from blueprints.widget.requests import (
    agent_of,
    comes_from_own_frame,
    context_of,
    conversation_of,
    current_session,
    json_body,
    known_agent,
    own_origin,
    require_same_origin,
)
from core import (
    conversations,
    customers,
    erasures,
    events,
    sessions,
    shop_answers,
    signing,
    widget_configs,
)
from core.clock import utc_now
from core.errors import Invalid, Unauthenticated
from core.protection_settings import Action
from core.sessions import Started, Visit
from models import db
from models.agents import Agent, EventKind
from models.customers import WidgetSession
from web.access import public
from web.browsers import arrival
from web.extensions import csrf

bp = Blueprint("widget_sessions", __name__, url_prefix="/api/v1/widget")
csrf.exempt(bp)


@bp.post("/sessions")
@within(address=PER_ADDRESS)
@public
def create_session() -> ResponseReturnValue:
    body = json_body()
    agent = known_agent(body.get("agentId"))
    visit, ticket = _visit(body, agent), body.get("ticket")
    admit_opening(agent, ticket=ticket, origin=visit.parent_origin, secret=visit.refresh_secret)
    started = sessions.start(agent, ticket, visit, now=utc_now())
    admit_opened(started.session, body.get("signals"))
    events.record_in(agent, conversation_of(started.session), EventKind.OPEN, now=utc_now())
    return _session_answer(agent, started, body), 201


@bp.post("/sessions/refresh")
@within(address=PER_ADDRESS)
@public
def refresh_session() -> ResponseReturnValue:
    body = json_body()
    in_body = body.get("refreshSecret")
    if not isinstance(in_body, str):
        require_same_origin()
    agent = known_agent(body.get("agentId") or _agent_of_token() or _agent_of_cookie())
    secret = in_body if isinstance(in_body, str) else refresh_cookies.secret_from_cookie(agent)
    if not secret:
        raise Unauthenticated("Open the chat first.", code="token_required")
    admit_opening(agent, secret=secret)
    started = sessions.refresh(agent, secret, now=utc_now(), **arrival())
    response = _session_answer(agent, started, ({"keep": "frame"} if isinstance(in_body, str) else {}) | body)
    if body.get("keep") == "none":
        # The site no longer allows that anything is kept in this browser.
        refresh_cookies.drop_cookie(response, agent)
    return response, 201


@bp.delete("/sessions")
@public
def end_session() -> ResponseReturnValue:
    wants_all_gone = json_body().get("forget") is True
    session = current_session(by_link=not wants_all_gone)
    agent, has_cookie = agent_of(session), session.return_link_id is None
    if wants_all_gone:
        # A block would go with all the rest: whoever is blocked asks the shop instead.
        check_not_blocked(session)
        erasures.erase(session.customer, by=None, now=utc_now())
    else:
        sessions.end(session, now=utc_now())
    response = Response(status=204)
    if has_cookie:
        refresh_cookies.drop_cookie(response, agent)
    return response


@bp.post("/customer")
@within(address=PER_ADDRESS)
@public
def identify_customer() -> ResponseReturnValue:
    session = current_session()
    admit(session, Action.SESSIONS)
    body = json_body()
    agent = agent_of(session)
    visit = Visit(
        parent_origin=session.parent_origin,
        own_origin=own_origin(),
        keeps_in_frame=body.get("keep") == "frame",
        customer=body.get("customer"),
        customer_token=body.get("customerToken"),
        context=session.context,
        **arrival(),
    )
    started = sessions.identify(session, agent, visit, now=utc_now())
    admit_opened(started.session, body.get("signals"))
    return _session_answer(agent, started, body), 201


def _visit(body: dict[str, Any], agent: Agent) -> Visit:
    origin = body.get("parentOrigin")
    if not isinstance(origin, str) or len(origin) > 300:
        raise Invalid("parentOrigin has to be the address of the page, like https://example.com.")
    in_body = body.get("refreshSecret")
    secret = in_body if isinstance(in_body, str) else None
    if secret is None and comes_from_own_frame():
        secret = refresh_cookies.secret_from_cookie(agent)
    return Visit(
        parent_origin=origin,
        own_origin=own_origin(),
        refresh_secret=secret,
        keeps_in_frame=body.get("keep") == "frame",
        customer=body.get("customer"),
        customer_token=body.get("customerToken"),
        context=context_of(body.get("context")),
        **arrival(),
    )


def _session_answer(agent: Agent, started: Started, body: dict[str, Any]) -> Response:
    config, _version = widget_configs.published(agent)
    conversation = conversation_of(started.session)
    content: dict[str, Any] = {
        "token": started.token,
        "expiresAt": _iso(started.session.expires_at),
        "customer": customers.as_told(started.session.customer),
        "conversation": conversations.state_as_json(conversation),
        "messages": [conversations.as_json(message) for message in conversations.latest_messages(conversation)],
        "features": dict(config.features),
        # Beside the customer, whom the chat tells the page around it of: this is for the greeting alone.
        **_order(started.session),
    }
    # A secret that came by cookie goes back by cookie: spent and not replaced, it would look stolen the next time.
    came_by_cookie = comes_from_own_frame() and refresh_cookies.secret_from_cookie(agent) is not None
    keep = "cookie" if came_by_cookie else body.get("keep", "cookie")
    if started.session.return_link_id is not None:
        # What this browser keeps is its owner's own; who comes by a link comes by it again.
        return jsonify(content)
    if keep == "frame":
        content["refreshSecret"] = started.refresh_secret
    response = jsonify(content)
    if keep == "cookie" and not _comes_from_elsewhere():
        refresh_cookies.keep_in_cookie(response, agent, started.refresh_secret, started.refresh_expires_at)
    return response


def _order(session: WidgetSession) -> dict[str, Any]:
    """The latest order of who has signed in at their shop, for a greeting."""
    order = shop_answers.greeted_with(session, now=utc_now())
    return {"order": dict(order)} if order else {}


def _comes_from_elsewhere() -> bool:
    # Another site must not be able to sign its visitor's browser in to a session of its own.
    return request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"


def _agent_of_token() -> str | None:
    session_id = signing.session_of(request.headers.get("X-Widget-Token", ""))
    session = db.session.get(WidgetSession, session_id) if session_id else None
    return db.session.get_one(Agent, session.agent_id).public_id if session else None


def _agent_of_cookie() -> str | None:
    found = refresh_cookies.agents_with_cookie()
    if len(found) > 1:
        raise Invalid("Say by agentId which agent is meant.")
    return found[0] if found else None


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
