"""What an agent makes of its questions and answers: learning them, and trying one."""

import uuid
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.admin.knowledge.blueprint import bp, find_agent
from core import agents, knowledge, trials
from core.clock import utc_now
from core.permissions import Permission
from models.agents import Agent
from models.jobs import Job
from models.knowledge import Entry
from web.access import current_teammate, requires
from web.fragments import render_page, show_change
from web.templates import markdown


@bp.post("/preview")
@requires(Permission.EDIT_KNOWLEDGE)
def preview(agent_id: uuid.UUID) -> ResponseReturnValue:
    """The answer as customers will see it, while it is written."""
    find_agent(agent_id)
    return render_page("admin/knowledge/_preview.html", html=markdown(request.form.get("answer", "")))


@bp.get("/trial")
@requires(Permission.VIEW)
def try_question(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    question = request.args.get("text", "").strip()
    trial = trials.try_question(agent, question) if question else None
    if trial:
        agents.mark_tried(agent, now=utc_now())
    return render_page("admin/knowledge/trial.html", fragment="result", agent=agent, trial=trial, to_html=entry_to_html)


@bp.get("/learning")
@requires(Permission.VIEW)
def show_learning(agent_id: uuid.UUID) -> ResponseReturnValue:
    """How far the learning is; when it is over, that is said once."""
    agent = find_agent(agent_id)
    learning = learning_shown(agent) or ({} if "seen" in request.args else {"state": "ready"})
    return render_page("admin/knowledge/learning.html", fragment="learning", agent=agent, learning=learning)


@bp.post("/learning")
@requires(Permission.EDIT_KNOWLEDGE)
def start_learning(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    knowledge.start_learning(agent, now=utc_now())
    return _learning_changed(agent)


@bp.post("/learning/end")
@requires(Permission.EDIT_KNOWLEDGE)
def stop_learning(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    knowledge.stop_learning(agent, name=current_teammate().name, now=utc_now())
    return _learning_changed(agent)


def _learning_changed(agent: Agent) -> ResponseReturnValue:
    return show_change(
        "admin/knowledge/learning.html",
        fragment="learning",
        otherwise=url_for(".index", agent_id=agent.id),
        agent=agent,
        learning=learning_shown(agent) or {"state": "ready"},
    )


def learning_shown(agent: Agent) -> dict[str, Any]:
    """What there is to say about learning: nothing when all is known."""
    job: Job | None = knowledge.learning_of(agent)
    if job is None or (job.is_over and job.problem is None):
        return {}
    state = "stopped" if job.is_over else "busy"
    return {"state": state, "done": job.done, "total": job.total, "problem": job.problem}


def entry_to_html(entry: Entry) -> Markup:
    """The answer of an entry as customers see it."""
    return markdown(entry.answer)
