"""The published versions: what each changed, two of them side by side, and bringing one back."""

import uuid
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from core import agents, widget_configs
from core.clock import utc_now
from core.errors import NotFound
from core.permissions import Permission
from core.widget_configs import WidgetConfig
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page

_PAGE = 20
_DRAFT = "draft"
_HIGHEST = 2**31 - 1
_LONGEST_NUMBER = len(str(_HIGHEST))


@bp.get("/<uuid:agent_id>/customizer/history")
@requires(Permission.VIEW)
def show_history(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    before = request.args.get("before", default=_HIGHEST, type=int)
    versions, has_more = _versions(agent, below=min(max(before, 0), _HIGHEST))
    return render_page(
        "admin/customizer/history.html",
        fragment="more_versions" if "before" in request.args else "history_dialog",
        agent=agent,
        versions=versions,
        has_more=has_more,
        version=widget_configs.published(agent)[1],
        has_changes=widget_configs.has_changes(agent),
    )


@bp.get("/<uuid:agent_id>/customizer/comparison")
@requires(Permission.VIEW)
def show_comparison(agent_id: uuid.UUID) -> str:
    """Two looks side by side; without a choice, what customers see and the draft."""
    agent = agents.find(current_workspace(), agent_id)
    _config, latest = widget_configs.published(agent)
    sides = [_side(agent, request.args.get("left", str(latest))), _side(agent, request.args.get("right", _DRAFT))]
    return render_page(
        "admin/customizer/comparison.html",
        agent=agent,
        sides=sides,
        latest=latest,
        choices=_choices(agent, latest),
        changes=widget_configs.changes(sides[0]["config"], sides[1]["config"]),
    )


@bp.post("/<uuid:agent_id>/customizer/history/<int(max=2147483647):number>/restoration")
@requires(Permission.EDIT_AGENTS)
def create_restoration(agent_id: uuid.UUID, number: int) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    version = widget_configs.restore(agent, number, by=current_teammate(), now=utc_now())
    flash(f"Version {number} is what customers see again, as version {version.number}.", "success")
    return go_to(url_for(".show", agent_id=agent.id))


def _versions(agent: Agent, *, below: int) -> tuple[list[dict[str, Any]], bool]:
    """Published versions with what each changed, the newest first; and whether there are earlier ones."""
    now, _latest = widget_configs.published(agent)
    rows = widget_configs.history(agent, below=below, most=_PAGE + 1)
    looks = [WidgetConfig.from_settings(row.settings) for row in rows]
    earlier: list[WidgetConfig | None] = [*looks[1:], None]
    shown = [
        {
            "row": row,
            "config": look,
            "changes": widget_configs.changes(before, look) if before else (),
            "from_now": widget_configs.changes(now, look),
        }
        for row, look, before in zip(rows, looks, earlier, strict=True)
    ]
    return shown[:_PAGE], len(rows) > _PAGE


def _side(agent: Agent, chosen: str) -> dict[str, Any]:
    """One of the two looks, by its number or as the draft."""
    if chosen == _DRAFT:
        row = widget_configs.draft(agent)
        return {"key": _DRAFT, "name": "Draft", "at": row.updated_at, "by": row.updated_by} | _shown(row.settings)
    if not chosen.isdecimal() or len(chosen) > _LONGEST_NUMBER or int(chosen) > _HIGHEST:
        raise NotFound("There is no version of this number.")
    version = widget_configs.version_numbered(agent, int(chosen))
    name = f"Version {version.number}"
    about = {"key": str(version.number), "name": name, "at": version.published_at, "by": version.published_by}
    return about | _shown(version.settings)


def _shown(settings: dict[str, Any]) -> dict[str, Any]:
    config = WidgetConfig.from_settings(settings)
    return {"config": config, "look": widget_configs.previewed_look_of(config)}


def _choices(agent: Agent, latest: int) -> list[tuple[str, str]]:
    numbers = widget_configs.numbers(agent)
    words = {latest: f"Version {latest}, what customers see"}
    return [(_DRAFT, "Draft"), *((str(number), words.get(number, f"Version {number}")) for number in numbers)]
