"""Agents: the list, the page of one, making and archiving one."""

import uuid
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.agents.changes import stream_changes
from blueprints.admin.agents.forms import AgentForm
from core import (
    agents,
    customers,
    figures,
    first_looks,
    inboxes,
    sightings,
    signing,
    unanswered,
    websites,
    widget_configs,
)
from core.clock import utc_now
from core.permissions import Permission
from core.signing import Kind
from models import db
from models.agents import Agent
from models.jobs import Job
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, is_partial, render_page, show_problem

bp = Blueprint("agents", __name__, url_prefix="/admin")

_NEWS = timedelta(hours=1)


@bp.get("/")
@requires(Permission.VIEW)
def index() -> ResponseReturnValue:
    known, archived = agents.listed(current_workspace()), agents.archived(current_workspace())
    if len(known) == 1 and not request.args:
        return redirect(url_for(".show", agent_id=known[0].id), 303)
    return render_page(
        "admin/agents/index.html",
        cards=[_portrait(agent) for agent in known],
        archived=archived,
        undo=next((agent for agent in archived if str(agent.id) == request.args.get("archived")), None),
    )


@bp.get("/agents/new")
@requires(Permission.EDIT_AGENTS)
def new() -> str:
    return render_page("admin/agents/new.html", form=AgentForm())


@bp.post("/agents")
@requires(Permission.EDIT_AGENTS)
def create() -> ResponseReturnValue:
    form = AgentForm()
    if not form.validate():
        return show_problem("admin/agents/new.html", form=form)
    agent = agents.create(
        current_workspace(),
        name=form.name.data,
        site_url=(form.website.data or "").strip() or None,
        patterns=(),
        by=current_teammate(),
        now=utc_now(),
    )
    first_looks.start(agent, now=utc_now())
    return go_to(url_for(".show", agent_id=agent.id))


@bp.get("/agents/<uuid:agent_id>")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page(
        "admin/agents/show.html",
        **_state(agent),
        week=figures.week(agent, utc_now()),
        recent=figures.recent_conversations(agent),
        name_of=customers.name_as_known,
        preview_of=inboxes.preview_of,
        unanswered=unanswered.listed(agent)[:3],
    )


@bp.get("/agents/<uuid:agent_id>/state")
@requires(Permission.VIEW)
def show_state(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    if not is_partial():
        return redirect(url_for(".show", agent_id=agent.id), 303)
    return render_page("admin/agents/_state.html", **_state(agent))


@bp.get("/agents/<uuid:agent_id>/trial")
@requires(Permission.VIEW)
def try_out(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    token = signing.sign(Kind.PREVIEW, {"agent": str(agent.id)})
    return render_page("admin/agents/trial.html", fragment="trial_dialog", agent=agent, token=token)


@bp.get("/agents/<uuid:agent_id>/stream")
@requires(Permission.VIEW)
def stream(agent_id: uuid.UUID) -> Response:
    topic = websites.topic(agents.find(current_workspace(), agent_id))
    db.session.remove()
    return Response(
        stream_changes(topic),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@bp.post("/agents/<uuid:agent_id>/archive")
@requires(Permission.EDIT_AGENTS)
def archive(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    agents.archive(agent, by=current_teammate(), now=utc_now())
    return go_to(url_for(".index", archived=agent.id))


@bp.post("/agents/<uuid:agent_id>/restoration")
@requires(Permission.EDIT_AGENTS)
def bring_back(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id, is_archived=True)
    agents.bring_back(agent, by=current_teammate(), now=utc_now())
    return go_to(url_for(".show", agent_id=agent.id))


def _portrait(agent: Agent) -> dict[str, Any]:
    """An agent with its face and whether it is on a site."""
    config, version = widget_configs.published(agent)
    return {
        "agent": agent,
        "look": widget_configs.look_of(config),
        "version": version,
        "status": sightings.status(agent, utc_now()),
    }


def _state(agent: Agent) -> dict[str, Any]:
    """What changes while somebody looks at the agent's page."""
    portrait = _portrait(agent)
    steps = figures.steps(agent, is_live=portrait["status"].is_installed, version=portrait["version"])
    return {**portrait, "steps": steps, "first_look": _first_look(agent)}


def _first_look(agent: Agent) -> Job | None:
    """The visit to the new agent's website; old news is none."""
    job = first_looks.latest(current_workspace(), agent)
    is_news = job is not None and (job.finished_at is None or job.finished_at > utc_now() - _NEWS)
    return job if is_news else None
