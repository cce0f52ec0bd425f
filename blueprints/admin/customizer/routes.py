"""How the widget looks: the draft that is worked on, and publishing it."""

import uuid

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from blueprints.admin.customizer.page import answer, page_of
from blueprints.admin.customizer.saving import form_of, save
from core import agents, widget_configs
from core.clock import utc_now
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page


@bp.get("/<uuid:agent_id>/customizer")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page("admin/customizer/show.html", **page_of(agent, form_of(agent)))


@bp.post("/<uuid:agent_id>/customizer/draft")
@requires(Permission.EDIT_AGENTS)
def update_draft(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = form_of(agent)
    return answer(agent, form, save(agent, form))


@bp.post("/<uuid:agent_id>/customizer/publication")
@requires(Permission.EDIT_AGENTS)
def create_publication(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = form_of(agent)
    outcome = save(agent, form)
    if outcome.status == 200:
        widget_configs.publish(agent, by=current_teammate(), now=utc_now())
    return answer(agent, form, outcome)


@bp.post("/<uuid:agent_id>/customizer/discarding")
@requires(Permission.EDIT_AGENTS)
def create_discarding(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    widget_configs.discard(agent, by=current_teammate(), now=utc_now())
    flash("Your draft is dropped. This is what customers see.", "info")
    return go_to(url_for(".show", agent_id=agent.id))
