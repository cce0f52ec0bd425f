"""The admin's own test questions, and what came of them."""

import uuid
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.knowledge.blueprint import bp, counts_of, find_agent
from core import evaluations, jobs, knowledge
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.knowledge.wording import folded
from core.permissions import Permission
from models.agents import Agent
from models.knowledge import Entry
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page, show_change, show_problem

_PAGE = "admin/knowledge/evaluation.html"
_MOST_TITLES = 500


@bp.get("/tests")
@requires(Permission.VIEW)
def evaluation(agent_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_PAGE, fragment="tests", **_shown(find_agent(agent_id)))


@bp.post("/tests")
@requires(Permission.EDIT_KNOWLEDGE)
def add_test(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    typed = {name: request.form.get(name, "").strip()[:2000] for name in ("text", "expected")}
    try:
        expected = _expected(agent, typed["expected"])
        evaluations.add(agent, typed["text"], expected=expected, by=current_teammate(), now=utc_now())
    except (Conflict, Invalid) as refusal:
        return show_problem(_PAGE, fragment="tests", **_shown(agent, problem=refusal.message, typed=typed))
    return _changed(agent)


@bp.post("/tests/kept")
@requires(Permission.EDIT_KNOWLEDGE)
def keep_test(agent_id: uuid.UUID) -> ResponseReturnValue:
    """Make a test question of one that was just tried."""
    agent = find_agent(agent_id)
    entry_id = request.form.get("entry", "")
    try:
        expected = knowledge.find(current_workspace(), agent, uuid.UUID(entry_id)) if entry_id else None
        text = request.form.get("text", "")
        evaluations.add(agent, text, expected=expected, by=current_teammate(), now=utc_now())
        flash("Kept as a test question.", "success")
    except ValueError:
        flash("Say which question it should be answered with.", "error")
    except (Conflict, Invalid) as refusal:
        flash(refusal.message, "error")
    return go_to(url_for(".evaluation", agent_id=agent.id))


@bp.post("/tests/runs")
@requires(Permission.EDIT_KNOWLEDGE)
def run_tests(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    evaluations.start(agent, now=utc_now())
    return _changed(agent)


@bp.post("/tests/<uuid:question_id>/removal")
@requires(Permission.EDIT_KNOWLEDGE)
def remove_test(agent_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    question = evaluations.find(agent, question_id)
    evaluations.remove(agent, question, by=current_teammate(), now=utc_now())
    return _changed(agent)


def _changed(agent: Agent) -> ResponseReturnValue:
    otherwise = url_for(".evaluation", agent_id=agent.id)
    return show_change(_PAGE, fragment="tests", otherwise=otherwise, **_shown(agent))


def _expected(agent: Agent, title: str) -> Entry | None:
    """The entry of this question; nothing was written: it is to stay unanswered."""
    if not title:
        return None
    found = knowledge.listed(agent, search=title).entries
    entry = next((one for one in found if folded(one.question) == folded(title)), None)
    if entry is None:
        raise Invalid(f"There is no question “{title[:100]}”. Choose one from the list, or leave it empty.")
    return entry


def _shown(agent: Agent, *, problem: str = "", typed: dict[str, str] | None = None) -> dict[str, Any]:
    job = jobs.latest(current_workspace(), evaluations.JOB, agent.id)
    report = evaluations.report(agent)
    results = {result.question_id: result for result in report.results}
    return {
        "agent": agent,
        "counts": counts_of(agent),
        "questions": evaluations.questions(agent),
        "titles": evaluations.titles(agent, most=_MOST_TITLES),
        "report": report,
        "results": results,
        "history": evaluations.history(agent)[:10],
        "is_running": job is not None and not job.is_over,
        "problem": problem,
        "typed": typed or {"text": "", "expected": ""},
    }
