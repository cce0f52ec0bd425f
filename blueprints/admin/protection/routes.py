"""Settings → Protection: limits in sentences, steps against who looks suspicious, and answers a day."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.protection import words
from blueprints.admin.protection.forms import LimitsForm, ModeForm, StepsForm, budgets_form
from core import agents, blocks, budgets, protection_settings, risks, stops
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission
from core.protection_settings import Step
from models import transaction
from web.access import current_teammate, current_workspace, requires
from web.addresses import hides_behind_a_proxy
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("protection", __name__, url_prefix="/admin/settings/protection")

_TEMPLATE = "admin/protection/index.html"


@bp.get("/")
@requires(Permission.MANAGE_SECURITY)
def index() -> str:
    return render_page(_TEMPLATE, **_page())


@bp.post("/mode")
@requires(Permission.MANAGE_SECURITY)
def change_mode() -> ResponseReturnValue:
    form = ModeForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="mode", **_page(mode_form=form))
    is_log_only = form.mode.data == "note"
    protection_settings.set_log_only(current_workspace(), is_log_only, by=current_teammate(), now=utc_now())
    return _saved("mode")


@bp.post("/limits")
@requires(Permission.MANAGE_SECURITY)
def change_limits() -> ResponseReturnValue:
    form = LimitsForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="limits", **_page(limits_form=form))
    protection_settings.set_limits(current_workspace(), form.counts, by=current_teammate(), now=utc_now())
    return _saved("limits")


@bp.post("/steps")
@requires(Permission.MANAGE_SECURITY)
def change_steps() -> ResponseReturnValue:
    form = StepsForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="steps", **_page(steps_form=form))
    try:
        protection_settings.set_steps(current_workspace(), form.points, by=current_teammate(), now=utc_now())
    except Invalid as refusal:
        form.form_errors.append(refusal.message)
        return show_problem(_TEMPLATE, fragment="steps", **_page(steps_form=form))
    return _saved("steps")


@bp.post("/answers")
@requires(Permission.MANAGE_SECURITY)
def change_answers() -> ResponseReturnValue:
    known = agents.listed(current_workspace())
    form = budgets_form(known)
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="answers", **_page(budgets_form=form))
    with transaction():
        for agent in known:
            budgets.set_daily(agent, form.field_of(agent).data, by=current_teammate(), now=utc_now())
    return _saved("answers")


def _saved(section: str) -> ResponseReturnValue:
    if not is_partial():
        flash("Saved.", "success")
    return show_change(
        _TEMPLATE, fragment=section, otherwise=url_for(".index", _anchor=section), **_page(saved=section)
    )


def _page(**changes: Any) -> dict[str, Any]:
    now, workspace = utc_now(), current_workspace()
    shield = protection_settings.of(workspace.id)
    known = agents.listed(workspace)
    return {
        "saved": "",
        "words": words,
        "shield": shield,
        "mode_form": ModeForm(formdata=None, data={"mode": "note" if shield.is_log_only else "stop"}),
        "limits_form": LimitsForm.of(shield),
        "steps_form": StepsForm.of(shield),
        "budgets_form": budgets_form(known, is_new=True),
        "agents": known,
        "used": budgets.used_today(known, now=now),
        "stopped": stops.listed(workspace.id, is_enforced=True, now=now),
        "noted": stops.listed(workspace.id, is_enforced=False, now=now),
        "suspects": risks.suspicious(workspace.id, at_least=shield.steps[Step.WATCH] or 1, now=now),
        "blocked_count": blocks.listed(workspace, are_active=True, now=now).total,
        "is_behind_a_proxy": hides_behind_a_proxy(),
    } | changes
