"""The script that heeds triggers which are more than a delay; the loader fetches it once a page has come to rest."""

import hashlib
import hmac
from functools import cache

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.widget.previews import previewed
from blueprints.widget.requests import known_agent, own_origin
from blueprints.widget.scripts import FOR_EVER, as_javascript, cached_for, script_of
from core import triggers, widget_configs
from core.clock import utc_now
from core.widget_configs import WidgetConfig
from models.agents import Agent
from web.access import public
from web.assets import asset_text

bp = Blueprint("widget_rules", __name__)

_PLACE = '"__RULES__"'


@bp.get("/widget/<agent_id>/rules-<digest>.js")
@public
def show_rules(agent_id: str, digest: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    preview = previewed(agent)
    config = preview.config if preview else widget_configs.published(agent)[0]
    text = _rules(agent, config)
    # Somebody may have published since the page was loaded: what is sent then is not what the address stands for.
    is_same = hmac.compare_digest(digest.encode(), _digest(text).encode())
    response = script_of(text, cache=FOR_EVER if is_same else cached_for(0))
    # A module is fetched with CORS, and only a page that may read it can run it. It holds nothing but published words.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Surrogate-Key"] = f"agent-{agent.public_id}"
    return response


def address_of_rules(agent: Agent, config: WidgetConfig) -> str | None:
    """Where the loader finds this agent's rules; None when it needs no more than it has."""
    if triggers.are_plain(config):
        return None
    digest = _digest(_rules(agent, config))
    token = request.args["preview"] if previewed(agent) else None
    address = url_for("widget_rules.show_rules", agent_id=agent.public_id, digest=digest, preview=token)
    return f"{own_origin()}{address}"


def _rules(agent: Agent, config: WidgetConfig) -> str:
    spoken = widget_configs.spoken_to_all(config)
    rules = {"agent": agent.public_id} | triggers.rules_of(spoken, now=utc_now())
    return _script().replace(_PLACE, as_javascript(rules))


@cache
def _script() -> str:
    script = asset_text("rules.js")
    if script.count(_PLACE) != 1:
        raise RuntimeError("The built rules have no single place for what they are about.")
    return script


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
