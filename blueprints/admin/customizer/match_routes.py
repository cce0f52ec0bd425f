"""Match my website: reads a site's look and proposes a theme to accept or refuse."""

import uuid
from typing import Any

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from blueprints.admin.customizer.page import page_of
from blueprints.admin.customizer.saving import form_of
from config.settings import Settings
from core import agents, looks, pictures, site_looks, widget_configs
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.permissions import Permission
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.extensions import limiter
from web.fragments import go_to, is_partial, render_page


@bp.post("/<uuid:agent_id>/customizer/match")
@limiter.limit("20 per 10 minutes", key_func=lambda: str(current_teammate().id))
@requires(Permission.EDIT_AGENTS)
def create_match(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    settings: Settings = current_app.config["PORCHLIGHT"]
    address = request.form.get("site", "")
    try:
        look = site_looks.visit(address, allow_private=settings.allow_private_addresses)
    except (Invalid, Conflict) as refusal:
        return _shown(agent, site=address, problem=refusal.message), 422
    icon = site_looks.fetch_icon(look, allow_private=settings.allow_private_addresses)
    theme = site_looks.theme_for(look, widget_configs.drafted(agent).theme)
    return _shown(agent, site=address, matched=theme, matched_name=look.name, matched_icon=_kept(agent, icon))


@bp.post("/<uuid:agent_id>/customizer/match/adoption")
@requires(Permission.EDIT_AGENTS)
def adopt_match(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    draft, config = widget_configs.draft(agent), widget_configs.drafted(agent)
    theme = {name: request.form.get(f"matched_{name}") for name in ("accent", "paper", "ink", "surface", "font")}
    derived = dict.fromkeys(widget_configs.DERIVED_COLOURS, "")
    settings: dict[str, Any] = {"theme": {**theme, **derived}}
    if "with_icon" in request.form:
        settings["brand"] = {"avatar": request.form.get("matched_icon")}
    adopted, problems = looks.check(agent, settings, base=config)
    if problems:
        raise Invalid(" ".join(problems.values()))
    widget_configs.save_draft(agent, adopted, revision=draft.revision, by=current_teammate(), now=utc_now())
    flash("The look of your website is in the draft. Publish it when you like it.", "success")
    return go_to(url_for("customizer.show", agent_id=agent.id))


def _kept(agent: Agent, icon: bytes | None) -> dict[str, str] | None:
    """The icon, encoded anew, as it is shown with the proposal; not taken, it is swept with the unused pictures."""
    if icon is None:
        return None
    try:
        picture = pictures.add(agent, icon, use="avatar", crop=None, by=current_teammate(), now=utc_now())
    except Invalid:
        # Many a site's icon is no picture that is shown here: a drawing (SVG), or broken.
        return None
    return {"id": str(picture.id), "address": widget_configs.picture_url(str(picture.id))}


def _shown(agent: Agent, **values: Any) -> str:
    template = "admin/customizer/_match.html" if is_partial() else "admin/customizer/show.html"
    return render_page(template, **page_of(agent, form_of(agent)) | values)
