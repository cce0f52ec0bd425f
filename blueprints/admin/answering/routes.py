"""How an agent answers: its manner in the words of a language model, and what it may spend on that."""

import uuid
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.answering import words
from blueprints.admin.answering.forms import LimitsForm, MannerForm
from core import agents, answer_settings, language_models, spending
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("answering", __name__, url_prefix="/admin/agents/<uuid:agent_id>/answering")

_TEMPLATE = "admin/answering/index.html"


@bp.get("/")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    return render_page(_TEMPLATE, **_page(agents.find(current_workspace(), agent_id)))


@bp.post("/manner")
@requires(Permission.EDIT_AGENTS)
def change_manner(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = MannerForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="manner", **_page(agent, manner_form=form))
    try:
        answer_settings.set_manner(agent, form.manner(), by=current_teammate(), now=utc_now())
    except Invalid as refusal:
        form.guardrails.errors = [refusal.message]
        return show_problem(_TEMPLATE, fragment="manner", **_page(agent, manner_form=form))
    return _saved(agent, "manner")


@bp.post("/spending")
@requires(Permission.MANAGE_MODELS)
def change_spending(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = LimitsForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="spending", **_page(agent, limits_form=form))
    answer_settings.set_limits(agent, form.limits(), by=current_teammate(), now=utc_now())
    return _saved(agent, "spending")


def _saved(agent: Agent, section: str) -> ResponseReturnValue:
    if not is_partial():
        flash("Saved.", "success")
    address = url_for(".show", agent_id=agent.id, _anchor=section)
    return show_change(_TEMPLATE, fragment=section, otherwise=address, **_page(agent, saved=section))


def _page(agent: Agent, **changes: Any) -> dict[str, Any]:
    settings = answer_settings.of(agent.id)
    return {
        "agent": agent,
        "words": words,
        "saved": "",
        "manner_form": MannerForm.of(settings.manner),
        "limits_form": LimitsForm.of(settings.limits),
        "has_models": bool(language_models.endpoints(agent.workspace_id)),
        "used": spending.today(agent.id, now=utc_now()),
    } | changes
