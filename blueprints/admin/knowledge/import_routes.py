"""Lists that come in and go out."""

import uuid

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from blueprints.admin.knowledge.blueprint import bp, find_agent
from blueprints.admin.knowledge.forms import ImportForm
from core import exports, imports
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.knowledge import Action, ImportResult, Plan
from core.permissions import Permission
from models.agents import Agent
from models.knowledge import KnowledgeImport
from web.access import current_teammate, requires
from web.fragments import go_to, render_page, show_problem
from web.templates import count

_UPLOAD = "admin/knowledge/import.html"
_PREVIEW = "admin/knowledge/import_preview.html"
_PER_PAGE = 50
_KINDS = {
    "csv": (exports.as_csv, "text/csv; charset=utf-8"),
    "json": (exports.as_json, "application/json"),
}


@bp.get("/imports")
@requires(Permission.EDIT_KNOWLEDGE)
def choose_list(agent_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_UPLOAD, agent=find_agent(agent_id), form=ImportForm())


@bp.post("/imports")
@requires(Permission.EDIT_KNOWLEDGE)
def read_list(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent, form = find_agent(agent_id), ImportForm()
    content, name = form.content()
    try:
        if not content.strip():
            raise Invalid("Choose a file, or paste a list.")
        kept = imports.keep(agent, content, filename=name, now=utc_now())
    except Invalid as refusal:
        form.form_errors.append(refusal.message)
        return show_problem(_UPLOAD, fragment="import_form", agent=agent, form=form)
    return go_to(url_for(".show_list", agent_id=agent.id, import_id=kept.id))


@bp.get("/imports/<uuid:import_id>")
@requires(Permission.EDIT_KNOWLEDGE)
def show_list(agent_id: uuid.UUID, import_id: uuid.UUID) -> ResponseReturnValue:
    """What importing the list would do, before it does."""
    agent = find_agent(agent_id)
    return _shown(agent, imports.find(agent, import_id))


@bp.post("/imports/<uuid:import_id>")
@requires(Permission.EDIT_KNOWLEDGE)
def finish_list(agent_id: uuid.UUID, import_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    kept = imports.find(agent, import_id)
    try:
        result = imports.finish(
            agent,
            kept,
            expected=request.form.get("expected", ""),
            only_good=bool(request.form.get("only_good")),
            by=current_teammate(),
            now=utc_now(),
        )
    except (Conflict, Invalid) as refusal:
        return _shown(agent, imports.find(agent, import_id), problem=refusal.message), 422
    flash(_in_words(result), "success")
    return go_to(url_for(".index", agent_id=agent.id))


@bp.post("/imports/<uuid:import_id>/removal")
@requires(Permission.EDIT_KNOWLEDGE)
def drop_list(agent_id: uuid.UUID, import_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    imports.drop(imports.find(agent, import_id))
    flash("Nothing was imported.", "info")
    return go_to(url_for(".choose_list", agent_id=agent.id))


@bp.get("/questions.<any(csv, json):kind>")
@requires(Permission.VIEW)
def export(agent_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    write, mimetype = _KINDS[kind]
    name = secure_filename(agent.name).lower() or "agent"
    return _download(write(agent), mimetype, f"{name}-questions-{utc_now():%Y-%m-%d}.{kind}")


@bp.get("/example.csv")
@requires(Permission.VIEW)
def example(agent_id: uuid.UUID) -> ResponseReturnValue:
    find_agent(agent_id)
    return _download(exports.example(), _KINDS["csv"][1], "example-questions.csv")


def _shown(agent: Agent, kept: KnowledgeImport, problem: str = "") -> str:
    plan = imports.plan(agent, kept)
    shown = _chosen_action(plan)
    rows = plan.of(shown)
    pages = max(1, -(-len(rows) // _PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_page(
        _PREVIEW,
        fragment="plan",
        agent=agent,
        kept=kept,
        counts=plan.counts(),
        actions=[action for action in Action if plan.counts()[action]],
        Action=Action,
        shown=shown,
        rows=rows[(number - 1) * _PER_PAGE : number * _PER_PAGE],
        number=number,
        pages=pages,
        fingerprint=plan.fingerprint,
        problem=problem,
    )


def _chosen_action(plan: Plan) -> Action:
    """The kind of rows to show: the one that was asked for, else problems first."""
    counts = plan.counts()
    wanted = request.args.get("show", "")
    for action in (*(action for action in Action if action == wanted), Action.PROBLEM, Action.CHANGED, Action.NEW):
        if counts[action]:
            return action
    return Action.UNCHANGED


def _in_words(result: ImportResult) -> str:
    parts = [
        f"{count(number, 'question')} {word}"
        for number, word in (
            (result.new, "added"),
            (result.changed, "changed"),
            (result.unchanged, "left as they were"),
        )
        if number
    ]
    if result.left_out:
        parts.append(f"{count(result.left_out, 'row')} left out")
    return f"Imported: {', '.join(parts)}."


def _download(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=mimetype, headers=headers)
