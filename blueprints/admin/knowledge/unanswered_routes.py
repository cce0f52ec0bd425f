"""Questions that the agent could not answer."""

import uuid
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.knowledge.blueprint import bp, counts_of, find_agent
from core import knowledge, unanswered
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from core.unanswered import Question
from models.agents import Agent
from models.knowledge import Entry
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page, show_change, show_problem

_LIST = "admin/knowledge/unanswered.html"
_CHOICE = "admin/knowledge/choice.html"
_PER_PAGE = 25


@bp.get("/unanswered")
@requires(Permission.VIEW)
def open_questions(agent_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_LIST, fragment="questions", **_listed(find_agent(agent_id)))


@bp.post("/unanswered/<uuid:message_id>/dismissal")
@requires(Permission.EDIT_KNOWLEDGE)
def dismiss(agent_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    unanswered.dismiss(agent, unanswered.find(agent, message_id), now=utc_now())
    return show_change(
        _LIST,
        fragment="questions",
        otherwise=url_for(".open_questions", agent_id=agent.id),
        **_listed(agent),
    )


@bp.get("/unanswered/<uuid:message_id>")
@requires(Permission.EDIT_KNOWLEDGE)
def choose_entry(agent_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    """Which entry answers it already, if only it were asked like this?"""
    agent = find_agent(agent_id)
    return render_page(_CHOICE, fragment="choices", **_offered(agent, unanswered.find(agent, message_id)))


@bp.post("/unanswered/<uuid:message_id>/phrasing")
@requires(Permission.EDIT_KNOWLEDGE)
def add_phrasing(agent_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    question = unanswered.find(agent, message_id)
    try:
        entry = _chosen(agent)
        unanswered.add_as_phrasing(agent, question, entry, by=current_teammate(), now=utc_now())
    except Invalid as refusal:
        return show_problem(_CHOICE, fragment="choices", **_offered(agent, question, problem=refusal.message))
    flash(f"{agent.name} is learning that it means “{entry.question}”.", "success")
    return go_to(url_for(".open_questions", agent_id=agent.id))


def _listed(agent: Agent) -> dict[str, Any]:
    questions = unanswered.listed(agent)
    pages = max(1, -(-len(questions) // _PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = questions[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    return {
        "agent": agent,
        "questions": shown,
        "closest": {question.message_id: _closest(agent, question) for question in shown},
        "number": number,
        "pages": pages,
        "counts": counts_of(agent),
    }


def _closest(agent: Agent, question: Question) -> Entry | None:
    """The entry that may answer it already; none where nothing comes near."""
    return next(iter(unanswered.near_entries(agent, question)), None)


def _offered(agent: Agent, question: Question, problem: str = "") -> dict[str, Any]:
    search = request.args.get("q", "").strip()[:200]
    entries = (
        knowledge.listed(agent, search=search).entries if search else unanswered.suggested_entries(agent, question)
    )
    return {"agent": agent, "question": question, "entries": entries, "search": search, "problem": problem}


def _chosen(agent: Agent) -> Entry:
    try:
        entry_id = uuid.UUID(request.form.get("entry", ""))
    except ValueError:
        raise Invalid("Choose the question that it means.") from None
    return knowledge.find(current_workspace(), agent, entry_id)
