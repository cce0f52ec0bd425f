"""An agent and people: when it fetches one for a customer, and what it remembers of customers."""

import uuid
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.people.forms import HandoffForm, MemoryForm
from core import agents, business_hours, handoff_rules, handoffs, remembering, widget_configs, widget_words
from core.clock import utc_now
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("people", __name__, url_prefix="/admin/agents/<uuid:agent_id>/people")

_TEMPLATE = "admin/people/show.html"


@bp.get("")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page(_TEMPLATE, **_page(agent))


@bp.post("/handoff")
@requires(Permission.EDIT_AGENTS)
def change_handoff(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = HandoffForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="handoff", **_page(agent, handoff_form=form))
    handoff_rules.change(agent, form.rules, by=current_teammate(), now=utc_now())
    return _saved(agent, "handoff")


@bp.post("/memory")
@requires(Permission.EDIT_AGENTS)
def change_memory(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = MemoryForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="memory", **_page(agent, memory_form=form))
    remembering.change(agent, form.settings, by=current_teammate(), now=utc_now())
    return _saved(agent, "memory")


def _saved(agent: Agent, section: str) -> ResponseReturnValue:
    if not is_partial():
        flash("Saved.", "success")
    otherwise = url_for(".show", agent_id=agent.id, _anchor=section)
    return show_change(_TEMPLATE, fragment=section, otherwise=otherwise, **_page(agent, saved=section))


def _page(agent: Agent, **changes: Any) -> dict[str, Any]:
    config, _version = widget_configs.published(agent)
    rules = handoff_rules.of(agent)
    minutes = handoffs.usual_minutes(agent, config, now=utc_now())
    return {
        "agent": agent,
        "saved": "",
        "handoff_form": HandoffForm.of(rules),
        "memory_form": MemoryForm.of(remembering.of(agent)),
        "has_people": config.features.get("handoff", True),
        "has_hours": config.hours.is_on,
        "is_open": business_hours.is_open(config.hours, utc_now()),
        "coming": handoffs.coming_sentence(config, minutes, language=config.own_language),
        "leaving": widget_words.say(config.own_language, "handoff_away", own=config.words),
    } | changes
