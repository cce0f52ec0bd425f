"""What the loader reports from the site's own pages: cross-origin, allowed by the list of websites."""

import json
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from blueprints.widget.limits import REPORTS_PER_ADDRESS, admit_report, within
from blueprints.widget.requests import known_agent, own_origin
from core import events, installs, sightings, websites
from core.clock import utc_now
from core.errors import Invalid
from core.privacy import plain_page
from core.texts import clean_line
from core.widget_configs import MOST_TRIGGERS
from models import transaction
from models.agents import Agent, EventKind
from web.access import public
from web.errors import problem
from web.extensions import csrf

bp = Blueprint("widget_tracking", __name__, url_prefix="/api/v1/widget")
csrf.exempt(bp)

_KINDS = {"load": EventKind.LOAD, "close": EventKind.CLOSE, "greet": EventKind.GREET, "error": EventKind.ERROR}
_MOST_EVENTS = 20


@bp.route("/track", methods=["POST", "OPTIONS"])
@within(address=REPORTS_PER_ADDRESS)
@public
def track() -> ResponseReturnValue:
    origin = request.headers.get("Origin", "")
    if request.method == "OPTIONS":
        return _preflight(origin)
    body = _body()
    agent = known_agent(body.get("agentId"))
    admit_report(agent, origin)
    found = body.get("events")
    if not isinstance(found, list) or len(found) > _MOST_EVENTS:
        raise Invalid(f"events has to be a list of at most {_MOST_EVENTS}.")
    for _further in found[1:]:
        # Each is a row: many in one request are no way around the limit.
        admit_report(agent, origin)
    is_allowed = websites.is_allowed(agent, origin)
    _note(agent, found, origin, is_allowed=is_allowed)
    if not is_allowed:
        return problem("website_not_allowed", "The chat is not allowed on this website.", 403)
    return _allow(Response(status=204), origin)


def _note(agent: Agent, found: list[Any], origin: str, *, is_allowed: bool) -> None:
    now = utc_now()
    told = [(_kind(event), event) for event in found]
    with transaction():
        loads = [event for kind, event in told if kind is EventKind.LOAD]
        if loads and origin and origin != own_origin():
            version = _number(loads[-1].get("version"), most=2**31 - 1)
            sightings.record_load(agent, origin, is_allowed=is_allowed, version=version, now=now)
        for kind, event in told if is_allowed else ():
            if kind is not None:
                events.record(agent, kind, origin=origin, details=_details(event), now=now)


def _kind(event: object) -> EventKind | None:
    kind = _KINDS.get(str(event.get("kind"))) if isinstance(event, dict) else None
    if kind is EventKind.ERROR and isinstance(event, dict) and not _trouble(event):
        # Most of what customers are told of is between them and the agent; the rest would only fill the table.
        return None
    return kind


def _details(event: dict[str, Any]) -> dict[str, Any]:
    page = event.get("page")
    timings = event.get("timings")
    number = _number(event.get("trigger"), most=MOST_TRIGGERS)
    trouble = _trouble(event)
    return {
        "page": plain_page(clean_line(page[:2_000]))[:500] if isinstance(page, str) else "",
        "timings": {
            clean_line(str(name)[:40]): round(float(value), 1)
            for name, value in (list(timings.items())[:10] if isinstance(timings, dict) else ())
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7
        },
        **({"trigger": number} if number is not None else {}),
        **({"code": trouble} if trouble else {}),
    }


def _trouble(event: dict[str, Any]) -> str:
    """The code of an error that the site's owner can do something about."""
    code = event.get("code") if event.get("kind") == EventKind.ERROR else None
    return code if isinstance(code, str) and code in installs.TROUBLES else ""


def _number(value: object, *, most: int) -> int | None:
    return value if type(value) is int and 1 <= value <= most else None


def _body() -> dict[str, Any]:
    # A beacon is text/plain, so that the browser sends it without asking first.
    try:
        body = json.loads(request.get_data(cache=False)[:64_000])
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Invalid("Send a JSON object.")
    return body


def _preflight(origin: str) -> Response:
    # Which agent is meant stands in the body, which is not here yet: nothing is promised but to look at it.
    response = _allow(Response(status=204), origin)
    response.headers["Access-Control-Allow-Methods"] = "POST"
    response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    response.headers["Access-Control-Max-Age"] = "600"
    return response


def _allow(response: Response, origin: str) -> Response:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Vary"] = "Origin"
    return response
