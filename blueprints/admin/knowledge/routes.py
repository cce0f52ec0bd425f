"""Questions and answers: the list, one entry, and their order."""

import uuid
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.knowledge import evaluation_routes, import_routes, proposal_routes, unanswered_routes
from blueprints.admin.knowledge.blueprint import bp, counts_of, find_agent
from blueprints.admin.knowledge.forms import EntryForm
from blueprints.admin.knowledge.learning_routes import entry_to_html, learning_shown
from core import knowledge, rich_text, unanswered
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.permissions import Permission
from core.sources import looking
from models.agents import Agent
from models.knowledge import Entry
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, is_partial, render_page, show_change, show_problem
from web.templates import markdown

__all__ = ["bp", "evaluation_routes", "import_routes", "proposal_routes", "unanswered_routes"]

_LIST = "admin/knowledge/index.html"
_ENTRY = "admin/knowledge/entry.html"


@bp.get("")
@requires(Permission.VIEW)
def index(agent_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_LIST, fragment="entries", **_listed(find_agent(agent_id)))


@bp.get("/archive")
@requires(Permission.VIEW)
def archived(agent_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_LIST, fragment="entries", **_listed(find_agent(agent_id), archived=True))


@bp.post("")
@requires(Permission.EDIT_KNOWLEDGE)
def create(agent_id: uuid.UUID) -> ResponseReturnValue:
    """Add one from the list itself, and be ready for the next."""
    agent, form = find_agent(agent_id), EntryForm()
    if not form.validate():
        return show_problem(_LIST, fragment="teaching", **_listed(agent, form=form))
    entry = _taught(agent, form)
    if not is_partial():
        flash(f"Added: {entry.question}", "success")
    return show_change(
        _LIST,
        fragment="teaching",
        otherwise=url_for(".index", agent_id=agent.id),
        **_listed(agent, form=EntryForm(formdata=None), added=entry, from_start=True),
    )


@bp.get("/new")
@requires(Permission.EDIT_KNOWLEDGE)
def new(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    return render_page(_ENTRY, **_edited(agent, _prefilled(agent)))


@bp.post("/new")
@requires(Permission.EDIT_KNOWLEDGE)
def create_at_length(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent, form = find_agent(agent_id), EntryForm()
    if not form.validate():
        return show_problem(_ENTRY, fragment="entry_form", **_edited(agent, form))
    _taught(agent, form)
    flash(f"{agent.name} is learning the answer.", "success")
    return go_to(url_for(".open_questions" if form.asked.data else ".index", agent_id=agent.id))


@bp.get("/<uuid:entry_id>")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    entry = knowledge.find(current_workspace(), agent, entry_id)
    return render_page(_ENTRY, **_edited(agent, EntryForm.of(entry), entry))


@bp.post("/<uuid:entry_id>")
@requires(Permission.EDIT_KNOWLEDGE)
def change(agent_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    entry, form = knowledge.find(current_workspace(), agent, entry_id), EntryForm()
    if not form.validate():
        return show_problem(_ENTRY, fragment="entry_form", **_edited(agent, form, entry))
    try:
        knowledge.change(agent, entry, **form.texts(), by=current_teammate(), now=utc_now(), seen=form.seen_at())
    except Conflict as refusal:
        entry = knowledge.find(current_workspace(), agent, entry_id)
        form.form_errors.append(refusal.message)
        # Whoever saves again has seen the other text beside their own.
        form.seen.data = entry.updated_at.isoformat()
        return show_problem(_ENTRY, fragment="entry_form", **_edited(agent, form, entry, theirs=entry))
    flash("Saved.", "success")
    origin = looking.origins_of([entry]).get(entry.id)
    if origin:
        source, page = origin
        return go_to(url_for("sources.show_page", agent_id=agent.id, source_id=source.id, page_id=page.id))
    return go_to(url_for(".index", agent_id=agent.id, page=knowledge.page_of(entry)))


@bp.post("/<uuid:entry_id>/archive")
@requires(Permission.EDIT_KNOWLEDGE)
def archive(agent_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    entry = knowledge.find(current_workspace(), agent, entry_id)
    knowledge.archive(agent, entry, by=current_teammate(), now=utc_now())
    return show_change(
        _LIST,
        fragment="entries",
        otherwise=url_for(".index", agent_id=agent.id, put_away=entry.id),
        **_listed(agent, put_away=entry),
    )


@bp.post("/<uuid:entry_id>/restoration")
@requires(Permission.EDIT_KNOWLEDGE)
def restore(agent_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    agent = find_agent(agent_id)
    entry = knowledge.find(current_workspace(), agent, entry_id)
    knowledge.restore(agent, entry, by=current_teammate(), now=utc_now())
    is_undone = "undo" in request.args
    return show_change(
        _LIST,
        fragment="entries",
        otherwise=url_for(".index", agent_id=agent.id, page=knowledge.page_of(entry)),
        **_listed(agent, archived=not is_undone, brought_back=entry),
    )


@bp.post("/order")
@requires(Permission.EDIT_KNOWLEDGE)
def reorder(agent_id: uuid.UUID) -> ResponseReturnValue:
    """Move one entry a step up or down, or next to another one."""
    agent = find_agent(agent_id)
    for name, move in (("up", knowledge.move_up), ("down", knowledge.move_down)):
        if name in request.form:
            entry = _entry_named(agent, name)
            move(agent, entry)
            break
    else:
        entry = _entry_named(agent, "entry")
        side = "before" if request.form.get("before") else "after"
        knowledge.move(agent, entry, **{side: _entry_named(agent, side)})
    page = knowledge.page_of(entry)
    return show_change(
        _LIST,
        fragment="entries",
        otherwise=url_for(".index", agent_id=agent.id, page=page),
        **_listed(agent, moved=entry, number=page),
    )


def _listed(
    agent: Agent,
    *,
    archived: bool = False,
    form: EntryForm | None = None,
    from_start: bool = False,
    number: int | None = None,
    **notes: Any,
) -> dict[str, Any]:
    """What the list shows.

    Args:
        from_start: whatever was searched for, show the first page of all.
        notes: what has just happened: the entry that was `added`, `put_away`, `brought_back` or `moved`.
    """
    search = "" if from_start else request.args.get("q", "").strip()[:200]
    wanted = number or (1 if from_start else request.args.get("page", 1, type=int))
    page = knowledge.listed(agent, search=search, archived=archived, page=wanted, only_written=not search)
    return {
        "agent": agent,
        "page": page,
        "origins": looking.origins_of(page.entries),
        "search": search,
        "archived": archived,
        "counts": counts_of(agent),
        "learning": learning_shown(agent),
        "form": form or _prefilled(agent),
        "trial": None,
        "to_html": entry_to_html,
        "to_text": rich_text.to_text,
        "focus": _row_after(notes.get("put_away"), page),
        "happened": {"added": None, "put_away": _just_put_away(agent), "brought_back": None, "moved": None} | notes,
    }


def _row_after(put_away: Entry | None, page: knowledge.Page) -> Entry | None:
    """The row that has moved to where the archived one stood: the focus goes there, and not to the top of the page."""
    if put_away is None:
        return None
    place = (put_away.position, put_away.id)
    return next((entry for entry in page.entries if (entry.position, entry.id) > place), None)


def _edited(agent: Agent, form: EntryForm, entry: Entry | None = None, theirs: Entry | None = None) -> dict[str, Any]:
    return {
        "agent": agent,
        "form": form,
        "entry": entry,
        "origin": looking.origins_of([entry]).get(entry.id) if entry else None,
        "theirs": theirs,
        "html": markdown(form.answer.data or ""),
        "to_html": entry_to_html,
    }


def _prefilled(agent: Agent) -> EntryForm:
    """An empty form, or one that begins with a customer's question from the address, and how others have asked it."""
    asked = request.args.get("question", "")[:2000]
    ways = "\n".join(unanswered.ways_to_ask(agent, asked)) if asked else ""
    return EntryForm(formdata=None, question=unanswered.shortened(asked), asked=asked, phrasings=ways)


def _taught(agent: Agent, form: EntryForm) -> Entry:
    return unanswered.answer(agent, asked=form.asked.data or "", **form.texts(), by=current_teammate(), now=utc_now())


def _just_put_away(agent: Agent) -> Entry | None:
    entry_id = request.args.get("put_away", type=uuid.UUID)
    found = knowledge.find_many(agent, [entry_id]) if entry_id else []
    return next((entry for entry in found if entry.archived_at), None)


def _entry_named(agent: Agent, field: str) -> Entry:
    try:
        entry_id = uuid.UUID(request.form.get(field, ""))
    except ValueError:
        raise Invalid("Say which question is to be moved, and where.") from None
    return knowledge.find(current_workspace(), agent, entry_id)
