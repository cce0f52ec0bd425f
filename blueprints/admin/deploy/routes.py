"""Deploy on My Site: the snippet, the allowed websites, and whether it works."""

import uuid
from typing import Any

import segno
from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.admin.deploy.blueprint import bp
from blueprints.admin.deploy.forms import CheckForm, HandoverForm, WebsiteForm
from config.settings import Settings
from core import agents, handovers, installs, sightings, websites, widget_configs
from core.clock import utc_now
from core.errors import Invalid, NotFound
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem


@bp.get("/<uuid:agent_id>/deploy")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page("admin/deploy/show.html", fragment="deploy_dialog", **page_of(agent))


@bp.get("/<uuid:agent_id>/deploy/guide")
@requires(Permission.VIEW)
def show_guide(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    place = installs.place_named(request.args.get("place", ""))
    if not is_partial():
        return redirect(url_for(".show", agent_id=agent.id, place=place.key), 303)
    return render_page("admin/deploy/_guide.html", **page_of(agent))


@bp.get("/<uuid:agent_id>/deploy/health")
@requires(Permission.VIEW)
def show_health(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    if not is_partial():
        return redirect(url_for(".show", agent_id=agent.id), 303)
    return render_page("admin/deploy/_health.html", agent=agent, **_health_of(agent))


@bp.post("/<uuid:agent_id>/deploy/websites")
@requires(Permission.MANAGE_WEBSITES)
def add_website(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = WebsiteForm()
    if form.validate():
        try:
            wanted = websites.read_written(form.pattern.data)
            websites.allow(agent, *wanted, by=current_teammate(), now=utc_now())
        except Invalid as refusal:
            form.pattern.errors = [refusal.message]
        else:
            return _changed(agent)
    if is_partial():
        return show_problem("admin/deploy/_websites.html", **page_of(agent, form=form))
    return show_problem("admin/deploy/show.html", **page_of(agent, form=form))


@bp.post("/<uuid:agent_id>/deploy/websites/<uuid:website_id>/removal")
@requires(Permission.MANAGE_WEBSITES)
def remove_website(agent_id: uuid.UUID, website_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    website = next((known for known in agent.websites if known.id == website_id), None)
    if website is None:
        raise NotFound("This website is not on the list any more.")
    websites.remove(agent, website.pattern, by=current_teammate(), now=utc_now())
    return _changed(agent)


def page_of(agent: Agent, **shown: Any) -> dict[str, Any]:
    """What the dialog and its parts show; `shown` takes the place of a fresh form or an empty result."""
    settings: Settings = current_app.config["PORCHLIGHT"]
    snippets = installs.Snippets(agent.public_id, settings.public_url)
    place = installs.place_named(request.args.get("place", "any"))
    fresh: dict[str, Any] = {
        "agent": agent,
        "form": WebsiteForm(),
        "check_form": CheckForm(formdata=None, address=agent.site_url or ""),
        "handover_form": HandoverForm(formdata=None, place=place.key),
        "findings": None,
        "handovers": handovers.listed(agent, now=utc_now()),
        "places": installs.PLACES,
        "place": place,
        "snippets": snippets,
        "policy_lines": installs.lines_for(settings.public_url, widget_configs.published(agent)[0].launcher),
        "is_out_of_reach": settings.is_out_of_reach,
        "qr_code": _qr_code(snippets.link),
        "anywhere": websites.ANYWHERE,
        **_health_of(agent),
    }
    return fresh | shown


def _changed(agent: Agent) -> ResponseReturnValue:
    return show_change(
        "admin/deploy/show.html",
        fragment="deploy_websites",
        otherwise=url_for(".show", agent_id=agent.id),
        **page_of(agent, form=WebsiteForm(formdata=None)),
    )


def _health_of(agent: Agent) -> dict[str, Any]:
    now = utc_now()
    return {
        "status": sightings.status(agent, now),
        "figures": installs.health_by_origin(agent, now=now),
        "latest_version": widget_configs.history(agent, most=1)[0],
        "look_shown": installs.look_shown,
        "troubles": installs.TROUBLES,
    }


def _qr_code(address: str) -> Markup:
    """A QR code (ISO/IEC 18004, error correction M) as inline SVG without a style attribute, which our CSP refuses."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=2, svgclass="qr-code", lineclass=None
    )
    return Markup(drawing)  # noqa: S704 - segno writes numbers only
