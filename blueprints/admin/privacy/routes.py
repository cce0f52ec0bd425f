"""Settings → Privacy: what is done with personal data, and how long things are kept."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.privacy import words
from blueprints.admin.privacy.forms import HandlingForm, RetentionForm, TrialForm
from core import privacy_settings, retention
from core.clock import utc_now
from core.permissions import Permission
from core.privacy_settings import Decisions, Refused, Stored
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("privacy", __name__, url_prefix="/admin/settings/privacy")

_TEMPLATE = "admin/privacy/index.html"


@bp.get("/")
@requires(Permission.MANAGE_SECURITY)
def index() -> str:
    return render_page(_TEMPLATE, **_page())


@bp.post("/handling")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def change_handling() -> ResponseReturnValue:
    form = HandlingForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="handling", **_page(handling_form=form))
    privacy_settings.decide(
        current_workspace(), handling=form.handling, revealed_to=form.role, by=current_teammate(), now=utc_now()
    )
    return _saved("handling")


@bp.post("/trial")
@requires(Permission.MANAGE_SECURITY)
def try_out() -> ResponseReturnValue:
    """Show what would be stored of a text; nothing of it is."""
    form, choices = TrialForm(), HandlingForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="trial", **_page(trial_form=form))
    decisions = privacy_settings.of(current_workspace().id)
    # With what is chosen above, also before it is saved.
    if choices.validate():
        decisions = Decisions(choices.handling, choices.role)
    stored, refusal = _tried(decisions, form.text.data)
    return render_page(_TEMPLATE, fragment="trial", **_page(trial_form=form, stored=stored, refusal=refusal))


@bp.post("/retention")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def change_retention() -> ResponseReturnValue:
    form = RetentionForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="retention", **_page(retention_form=form))
    due = retention.due(current_workspace().id, form.retention, now=utc_now())
    if any(due.values()) and not form.is_agreed:
        return show_problem(_TEMPLATE, fragment="retention", **_page(retention_form=form, due=due))
    privacy_settings.keep_for(current_workspace(), form.retention, by=current_teammate(), now=utc_now())
    return _saved("retention")


def _tried(decisions: Decisions, text: str) -> tuple[Stored | None, str]:
    try:
        return privacy_settings.applied(decisions, text), ""
    except Refused as refusal:
        return None, refusal.message


def _saved(section: str) -> ResponseReturnValue:
    if not is_partial():
        flash("Saved.", "success")
    return show_change(
        _TEMPLATE, fragment=section, otherwise=url_for(".index", _anchor=section), **_page(saved=section)
    )


def _page(**changes: Any) -> dict[str, Any]:
    decisions = privacy_settings.of(current_workspace().id)
    return {
        "saved": "",
        "words": words,
        "handling_form": HandlingForm.of(decisions),
        "trial_form": TrialForm(formdata=None),
        "stored": None,
        "refusal": "",
        "retention_form": RetentionForm.of(decisions.retention),
        "due": {},
    } | changes
