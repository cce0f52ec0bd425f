"""Previews: the real widget with a look that customers do not see, for who holds a signed token or a shared link."""

from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.widget.limits import within
from core import preview_links, signing, widget_configs
from core.clock import utc_now
from core.errors import NotFound, Unauthenticated
from core.signing import Kind
from core.widget_configs import WidgetConfig
from models.agents import Agent
from web.access import public
from web.preview_pages import preview_page

bp = Blueprint("widget_previews", __name__)

LIFETIME = 24 * 60 * 60
"""Seconds for which a preview's address inside the admin is good."""


@dataclass(frozen=True)
class Preview:
    """What a request's token lets see."""

    config: WidgetConfig
    is_shared: bool
    """Whether it came by a colleague's link, which shows the draft also on the agent's websites."""


@bp.get("/preview/<secret>")
@within(address="60/minute")
@public
def show_shared(secret: str) -> ResponseReturnValue:
    """The draft on a neutral page, for who has no website yet."""
    agent = preview_links.agent_of(secret, now=utc_now())
    return preview_page(agent, secret, ancestors="'none'")


def previewed(agent: Agent) -> Preview | None:
    """What this request's preview token shows of this agent; nothing when there is none, or it is good no more."""
    token = request.args.get("preview", "")
    if not token:
        return None
    if preview_links.find(agent, token, now=utc_now()) is not None:
        return Preview(widget_configs.drafted(agent), is_shared=True)
    try:
        content = signing.read(Kind.PREVIEW, token, max_age=LIFETIME)
    except Unauthenticated:
        return None
    return _of_team(agent, content.get("version")) if content.get("agent") == str(agent.id) else None


def _of_team(agent: Agent, number: object) -> Preview | None:
    if number is None:
        return Preview(widget_configs.drafted(agent), is_shared=False)
    try:
        version = widget_configs.version_numbered(agent, number if isinstance(number, int) else 0)
    except NotFound:
        return None
    return Preview(WidgetConfig.from_settings(version.settings), is_shared=False)
