"""Links that show the draft to a colleague, on the website or on a neutral page."""

import uuid

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from core import agents, preview_links, websites
from core.clock import utc_now
from core.errors import DomainError, Invalid
from core.permissions import Permission
from models.agents import Agent, PreviewLink
from web.access import current_teammate, current_workspace, requires
from web.extensions import limiter
from web.fragments import go_to, render_page


@bp.get("/<uuid:agent_id>/customizer/links")
@requires(Permission.EDIT_AGENTS)
def show_links(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return _page(agent)


@bp.post("/<uuid:agent_id>/customizer/links")
@limiter.limit("30 per hour", key_func=lambda: str(current_teammate().id))
@requires(Permission.EDIT_AGENTS)
def create_link(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    page, days = request.form.get("page", ""), request.form.get("days", "")
    try:
        if not days.isdecimal() or len(days) > 3:
            raise Invalid("Choose for how long the link is good.")
        link, secret = preview_links.make(agent, page=page, days=int(days), by=current_teammate(), now=utc_now())
    except DomainError as refusal:
        return _page(agent, problem=refusal.message, typed=page, days=days), 422
    return _page(agent, made=_address(link, secret))


@bp.post("/<uuid:agent_id>/customizer/links/<uuid:link_id>/withdrawal")
@requires(Permission.EDIT_AGENTS)
def withdraw_link(agent_id: uuid.UUID, link_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    preview_links.withdraw(agent, link_id, by=current_teammate(), now=utc_now())
    flash("The link is taken back. Whoever opens it sees what customers see.", "info")
    return go_to(url_for(".show", agent_id=agent.id))


def _page(agent: Agent, *, made: str = "", problem: str = "", typed: str | None = None, days: str = "7") -> str:
    site = agent.site_url or ""
    return render_page(
        "admin/customizer/links.html",
        fragment="links_dialog",
        agent=agent,
        links=preview_links.listed(agent, now=utc_now()),
        lives=preview_links.LIVES,
        days=days,
        made=made,
        page=typed if typed is not None else site,
        has_websites=bool(websites.patterns(agent)),
        problem=problem,
    )


def _address(link: PreviewLink, secret: str) -> str:
    if link.page:
        return f"{link.page}#porchlight-preview={secret}"
    public_url: str = current_app.config["PORCHLIGHT"].public_url
    return public_url + url_for("widget_previews.show_shared", secret=secret)
