"""The script that a site owner pastes: the launcher, with the published look inside."""

from functools import cache

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.widget.previews import previewed
from blueprints.widget.requests import known_agent, own_origin
from blueprints.widget.rules import address_of_rules
from blueprints.widget.scripts import as_javascript, cached_for, script_of
from core import widget_configs
from core.widget_configs import WidgetConfig
from web.access import public
from web.assets import asset_text

bp = Blueprint("widget_loader", __name__)

_PLACE = '"__CONFIG__"'


@bp.get("/widget.js")
@public
def generic_loader() -> ResponseReturnValue:
    return script_of(asset_text("generic.js"), cache=cached_for(3600))


@bp.get("/widget/<agent_id>.js")
@public
def agent_loader(agent_id: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    preview = previewed(agent)
    config, version = (preview.config, 0) if preview else widget_configs.published(agent)
    settings = {
        "agent": agent.public_id,
        "origin": own_origin(),
        "version": version,
        "look": _look_of_launcher(config, rules=address_of_rules(agent, config)),
        "preview": request.args["preview"] if preview else None,
    }
    text = _loader().replace(_PLACE, as_javascript(settings))
    response = script_of(text, cache=cached_for(0 if preview else 60))
    response.headers["Surrogate-Key"] = f"agent-{agent.public_id}"
    return response


def _look_of_launcher(config: WidgetConfig, *, rules: str | None) -> dict[str, object]:
    look = widget_configs.look_of(config) | {"rules": rules}
    # Every byte of this script is paid on every page: words that only the frame or the rules show stay out.
    unneeded = {"suggestions", "css", "corners", "font", "logo"}
    if rules or not config.triggers:
        unneeded |= {"greeting", "trigger"}
    return {name: value for name, value in look.items() if name not in unneeded}


@cache
def _loader() -> str:
    script = asset_text("loader.js")
    if script.count(_PLACE) != 1:
        raise RuntimeError("The built loader has no single place for its settings.")
    return script
