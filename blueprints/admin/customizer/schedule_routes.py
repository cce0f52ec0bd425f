"""Publish later: the draft as it is now, at a time of the admin's own time zone."""

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from core import agents, widget_configs
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from core.widget_configs import WidgetConfig
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page


@bp.get("/<uuid:agent_id>/customizer/schedule")
@requires(Permission.EDIT_AGENTS)
def show_schedule(agent_id: uuid.UUID) -> str:
    agent = agents.find(current_workspace(), agent_id)
    return _page(agent)


@bp.post("/<uuid:agent_id>/customizer/schedule")
@requires(Permission.EDIT_AGENTS)
def create_schedule(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    try:
        moment = _moment(request.form.get("time", ""), request.form.get("zone", ""))
        widget_configs.schedule(agent, publish_at=moment, by=current_teammate(), now=utc_now())
    except Invalid as refusal:
        return _page(agent, problem=refusal.message, typed=request.form.get("time", "")), 422
    flash("The draft as it is now is published at that time.", "success")
    return go_to(url_for(".show", agent_id=agent.id))


@bp.post("/<uuid:agent_id>/customizer/schedule/cancellation")
@requires(Permission.EDIT_AGENTS)
def cancel_schedule(agent_id: uuid.UUID) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    widget_configs.unschedule(agent, by=current_teammate(), now=utc_now())
    flash("Nothing is published by itself now.", "info")
    return go_to(url_for(".show", agent_id=agent.id))


def _page(agent: Agent, *, problem: str = "", typed: str = "") -> str:
    published, version = widget_configs.published(agent)
    schedule = widget_configs.scheduled(agent)
    waiting = WidgetConfig.from_settings(schedule.settings) if schedule else None
    return render_page(
        "admin/customizer/schedule.html",
        fragment="schedule_dialog",
        agent=agent,
        version=version,
        changes=widget_configs.changes(published, widget_configs.drafted(agent)),
        schedule=schedule,
        scheduled_changes=widget_configs.changes(published, waiting) if waiting else (),
        is_as_drafted=waiting == widget_configs.drafted(agent),
        problem=problem,
        typed=typed,
    )


def _moment(text: str, zone: str) -> datetime:
    """What a field of day and time says, in the time zone of who filled it; in UTC where that is not known.

    Raises:
        Invalid: when it is no day and time.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("Choose a day and a time.") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")
