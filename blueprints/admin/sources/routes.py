"""Sources: the list, adding one, looking at one, reading it again, changing and deleting it."""

import uuid
from collections import Counter
from typing import Any

from flask import current_app, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.knowledge.blueprint import counts_of
from blueprints.admin.sources.blueprint import bp, find_agent, find_source
from blueprints.admin.sources.forms import FORMS, FileForm, NewerFileForm, PageForm, SourceForm, TextForm, change_form
from blueprints.admin.sources.page_routes import shown as page_shown
from blueprints.admin.sources.words import GROUPS, KINDS, STATUSES, facts_of
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.permissions import Permission
from core.sources import file_readers, handing_in, keeping, looking, readings
from core.sources.rules import WEB, Rules
from models.agents import Agent
from models.knowledge import Source, SourceKind
from web.access import current_teammate, is_allowed, requires
from web.fragments import go_to, is_partial, render_page, show_change, show_problem
from web.uploads import expect_files

_LIST = "admin/sources/index.html"
_NEW = "admin/sources/new.html"
_SHOW = "admin/sources/show.html"
_EDIT = "admin/sources/edit.html"
_WAYS = "any(site, page, sitemap, file, text)"


@bp.url_value_preprocessor
def expect_a_file(endpoint: str | None, _values: object) -> None:
    """Let a source be as large as the largest file that is read; only from who may teach."""
    if endpoint in ("sources.create", "sources.change") and is_allowed(Permission.EDIT_KNOWLEDGE):
        expect_files(1, largest=file_readers.LARGEST)


@bp.get("")
@requires(Permission.VIEW)
def index(agent_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_LIST, fragment="sources", **_listed(find_agent(agent_id)))


@bp.get(f"/new/<{_WAYS}:way>")
@requires(Permission.EDIT_KNOWLEDGE)
def new(agent_id: uuid.UUID, way: str) -> ResponseReturnValue:
    agent, kind = find_agent(agent_id), SourceKind(way)
    return render_page(_NEW, fragment="choice", agent=agent, kind=kind, kinds=KINDS, form=FORMS[kind](formdata=None))


@bp.post(f"/new/<{_WAYS}:way>")
@requires(Permission.EDIT_KNOWLEDGE)
def create(agent_id: uuid.UUID, way: str) -> ResponseReturnValue:
    agent, kind = find_agent(agent_id), SourceKind(way)
    form = FORMS[kind]()
    source = _added(agent, kind, form) if form.validate() else None
    if source is None:
        return show_problem(_NEW, fragment="source_form", agent=agent, kind=kind, kinds=KINDS, form=form)
    return go_to(url_for(".show", agent_id=agent.id, source_id=source.id))


@bp.get("/<uuid:source_id>")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_SHOW, fragment="pages", **_shown(*find_source(agent_id, source_id)))


@bp.get("/<uuid:source_id>/reading")
@requires(Permission.VIEW)
def show_reading(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    """How far the reading is; when it is over, the list of pages is told so."""
    agent, source = find_source(agent_id, source_id)
    values = _shown(agent, source)
    response = make_response(render_page(_SHOW, fragment="reading", **values))
    if is_partial() and not values["reading"].is_under_way:
        response.headers["HX-Trigger"] = "source-read"
    return response


@bp.post("/<uuid:source_id>/reading")
@requires(Permission.EDIT_KNOWLEDGE)
def start_reading(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    """Read anew, or go on with what was stopped."""
    agent, source = find_source(agent_id, source_id)
    begin = readings.go_on if "rest" in request.form else readings.start
    try:
        begin(source, by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        if not is_partial():
            flash(refusal.message, "warning")
    return _reading_changed(agent, source)


@bp.post("/<uuid:source_id>/reading/end")
@requires(Permission.EDIT_KNOWLEDGE)
def stop_reading(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    agent, source = find_source(agent_id, source_id)
    readings.stop(source, by=current_teammate(), now=utc_now())
    return _reading_changed(agent, source)


@bp.get("/<uuid:source_id>/change")
@requires(Permission.EDIT_KNOWLEDGE)
def edit(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    agent, source = find_source(agent_id, source_id)
    return render_page(_EDIT, agent=agent, source=source, kind=source.kind, form=change_form(source, _text_of(source)))


@bp.post("/<uuid:source_id>/change")
@requires(Permission.EDIT_KNOWLEDGE)
def change(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    agent, source = find_source(agent_id, source_id)
    form = change_form(source, _text_of(source))
    if not (form.validate() and _is_changed(source, form)):
        values = {"agent": agent, "source": source, "kind": source.kind, "form": form}
        return show_problem(_EDIT, fragment="change_form", **values)
    flash("Saved. The next reading goes by it." if source.kind in WEB else "Saved.", "success")
    return go_to(url_for(".show", agent_id=agent.id, source_id=source.id))


@bp.get("/<uuid:source_id>/removal")
@requires(Permission.EDIT_KNOWLEDGE)
def ask_to_delete(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    agent, source = find_source(agent_id, source_id)
    entries = keeping.count_entries(source)
    return render_page("admin/sources/removal.html", fragment="dialog", agent=agent, source=source, entries=entries)


@bp.post("/<uuid:source_id>/removal")
@requires(Permission.EDIT_KNOWLEDGE)
def delete(agent_id: uuid.UUID, source_id: uuid.UUID) -> ResponseReturnValue:
    agent, source = find_source(agent_id, source_id)
    title = source.title
    keeping.delete(agent, source, by=current_teammate(), now=utc_now())
    flash(f"{agent.name} has forgotten {title}.", "success")
    return go_to(url_for(".index", agent_id=agent.id))


def _added(agent: Agent, kind: SourceKind, form: SourceForm) -> Source | None:
    """The new source; None when it was refused, which the form then says."""
    who: dict[str, Any] = {"by": current_teammate(), "now": utc_now()}
    title = form.title.data or ""
    try:
        if isinstance(form, FileForm):
            return handing_in.add_file(agent, form.handed_in(), title=title, **who)
        if isinstance(form, TextForm):
            return handing_in.add_text(agent, form.text.data, title=title, **who)
        if isinstance(form, PageForm):
            return keeping.add(
                agent,
                kind,
                title=title,
                address=form.address.data,
                rules=form.rules(),
                read_every_hours=form.hours,
                allow_private=current_app.config["PORCHLIGHT"].allow_private_addresses,
                **who,
            )
    except Invalid as refusal:
        form.form_errors.append(refusal.message)
    return None


def _is_changed(source: Source, form: SourceForm) -> bool:
    """Whether the change was made; a refusal is said by the form."""
    who: dict[str, Any] = {"by": current_teammate(), "now": utc_now()}
    rules, hours = (form.rules(), form.hours) if isinstance(form, PageForm) else (Rules.of(source), None)
    try:
        keeping.change(source, title=form.title.data or "", rules=rules, read_every_hours=hours, **who)
        if isinstance(form, TextForm) and form.text.data != _text_of(source):
            handing_in.rewrite_text(source, form.text.data, **who)
        if isinstance(form, NewerFileForm) and (newer := form.handed_in()):
            handing_in.replace_file(source, newer, **who)
    except (Conflict, Invalid) as refusal:
        form.form_errors.append(refusal.message)
        return False
    return True


def _text_of(source: Source) -> str:
    return handing_in.text_page(source).text or "" if source.kind == SourceKind.TEXT else ""


def _reading_changed(agent: Agent, source: Source) -> ResponseReturnValue:
    return show_change(
        _SHOW,
        fragment="reading",
        otherwise=url_for(".show", agent_id=agent.id, source_id=source.id),
        **_shown(agent, source),
    )


def _listed(agent: Agent) -> dict[str, Any]:
    sources = keeping.listed(agent)
    entries, statuses = looking.count_entries(sources), looking.count_statuses(sources)
    return {
        "agent": agent,
        "sources": sources,
        "kinds": KINDS,
        "jobs": looking.under_way(sources),
        "facts": {source.id: facts_of(source, statuses[source.id], entries[source.id]) for source in sources},
        "counts": counts_of(agent),
    }


def _shown(agent: Agent, source: Source) -> dict[str, Any]:
    """What the page of a source shows: how its reading is, and one page of the list of what was read."""
    if source.kind not in WEB:
        of_page = page_shown(agent, source, handing_in.text_page(source))
        counts = looking.count_statuses([source])[source.id]
        return of_page | {
            "kinds": KINDS,
            "reading": readings.state(source),
            "facts": facts_of(source, counts, keeping.count_entries(source)),
        }
    wanted = GROUPS.get(request.args.get("show", ""))
    search = request.args.get("q", "").strip()[:200]
    counts = looking.count_statuses([source])[source.id]
    return {
        "agent": agent,
        "source": source,
        "kinds": KINDS,
        "reading": readings.state(source),
        "facts": facts_of(source, counts, keeping.count_entries(source)),
        "groups": {key: (name, sum(counts[one] for one in of)) for key, (name, of) in GROUPS.items()},
        "shown": request.args.get("show", "") if wanted else "",
        "search": search,
        "statuses": STATUSES,
        "total": sum(Counter(counts).values()),
        "found": looking.pages_of(
            source,
            statuses=wanted[1] if wanted else (),
            search=search,
            number=request.args.get("page", 1, type=int),
        ),
        "is_web": True,
    }
