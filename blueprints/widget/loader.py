"""The script that a site owner pastes: the launcher, with the published look inside."""

from functools import cache
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.widget.previews import previewed
from blueprints.widget.requests import known_agent, own_origin
from blueprints.widget.rules import address_of_rules
from blueprints.widget.scripts import FOR_EVER, as_javascript, cached_for, script_of
from core import triggers, widget_configs
from core.widget_configs import WidgetConfig
from web.access import public
from web.assets import asset_text, asset_url

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
    is_live = preview is not None and not preview.is_shared
    # A live preview takes all languages along.
    config = config if is_live else widget_configs.spoken_to_all(config)
    look = widget_configs.previewed_look_of(config) if is_live else widget_configs.look_of(config)
    settings = {
        "agent": agent.public_id,
        "origin": own_origin(),
        "version": version,
        "window": f"/widget/window/{_window_name()}",
        "look": _launcher_in(look, config, rules=address_of_rules(agent, config)),
        "preview": request.args["preview"] if preview else None,
    }
    text = _loader().replace(_PLACE, as_javascript(settings))
    response = script_of(text, cache=cached_for(0 if preview else 60))
    response.headers["Surrogate-Key"] = f"agent-{agent.public_id}"
    if "preview" in request.args:
        # The loader of a page that was opened by a colleague's link imports it, which is done with CORS.
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/widget/window/<name>")
@public
def window(name: str) -> ResponseReturnValue:
    """What the loader fetches at the first sign of interest; the same for every agent."""
    # A page that was loaded before an update asks for the window of that time, and can use the one of today.
    is_same = name == _window_name()
    response = script_of(asset_text("window.js"), cache=FOR_EVER if is_same else cached_for(0))
    # A module is fetched with CORS, and only a page that may read it can run it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _launcher_in(look: dict[str, Any], config: WidgetConfig, *, rules: str | None) -> dict[str, Any]:
    """The launcher, with addresses that hold on other websites, too."""
    launcher: dict[str, Any] = look["launcher"]
    if image := launcher.get("image"):
        there = f"{own_origin()}{image}"
        launcher |= {"image": there, "css": launcher["css"].replace(f"url({image})", f"url({there})")}
    if rules:
        # They bring along what is said, and when; where that is after some seconds, they are not fetched before.
        brought = {"greeting"} if triggers.only_wait(config) else {"greeting", "trigger"}
        launcher = {name: value for name, value in launcher.items() if name not in brought}
        launcher["rules"] = rules
    return launcher


@cache
def _loader() -> str:
    script = asset_text("loader.js")
    if script.count(_PLACE) != 1:
        raise RuntimeError("The built loader has no single place for its settings.")
    return script


@cache
def _window_name() -> str:
    return asset_url("window.js").rpartition("/")[2]
