"""Settings → Teams."""

import uuid
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.teams.forms import TeamForm
from core import routing, teammates, teams
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.permissions import Permission
from core.widget_words import NAMES
from models.inbox import Team
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page, show_problem

bp = Blueprint("teams", __name__, url_prefix="/admin/settings/teams")

_EDIT = "admin/teams/edit.html"


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    return render_page("admin/teams/index.html", teams=teams.listed(current_workspace()), languages=NAMES)


@bp.get("/new")
@requires(Permission.MANAGE_TEAM)
def new() -> str:
    return render_page(_EDIT, team=None, form=_form(formdata=None))


@bp.post("/")
@requires(Permission.MANAGE_TEAM)
def create() -> ResponseReturnValue:
    form = _form()
    if not form.validate():
        return show_problem(_EDIT, team=None, form=form)
    try:
        team = teams.add(current_workspace(), **form.chosen, by=current_teammate(), now=utc_now())
    except (Conflict, Invalid) as refusal:
        return _refused(None, form, refusal)
    return _done(f"The team {team.name} is made.")


@bp.get("/<uuid:team_id>")
@requires(Permission.MANAGE_TEAM)
def edit(team_id: uuid.UUID) -> str:
    team = teams.find(current_workspace(), team_id)
    kept = {
        "name": team.name,
        "languages": list(team.languages),
        "members": [str(one.id) for one in teams.members_of(team)],
    }
    return render_page(_EDIT, team=team, form=_form(formdata=None, data=kept))


@bp.post("/<uuid:team_id>")
@requires(Permission.MANAGE_TEAM)
def change(team_id: uuid.UUID) -> ResponseReturnValue:
    team = teams.find(current_workspace(), team_id)
    form = _form()
    if not form.validate():
        return show_problem(_EDIT, team=team, form=form)
    try:
        teams.change(team, **form.chosen, by=current_teammate(), now=utc_now())
    except (Conflict, Invalid) as refusal:
        return _refused(team, form, refusal)
    return _done("Saved.")


@bp.post("/<uuid:team_id>/removal")
@requires(Permission.MANAGE_TEAM)
def remove(team_id: uuid.UUID) -> ResponseReturnValue:
    team = teams.find(current_workspace(), team_id)
    teams.remove(team, by=current_teammate(), now=utc_now())
    return _done(f"The team {team.name} is removed. Its conversations stay with whoever has them.")


def _form(**options: Any) -> Any:
    people = teammates.who_may(current_workspace().id, Permission.ANSWER)
    return TeamForm.offering(sorted(people, key=lambda one: one.name.casefold()), **options)


def _refused(team: Team | None, form: TeamForm, refusal: Conflict | Invalid) -> ResponseReturnValue:
    form.name.errors = [refusal.message]
    return show_problem(_EDIT, team=team, form=form)


def _done(sentence: str) -> ResponseReturnValue:
    # Who is in which team may decide about what waits.
    routing.look_again(current_workspace().id, now=utc_now())
    flash(sentence, "success")
    return go_to(url_for(".index"))
