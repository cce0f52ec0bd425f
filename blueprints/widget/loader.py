"""The script that a site owner pastes: the launcher, with the published look inside."""

import hashlib
import json
from functools import cache

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from blueprints.widget.previews import previewed
from blueprints.widget.requests import known_agent, own_origin
from core import widget_configs
from core.widget_configs import WidgetConfig
from web.access import public
from web.assets import asset_text
from web.compression import compressed

bp = Blueprint("widget_loader", __name__)

_PLACE = '"__CONFIG__"'


@bp.get("/widget.js")
@public
def generic_loader() -> ResponseReturnValue:
    return _script(asset_text("generic.js"), max_age=3600)


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
        "look": _look_of_launcher(config),
        "preview": request.args["preview"] if preview else None,
    }
    response = _script(_loader().replace(_PLACE, _for_script(settings)), max_age=0 if preview else 60)
    response.headers["Surrogate-Key"] = f"agent-{agent.public_id}"
    return response


def _look_of_launcher(config: WidgetConfig) -> dict[str, object]:
    # Every byte of this script is paid on every page: words that only the frame shows stay out.
    unneeded = {"suggestions", "css", "corners"} | (set() if config.triggers else {"greeting"})
    return {name: value for name, value in widget_configs.look_of(config).items() if name not in unneeded}


@cache
def _loader() -> str:
    script = asset_text("loader.js")
    if script.count(_PLACE) != 1:
        raise RuntimeError("The built loader has no single place for its settings.")
    return script


def _for_script(settings: object) -> str:
    # JSON is JavaScript but for these two line ends; "</" would end an inline script.
    text = json.dumps(settings, separators=(",", ":"), ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")


def _script(text: str, *, max_age: int) -> Response:
    response = Response(text, mimetype="text/javascript")
    response.headers["Cache-Control"] = (
        f"public, max-age={max_age}, stale-while-revalidate=600" if max_age else "no-store"
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:16], weak=True)
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    if response.status_code == 304 or current_app.testing:
        return response
    return compressed(response, quality=11)
