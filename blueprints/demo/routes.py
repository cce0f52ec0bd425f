"""A pretend shop page with the widget on it."""

import json

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.widget.requests import own_origin
from core import demos
from core.clock import utc_now
from core.demos import visitors
from core.errors import NotFound
from models.agents import Agent
from web.access import public

bp = Blueprint("demo", __name__)


@bp.get("/demo")
@public
def show_shop() -> ResponseReturnValue:
    agent = demos.find_agent()
    if agent is None:
        raise NotFound("There is no demo shop here yet. Make one on the server with: flask --app app demo")
    origin = own_origin()
    loader = f"{origin}{url_for('widget_loader.agent_loader', agent_id=agent.public_id)}"
    page = render_template(
        "demo/shop.html",
        can_sign_in=visitors.can_sign_in(agent),
        is_signed_in=_is_ines(agent),
        agent_id=agent.public_id,
        snippet=Markup('<script async src="{}"></script>').format(loader),
        inline_url=url_for("widget_frame.show_frame", agent_id=agent.public_id, mode="inline"),
        link_url=url_for("widget_frame.show_link", agent_id=agent.public_id),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _policy(origin)
    # As most shops are: windows that the page opens, also that of the chat, know who opened them.
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    return response


@bp.get("/demo/customer.js")
@public
def sign_ines_in() -> ResponseReturnValue:
    """What a shop writes into its own page for a customer who has signed in there."""
    agent = demos.find_agent()
    if agent is None or not visitors.can_sign_in(agent):
        raise NotFound("There is nobody to sign in here.")
    told = json.dumps({"customerToken": visitors.token(now=utc_now())})
    response = make_response(f"window.CustomerAgent = {told};\n")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_ines(agent: Agent) -> bool:
    return request.args.get("as") == "ines" and visitors.can_sign_in(agent)


def _policy(origin: str) -> str:
    """A strict policy such as a careful shop has; the widget needs its own address in it, and nothing inline."""
    # Behind a proxy the page may be reached by another name than the widget.
    own = "'self'" if origin == f"{request.scheme}://{request.host}" else f"'self' {origin}"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {own}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src {own}",
            f"frame-src {own}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
