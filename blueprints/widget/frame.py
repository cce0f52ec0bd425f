"""The frame in which customers chat: in a page, by the direct link, and by the link in a mail."""

from functools import lru_cache

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from blueprints.widget import framing, refresh_cookies
from blueprints.widget.frame_page import closed_page, frame_page
from blueprints.widget.framing import Framing
from blueprints.widget.limits import PER_ADDRESS, within
from blueprints.widget.previews import previewed
from blueprints.widget.requests import known_agent
from core import conversations, refresh_secrets, return_links, sessions, widget_configs
from core.clock import utc_now
from core.custom_css import sanitize
from core.errors import NotFound, Unauthenticated
from models import db
from models.agents import Agent
from models.conversations import Conversation
from models.customers import Customer, Standing
from web.access import public

bp = Blueprint("widget_frame", __name__)


@bp.get("/widget/<agent_id>")
@public
def show_frame(agent_id: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    return _page(agent, framing.of_request(agent))


@bp.get("/chat/<agent_id>")
@public
def show_link(agent_id: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    return _page(agent, Framing(channel="link", mode="link", origin=None, ancestors="'none'"))


@bp.get("/chat/<agent_id>/back/<secret>")
@within(address=PER_ADDRESS)
@public
def show_return(agent_id: str, secret: str) -> ResponseReturnValue:
    """One conversation again, by the link in an e-mail. To look begins nothing: mail programs look, too."""
    agent = known_agent(agent_id)
    try:
        link = return_links.find(agent, secret, now=utc_now())
        conversation = db.session.get_one(Conversation, link.conversation_id)
        sessions.check_returning(agent, conversation)
    except (NotFound, Unauthenticated):
        return closed_page(agent, said="letter_gone", status=404)
    place = Framing(channel="link", mode="back", origin=None, ancestors="'none'", return_link=link.id)
    # A script that begins at once, without a cookie to come back by.
    response = frame_page(agent, place, conversation=None, language=conversation.language)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/widget/<agent_id>/custom.css")
@public
def custom_css(agent_id: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    preview = previewed(agent)
    config = preview.config if preview else widget_configs.published(agent)[0]
    sheet = _written_anew(config.custom_css) if config.custom_css_is_on else ""
    response = Response(sheet, mimetype="text/css")
    response.headers["Cache-Control"] = "no-store" if preview else "public, max-age=60"
    return response


@lru_cache(maxsize=64)
def _written_anew(sheet: str) -> str:
    """A sheet by an allow-list that may have grown stricter since it was saved. It takes long, and anybody may ask."""
    return sanitize(sheet).css


def _page(agent: Agent, place: Framing) -> Response:
    if place.channel == "link" and not agent.allows_link:
        return closed_page(agent)
    if place.mode == "window":
        return frame_page(agent, place, conversation=None, is_resumable=False)
    conversation = None
    secret = refresh_cookies.secret_from_cookie(agent)
    family = refresh_secrets.peek(agent, secret, now=utc_now()) if secret else None
    if family is not None:
        customer = db.session.get_one(Customer, family.customer_id)
        # Whom the website has named, it names again or somebody else: what they said is shown when that is known.
        if customer.standing is Standing.ANONYMOUS:
            conversation = conversations.latest(agent, customer, channel=place.channel)
    return frame_page(agent, place, conversation=conversation, is_resumable=family is not None)
