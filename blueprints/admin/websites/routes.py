"""Settings → Websites: where an agent may appear, in words, with a box to try an address."""

import uuid
from typing import Any

from flask import Blueprint, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.websites.forms import PageForm, SwitchForm, WebsitesForm
from blueprints.admin.websites.readings import chips, read
from core import agents, sightings, website_checks, websites
from core.clock import utc_now
from core.errors import Invalid, NotFound
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.forms import RefusalsAt
from web.fragments import is_partial, render_page, show_problem

bp = Blueprint("websites", __name__, url_prefix="/admin/settings/websites")

_TEMPLATE = "admin/websites/show.html"
_HAPPENED = "websites_happened"


@bp.get("/")
@requires(Permission.VIEW)
def index() -> ResponseReturnValue:
    known = agents.listed(current_workspace())
    if not known:
        return render_page("admin/websites/none.html")
    return redirect(url_for(".show", agent_id=known[0].id), 303)


@bp.get("/<uuid:agent_id>")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    happened = session.pop(_HAPPENED, None) or {}
    return render_page(_TEMPLATE, **_page(agent, happened=happened if happened.get("agent") == str(agent.id) else None))


@bp.get("/<uuid:agent_id>/reading")
@requires(Permission.VIEW)
def show_reading(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page(_TEMPLATE, fragment="reading", **_page(agent, WebsitesForm(request.args, meta={"csrf": False})))


@bp.get("/<uuid:agent_id>/check")
@requires(Permission.VIEW)
def show_check(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = PageForm(request.args)
    values = _page(agent) | {"page_form": form}
    if not form.validate() or not (form.page.data or "").strip():
        return render_page(_TEMPLATE, fragment="check", **values)
    try:
        values["found"] = website_checks.check(agent, form.page.data)
    except Invalid as refusal:
        form.page.errors = [refusal.message]
        return show_problem(_TEMPLATE, fragment="check", **values)
    return render_page(_TEMPLATE, fragment="check", **values)


@bp.post("/<uuid:agent_id>/list")
@requires(Permission.MANAGE_WEBSITES)
def add(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = WebsitesForm()
    if form.validate():
        before = websites.patterns(agent)
        with RefusalsAt(form.addresses):
            websites.allow(agent, *form.patterns(), position=form.position.data, by=current_teammate(), now=utc_now())
            added = [pattern for pattern in websites.patterns(agent) if pattern not in before]
            return _changed(agent, {"added": added})
    return show_problem(_TEMPLATE, fragment="websites", **_page(agent, form))


@bp.post("/<uuid:agent_id>/list/<uuid:website_id>/removal")
@requires(Permission.MANAGE_WEBSITES)
def remove(agent_id: uuid.UUID, website_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    website = next((known for known in agent.websites if known.id == website_id), None)
    if website is None:
        raise NotFound("This website is not on the list any more.")
    happened = {"removed": website.pattern, "position": website.position}
    websites.remove(agent, website.pattern, by=current_teammate(), now=utc_now())
    return _changed(agent, happened)


@bp.post("/<uuid:agent_id>/local-pages")
@requires(Permission.MANAGE_WEBSITES)
def switch_local_pages(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    change = websites.allow if SwitchForm().is_on.data else websites.remove
    change(agent, *websites.LOCAL, by=current_teammate(), now=utc_now())
    return _changed(agent)


@bp.post("/<uuid:agent_id>/direct-link")
@requires(Permission.MANAGE_WEBSITES)
def switch_direct_link(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    agents.allow_link(agent, SwitchForm().is_on.data, by=current_teammate(), now=utc_now())
    return _changed(agent)


def _changed(agent: Agent, happened: dict[str, Any] | None = None) -> ResponseReturnValue:
    """Show the list as it is now, with what has just happened to it and the way back."""
    if not is_partial():
        session[_HAPPENED] = (happened or {}) | {"agent": str(agent.id)}
        return redirect(url_for(".show", agent_id=agent.id), 303)
    values = _page(agent, WebsitesForm(formdata=None), happened=happened)
    response = make_response(render_page(_TEMPLATE, fragment="websites", **values))
    # What was tried below is tried again with the changed list.
    response.headers["HX-Trigger"] = "websites-changed"
    return response


def _page(agent: Agent, form: WebsitesForm | None = None, *, happened: dict[str, Any] | None = None) -> dict[str, Any]:
    form = form or WebsitesForm(formdata=None)
    return {
        "agent": agent,
        "agents": agents.listed(current_workspace()),
        "form": form,
        "chips": chips(agent),
        "readings": read(agent, form.addresses.data or "", form.also.data or ()),
        "is_local": websites.allows_local(agent),
        "happened": happened or {},
        "refused": [site for site in sightings.status(agent, utc_now()).refused if site.pattern][:5],
        "page_form": PageForm(formdata=None),
        "found": None,
    }
