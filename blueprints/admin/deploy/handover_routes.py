"""Send to my developer: a mailed link that shows the snippet and the status, and nothing else."""

import uuid

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.deploy.blueprint import bp
from blueprints.admin.deploy.forms import HandoverForm
from blueprints.admin.deploy.routes import page_of
from core import agents, handovers
from core.clock import utc_now
from core.errors import TooMany
from core.permissions import Permission
from models.agents import Agent
from web import mails
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem


@bp.post("/<uuid:agent_id>/deploy/handovers")
@requires(Permission.EDIT_AGENTS)
def create_handover(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = HandoverForm()
    if not form.validate():
        return _problem(agent, form)
    try:
        handover, secret = handovers.make(
            agent, email=form.email.data, place=form.place.data, by=current_teammate(), now=utc_now()
        )
    except TooMany as refusal:
        form.email.errors = [refusal.message]
        return _problem(agent, form)
    link = mails.link_to("handovers.show", secret=secret)
    mails.send_handover(handover, link=link)
    if not is_partial() and mails.mails_leave_the_server():
        flash(f"The link is on its way to {handover.email}.", "success")
    return render_page(
        "admin/deploy/_handover.html" if is_partial() else "admin/deploy/show.html",
        **page_of(agent, sent_to=handover.email, sent_link=link),
    )


@bp.post("/<uuid:agent_id>/deploy/handovers/<uuid:handover_id>/withdrawal")
@requires(Permission.EDIT_AGENTS)
def withdraw_handover(agent_id: uuid.UUID, handover_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    handovers.withdraw(agent, handover_id, by=current_teammate(), now=utc_now())
    return show_change(
        "admin/deploy/show.html",
        fragment="deploy_handover",
        otherwise=url_for(".show", agent_id=agent.id),
        **page_of(agent),
    )


def _problem(agent: Agent, form: HandoverForm) -> ResponseReturnValue:
    template = "admin/deploy/_handover.html" if is_partial() else "admin/deploy/show.html"
    return show_problem(template, **page_of(agent, handover_form=form))
