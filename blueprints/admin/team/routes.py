"""The team: who works here, with which role, and who is invited."""

import uuid
from typing import Any

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.team.forms import InvitationForm, RoleForm
from core import invitations, roles, second_factors, teammates
from core.clock import utc_now
from core.errors import Conflict
from core.permissions import Permission
from models.teammates import Role, Teammate
from web import mails
from web.access import current_teammate, current_workspace, requires
from web.confirmations import ask_first, freshly_confirmed, is_fresh
from web.extensions import limiter
from web.forms import RefusalsAt
from web.fragments import go_to, render_page, show_problem

bp = Blueprint("team", __name__, url_prefix="/admin/team")

_RULES = {
    True: "Everybody needs a second factor now. Those without one are asked to set it up on their next page.",
    False: "Everybody may decide for themselves now whether they use a second factor.",
}
# Whoever gets one of these could lock everybody else out.
_POWERFUL = {Role.OWNER.value, Role.ADMIN.value}


@bp.get("/")
@requires(Permission.VIEW)
def index() -> ResponseReturnValue:
    return render_page("admin/team/index.html", **_shown())


@bp.post("/invitations")
@limiter.limit("60 per hour", key_func=lambda: str(current_teammate().id))
@requires(Permission.MANAGE_TEAM)
def create_invitation() -> ResponseReturnValue:
    form = InvitationForm.offered_by(current_teammate())
    if not form.validate():
        return show_problem("admin/team/index.html", fragment="invitations", **_shown(form))
    if form.role.data in _POWERFUL and not is_fresh():
        return ask_first()
    try:
        invitation, secret = invitations.invite(
            email=form.email.data, role=Role(form.role.data), by=current_teammate(), now=utc_now()
        )
    except Conflict as refusal:
        form.email.errors = [refusal.message]
        return show_problem("admin/team/index.html", fragment="invitations", **_shown(form))
    link = mails.link_to("auth.invitation", token=secret)
    mails.send_invitation(invitation, link=link)
    # Not sent on to another page: the link is kept nowhere, so this answer is the only one that can show it.
    values = _shown(InvitationForm.offered_by(current_teammate(), is_new=True)) | {"invited": invitation, "link": link}
    return render_page("admin/team/index.html", fragment="invitations", **values), 201


@bp.post("/invitations/<uuid:invitation_id>/withdrawal")
@requires(Permission.MANAGE_TEAM)
def withdraw_invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    invitation = invitations.find_pending(current_workspace(), invitation_id, now=utc_now())
    invitations.withdraw(invitation, by=current_teammate(), now=utc_now())
    flash(f"The invitation to {invitation.email} is withdrawn. Its link no longer works.", "success")
    return go_to(url_for(".index"))


@bp.get("/<uuid:teammate_id>")
@requires(Permission.MANAGE_TEAM)
def edit(teammate_id: uuid.UUID) -> ResponseReturnValue:
    teammate = teammates.find(current_workspace(), teammate_id)
    return render_page("admin/team/edit.html", fragment="dialog", **_edited(teammate))


@bp.post("/<uuid:teammate_id>/role")
@requires(Permission.MANAGE_TEAM)
@freshly_confirmed
def change_role(teammate_id: uuid.UUID) -> ResponseReturnValue:
    teammate = teammates.find(current_workspace(), teammate_id)
    values = _edited(teammate)
    form: RoleForm = values["form"]
    if form.validate():
        with RefusalsAt(form):
            teammates.change_role(teammate, Role(form.role.data), by=current_teammate(), now=utc_now())
            flash(f"{teammate.name} is {_with_article(teammate.role)} now.", "success")
            return go_to(url_for(".index"))
    return show_problem("admin/team/edit.html", fragment="choices", **values)


@bp.post("/<uuid:teammate_id>/removal")
@requires(Permission.MANAGE_TEAM)
@freshly_confirmed
def remove(teammate_id: uuid.UUID) -> ResponseReturnValue:
    teammate = teammates.find(current_workspace(), teammate_id)
    values = _edited(teammate)
    with RefusalsAt(values["form"]):
        teammates.remove(teammate, by=current_teammate(), now=utc_now())
        if teammate.id == current_teammate().id:
            flash("You have left the team.", "success")
            return go_to(url_for("auth.sign_in"))
        back = f"Invite {teammate.email} again to bring them back."
        flash(f"{teammate.name} is removed and signed out. {back}", "success")
        return go_to(url_for(".index"))
    return show_problem("admin/team/edit.html", fragment="choices", **values)


@bp.post("/<uuid:teammate_id>/second-factor-reset")
@requires(Permission.MANAGE_TEAM)
@freshly_confirmed
def reset_second_factor(teammate_id: uuid.UUID) -> ResponseReturnValue:
    teammate = teammates.find(current_workspace(), teammate_id)
    values = _edited(teammate)
    with RefusalsAt(values["form"]):
        teammates.reset_second_factor(teammate, by=current_teammate(), now=utc_now())
        mails.tell_second_factor_reset(teammate, by=current_teammate().name)
        flash(f"{teammate.name} is signed out and can sign in with the password alone now.", "success")
        return go_to(url_for(".index"))
    return show_problem("admin/team/edit.html", fragment="choices", **values)


@bp.post("/second-factor-rule")
@requires(Permission.MANAGE_TEAM)
@freshly_confirmed
def change_second_factor_rule() -> ResponseReturnValue:
    is_for_everybody = request.form.get("is_for_everybody") == "yes"
    try:
        second_factors.require(current_workspace(), of_everybody=is_for_everybody, by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for("account.show", _anchor="second-factor"))
    flash(_RULES[is_for_everybody], "success")
    return go_to(url_for(".index"))


def _shown(form: InvitationForm | None = None) -> dict[str, Any]:
    now = utc_now()
    return {
        "people": teammates.listed(current_workspace()),
        "pending": invitations.pending(current_workspace(), now=now),
        "me": current_teammate(),
        "workspace": current_workspace(),
        "may_change": lambda teammate: teammates.may_change(teammate, by=current_teammate()),
        "role_words": roles.WORDS,
        "form": form or InvitationForm.offered_by(current_teammate()),
        "invited": None,
        "link": "",
        "mails_leave": mails.mails_leave_the_server(),
        "is_out_of_reach": current_app.config["PORCHLIGHT"].is_out_of_reach,
    }


def _edited(teammate: Teammate) -> dict[str, Any]:
    return {
        "teammate": teammate,
        "me": current_teammate(),
        "may_change": teammates.may_change(teammate, by=current_teammate()),
        "has_second_factor": second_factors.has_one(teammate),
        "role_words": roles.WORDS,
        "form": RoleForm.offered_by(current_teammate(), for_teammate=teammate),
    }


def _with_article(role: Role) -> str:
    return f"{'an' if role.value[0] in 'aeiou' else 'a'} {role.value}"
