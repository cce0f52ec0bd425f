"""Deploy on My Site: the snippet, the allowed websites, and whether it works."""

import uuid
from typing import Any

import segno
from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.admin.deploy.forms import WebsiteForm
from blueprints.admin.deploy.snippets import snippets_for
from config.settings import Settings
from core import agents, websites
from core.clock import utc_now
from core.errors import Invalid, NotFound
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("deploy", __name__, url_prefix="/admin/agents")


@bp.get("/<uuid:agent_id>/deploy")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page("admin/deploy/show.html", fragment="deploy_dialog", **_page(agent))


@bp.get("/<uuid:agent_id>/deploy/health")
@requires(Permission.VIEW)
def show_health(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    if not is_partial():
        return redirect(url_for(".show", agent_id=agent.id), 303)
    return render_page("admin/deploy/_health.html", agent=agent, status=websites.status(agent, utc_now()))


@bp.post("/<uuid:agent_id>/deploy/websites")
@requires(Permission.MANAGE_WEBSITES)
def add_website(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = WebsiteForm()
    if form.validate():
        try:
            websites.allow(agent, form.pattern.data, by=current_teammate(), now=utc_now())
        except Invalid as refusal:
            form.pattern.errors = [refusal.message]
        else:
            return _changed(agent)
    if is_partial():
        return show_problem("admin/deploy/_websites.html", **_page(agent, form))
    return show_problem("admin/deploy/show.html", **_page(agent, form))


@bp.post("/<uuid:agent_id>/deploy/websites/<uuid:website_id>/removal")
@requires(Permission.MANAGE_WEBSITES)
def remove_website(agent_id: uuid.UUID, website_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    website = next((known for known in agent.websites if known.id == website_id), None)
    if website is None:
        raise NotFound("This website is not on the list any more.")
    websites.remove(agent, website.pattern, by=current_teammate(), now=utc_now())
    return _changed(agent)


def _changed(agent: Agent) -> ResponseReturnValue:
    return show_change(
        "admin/deploy/show.html",
        fragment="deploy_websites",
        otherwise=url_for(".show", agent_id=agent.id),
        **_page(agent, WebsiteForm(formdata=None)),
    )


def _page(agent: Agent, form: WebsiteForm | None = None) -> dict[str, Any]:
    settings: Settings = current_app.config["PORCHLIGHT"]
    snippets = snippets_for(agent, public_url=settings.public_url)
    return {
        "agent": agent,
        "form": form or WebsiteForm(),
        "snippets": snippets,
        "is_out_of_reach": settings.is_out_of_reach,
        "qr_code": _qr_code(snippets.link),
        "status": websites.status(agent, utc_now()),
        "anywhere": websites.ANYWHERE,
    }


def _qr_code(address: str) -> Markup:
    """A QR code (ISO/IEC 18004, error correction M) as inline SVG without a style attribute, which our CSP refuses."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=2, svgclass="qr-code", lineclass=None
    )
    return Markup(drawing)  # noqa: S704 - segno writes numbers only
