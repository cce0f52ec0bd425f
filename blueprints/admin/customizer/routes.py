"""How the widget looks: its draft, what is published, and what was."""

import uuid
from typing import Any

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from blueprints.admin.customizer.forms import LookForm, fresh_form, look_form
from blueprints.admin.customizer.sections import SECTIONS, css, features, launcher
from blueprints.admin.customizer.sections.theme import preset_key
from blueprints.admin.customizer.talk import away_of, talk_of
from core import agents, custom_css, looks, signing, widget_configs
from core.clock import utc_now
from core.errors import Conflict
from core.permissions import Permission
from core.signing import Kind
from core.widget_configs import WidgetConfig
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, is_partial, render_page
from web.preview_pages import preview_page


@bp.get("/<uuid:agent_id>/customizer")
@requires(Permission.VIEW)
def show(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page("admin/customizer/show.html", **page_of(agent, form_of(agent)))


@bp.post("/<uuid:agent_id>/customizer/draft")
@requires(Permission.EDIT_AGENTS)
def update_draft(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = form_of(agent)
    try:
        problems = _save(agent, form)
    except Conflict as conflict:
        return _answer(agent, form, conflict=conflict.message), 409
    if problems:
        return _answer(agent, form, problems=problems), 422
    return _answer(agent, form) if is_partial() else redirect(url_for(".show", agent_id=agent.id), 303)


@bp.post("/<uuid:agent_id>/customizer/publication")
@requires(Permission.EDIT_AGENTS)
def create_publication(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    form = form_of(agent)
    try:
        problems = _save(agent, form)
    except Conflict as conflict:
        return _answer(agent, form, conflict=conflict.message), 409
    if problems:
        return _answer(agent, form, problems=problems), 422
    widget_configs.publish(agent, by=current_teammate(), now=utc_now())
    return _answer(agent, form) if is_partial() else redirect(url_for(".show", agent_id=agent.id), 303)


@bp.post("/<uuid:agent_id>/customizer/discarding")
@requires(Permission.EDIT_AGENTS)
def create_discarding(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    widget_configs.discard(agent, by=current_teammate(), now=utc_now())
    flash("Your draft is dropped. This is what customers see.", "info")
    return go_to(url_for(".show", agent_id=agent.id))


@bp.get("/<uuid:agent_id>/customizer/history")
@requires(Permission.VIEW)
def show_history(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return render_page(
        "admin/customizer/history.html",
        fragment="history_dialog",
        agent=agent,
        versions=_versions(agent),
        has_changes=widget_configs.has_changes(agent),
    )


@bp.post("/<uuid:agent_id>/customizer/history/<int(max=2147483647):number>/restoration")
@requires(Permission.EDIT_AGENTS)
def create_restoration(agent_id: uuid.UUID, number: int) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    version = widget_configs.restore(agent, number, by=current_teammate(), now=utc_now())
    flash(f"Version {number} is what customers see again, as version {version.number}.", "success")
    return go_to(url_for(".show", agent_id=agent.id))


@bp.get("/<uuid:agent_id>/preview")
@requires(Permission.VIEW)
def show_preview(agent_id: uuid.UUID) -> Response:
    agent = agents.find(current_workspace(), agent_id)
    token = signing.sign(Kind.PREVIEW, {"agent": str(agent.id)})
    return preview_page(agent, token, ancestors="'self'")


def _versions(agent: Agent) -> list[dict[str, Any]]:
    """The published versions, the newest first, each with its look and what it changed."""
    rows = widget_configs.history(agent)
    looks = [WidgetConfig.from_settings(row.settings) for row in rows]
    earlier: list[WidgetConfig | None] = [*looks[1:], None]
    return [
        {
            "row": row,
            "config": look,
            "changes": widget_configs.changes(before, look) if before else (),
            "from_now": widget_configs.changes(looks[0], look),
        }
        for row, look, before in zip(rows, looks, earlier, strict=True)
    ]


def form_of(agent: Agent) -> LookForm:
    """The form with the draft in it, and what was posted over it."""
    draft = widget_configs.draft(agent)
    return look_form(WidgetConfig.from_settings(draft.settings), revision=draft.revision)


def _save(agent: Agent, form: LookForm) -> dict[str, str]:
    """Keep what can be used of the form as the draft.

    Returns:
        A sentence for each part that cannot be used and stays as it was.

    Raises:
        Conflict: when somebody else has saved since.
    """
    if not form.validate():
        raise Conflict("This page does not know which draft it began from.")
    config, problems = looks.check(agent, form.settings(), base=widget_configs.drafted(agent))
    widget_configs.save_draft(
        agent,
        config,
        revision=form.revision.data if form.over.data is None else form.over.data,
        by=current_teammate(),
        now=utc_now(),
    )
    return problems


def _answer(agent: Agent, form: LookForm, *, problems: dict[str, str] | None = None, conflict: str = "") -> str:
    """The draft's state for htmx, the whole page with what was typed for a plain post."""
    template = "admin/customizer/_answer.html" if is_partial() else "admin/customizer/show.html"
    return render_page(template, **page_of(agent, form, problems=problems, conflict=conflict))


def page_of(
    agent: Agent, form: LookForm, *, problems: dict[str, str] | None = None, conflict: str = ""
) -> dict[str, Any]:
    """What the customizer shows."""
    draft = widget_configs.draft(agent)
    config = WidgetConfig.from_settings(draft.settings)
    published, version = widget_configs.published(agent)
    # After a conflict, form and preview both go on showing what was typed here.
    shown = looks.check(agent, form.settings(), base=config)[0] if conflict else config
    key_before = form.preset_before.data or ""
    is_repainted = form.picked_preset and not conflict
    if is_repainted:
        form = fresh_form(config, revision=draft.revision)
    first, second = widget_configs.gradient_of(shown.launcher, shown.theme.accent)
    return {
        "agent": agent,
        "form": form,
        "preset_key": preset_key(shown),
        "is_repainted": is_repainted,
        "is_other_preset": preset_key(shown) != key_before,
        "draft": draft,
        "look": widget_configs.previewed_look_of(shown) | away_of(shown),
        "theme": shown.theme,
        "shown_light": widget_configs.light_of(shown.theme),
        "shown_dark": widget_configs.dark_of(shown.theme),
        "light_of": widget_configs.light_of,
        "dark_of": widget_configs.dark_of,
        "presets": widget_configs.PRESETS,
        "measures": widget_configs.MEASURES,
        "packaged_fonts": widget_configs.PACKAGED_FONTS,
        "colour_fields": (*widget_configs.COLOURS, *widget_configs.DERIVED_COLOURS),
        "launcher_colours": launcher.COLOURS,
        "launcher_measures": widget_configs.LAUNCHER_MEASURES,
        "launcher_shown": {"colour": first, "second_colour": second},
        "tried_page": _tried(shown, form.tried_page.data or ""),
        "advice": widget_configs.advice_on(shown.theme, shown.launcher),
        "version": version,
        "changes": widget_configs.changes(published, config),
        "site": agent.site_url or "",
        "problem": "",
        "matched": None,
        "matched_name": "",
        "problems": problems or {},
        "css_problems": custom_css.sanitize(form.custom_css.data or "").problems,
        "css_names": css.NAMES,
        "feature_sentences": features.SENTENCES,
        "problem_names": [name for section in SECTIONS for name in section.PROBLEMS],
        **talk_of(form, shown),
        "conflict": conflict,
        "revision": (form.revision.data or 0) if conflict else draft.revision,
    }


def _tried(config: WidgetConfig, address: str) -> str:
    """Whether the launcher is shown on a page that somebody asks about, as a sentence."""
    if not address.strip():
        return ""
    return "It is shown there." if widget_configs.is_shown_on(config.launcher, address) else "It is not shown there."
