"""What closed conversations could teach, for a person to approve."""

import uuid
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.knowledge.blueprint import bp, counts_of, find_agent
from core import knowledge, proposals
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, requires
from web.fragments import is_partial, render_page, show_change, show_problem

_PAGE = "admin/knowledge/proposals.html"
_PER_PAGE = 25


@bp.get("/proposals")
@requires(Permission.VIEW)
def proposed(agent_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_PAGE, fragment="proposals", **_listed(find_agent(agent_id)))


@bp.post("/proposals/<uuid:proposal_id>/approval")
@requires(Permission.EDIT_KNOWLEDGE)
def approve(agent_id: uuid.UUID, proposal_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    proposal = proposals.find(agent, proposal_id)
    words = {name: request.form.get(name, "") for name in ("question", "answer")}
    try:
        proposals.approve(agent, proposal, **words, by=current_teammate(), now=utc_now())
    except Invalid as refusal:
        problem = {"id": proposal.id, "text": refusal.message, **words}
        return show_problem(_PAGE, fragment="proposals", **_listed(agent, problem=problem))
    if not is_partial():
        flash(f"{agent.name} is learning it.", "success")
    return _changed(agent)


@bp.post("/proposals/<uuid:proposal_id>/refusal")
@requires(Permission.EDIT_KNOWLEDGE)
def refuse(agent_id: uuid.UUID, proposal_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    proposals.refuse(agent, proposals.find(agent, proposal_id), by=current_teammate(), now=utc_now())
    return _changed(agent)


def _changed(agent: Agent) -> ResponseReturnValue:
    otherwise = url_for(".proposed", agent_id=agent.id)
    return show_change(_PAGE, fragment="proposals", otherwise=otherwise, **_listed(agent))


def _listed(agent: Agent, problem: dict[str, Any] | None = None) -> dict[str, Any]:
    every = proposals.listed(agent)
    pages = max(1, -(-len(every) // _PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = every[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    wanted = [proposal.entry_id for proposal in shown if proposal.entry_id]
    return {
        "agent": agent,
        "counts": counts_of(agent),
        "proposals": shown,
        "entries": {entry.id: entry for entry in knowledge.find_many(agent, wanted)},
        "number": number,
        "pages": pages,
        "problem": problem,
    }
