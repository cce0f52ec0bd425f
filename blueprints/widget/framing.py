"""Where a frame stands, and who may embed it."""

import uuid
from dataclasses import dataclass, replace

from flask import request

from blueprints.widget.previews import Preview, previewed
from blueprints.widget.requests import own_origin
from core import conversations, websites, widget_configs
from core.domains import DomainValidator, origin_of
from core.tickets import Ticket
from models.agents import Agent
from models.conversations import Conversation
from models.customers import WidgetSession


@dataclass(frozen=True)
class Framing:
    """Where a frame stands."""

    channel: str
    """`web`, `link` or `preview`."""
    mode: str
    """What the frame's script goes by: `back`, `bubble`, `inline`, `link`, `preview` or `window`."""
    origin: str | None
    ancestors: str
    preview: Preview | None = None
    """What is shown instead of the published look."""
    return_link: uuid.UUID | None = None
    """The mailed link that led here."""


def of_request(agent: Agent) -> Framing:
    """Where this request's frame stands, and who may embed it."""
    referer = request.headers.get("Referer")
    preview = previewed(agent)
    if preview is not None and preview.is_shared:
        return _shared(agent, preview, str(origin_of(referer)))
    if preview is not None:
        # Without a loader beside it, the frame has to begin by itself.
        mode = "inline" if request.args.get("mode") == "inline" else "preview"
        return Framing(conversations.PREVIEW, mode, own_origin(), ancestors="'self'", preview=preview)
    patterns = websites.patterns(agent)
    is_known = DomainValidator.validate_referer(referer, patterns)
    mode = request.args.get("mode", "bubble")
    if mode == "window" and widget_configs.published(agent)[0].features.get("pop_out"):
        # Goes on with the session of the chat that has opened it, and can begin none.
        return Framing(channel="web", mode="window", origin=None, ancestors="'none'")
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return Framing(channel="link", mode="link", origin=None, ancestors="'none'")
    return Framing(
        channel="web",
        mode=mode if mode in ("bubble", "inline") else "bubble",
        origin=str(origin_of(referer)) if is_known else None,
        ancestors=DomainValidator.frame_ancestors(patterns, referer),
    )


def of_session(agent: Agent, session: WidgetSession, conversation: Conversation) -> Framing:
    """Where a frame stands that has a session already."""
    if session.return_link_id is not None:
        return Framing("link", "back", None, ancestors="'none'", return_link=session.return_link_id)
    if conversation.channel == "web":
        patterns = websites.patterns(agent)
        ancestors = DomainValidator.frame_ancestors(patterns, f"{session.parent_origin}/")
        return Framing(channel="web", mode="inline", origin=session.parent_origin, ancestors=ancestors)
    if conversation.channel == conversations.PREVIEW:
        return replace(_shared(agent, None, session.parent_origin), mode="link", origin=None)
    return Framing(channel=conversation.channel, mode="link", origin=None, ancestors="'none'")


def of_ticket(agent: Agent, ticket: Ticket) -> Framing:
    """Where a frame stands that shows a ticket of ours, good or too late."""
    ancestors = "'none'"
    if ticket.channel == conversations.PREVIEW:
        ancestors = _shared(agent, None, ticket.origin or own_origin()).ancestors
    elif ticket.channel == "web":
        referer = f"{ticket.origin}/" if ticket.origin else None
        ancestors = DomainValidator.frame_ancestors(websites.patterns(agent), referer)
    mode = "inline" if ticket.channel == "web" else "link"
    return Framing(channel=ticket.channel, mode=mode, origin=ticket.origin, ancestors=ancestors)


def _shared(agent: Agent, preview: Preview | None, origin: str) -> Framing:
    """A preview by a colleague's link: on our own neutral page, or on a website of the agent."""
    is_own, patterns = origin == own_origin(), websites.patterns(agent)
    is_known = is_own or DomainValidator.validate_domain(origin, patterns)
    return Framing(
        channel=conversations.PREVIEW,
        mode="bubble",
        origin=origin if is_known else None,
        ancestors="'self'" if is_own else DomainValidator.frame_ancestors(patterns, f"{origin}/" if is_known else None),
        preview=preview,
    )
