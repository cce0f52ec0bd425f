"""What a developer outside the team sees by their link: the snippet, where it goes, and whether it works."""

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from config.settings import Settings
from core import handovers, installs, sightings, widget_configs
from core.clock import utc_now
from models.agents import Handover
from web.access import public
from web.attempts import network
from web.extensions import limiter
from web.fragments import is_partial, render_page

bp = Blueprint("handovers", __name__, url_prefix="/handovers")
_limit = limiter.limit("60 per minute", key_func=network)


@bp.get("/<secret>")
@_limit
@public
def show(secret: str) -> ResponseReturnValue:
    return render_page("handovers/show.html", fragment="guide", **_shown(secret))


@bp.get("/<secret>/health")
@_limit
@public
def show_health(secret: str) -> ResponseReturnValue:
    # Looked up first: only what is a secret of ours is sent back in an address.
    shown = _shown(secret)
    if not is_partial():
        return redirect(url_for(".show", secret=secret), 303)
    return render_page("handovers/_health.html", **shown)


def _shown(secret: str) -> dict[str, Any]:
    handover: Handover = handovers.find(secret, now=utc_now())
    settings: Settings = current_app.config["PORCHLIGHT"]
    return {
        "handover": handover,
        "secret": secret,
        "agent": handover.agent,
        "places": installs.PLACES,
        "place": installs.place_named(request.args.get("place", handover.place)),
        "snippets": installs.Snippets(handover.agent.public_id, settings.public_url),
        "policy_lines": installs.lines_for(settings.public_url, widget_configs.published(handover.agent)[0].launcher),
        "status": sightings.status(handover.agent, utc_now()),
    }
