"""The keys that a site signs with: made, read again, retired."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.sign_in import words
from blueprints.admin.sign_in.blueprint import bp
from blueprints.admin.sign_in.forms import KeyForm
from blueprints.admin.sign_in.routes import overview
from core import identity_keys
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.identity_keys import Source
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.extensions import limiter
from web.fragments import go_to, is_partial, render_page, render_question, show_problem


@bp.get("/keys/new")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def new_key() -> ResponseReturnValue:
    return render_page("admin/sign_in/new_key.html", fragment="dialog", **_asked(_form(is_new=True)))


@bp.post("/keys")
@limiter.limit("30 per hour", key_func=lambda: str(current_teammate().id))
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def create_key() -> ResponseReturnValue:
    form = _form()
    if not form.validate():
        return show_problem("admin/sign_in/new_key.html", fragment="choices", **_asked(form))
    try:
        key = form.key()
        row = identity_keys.add(
            current_workspace(),
            key,
            by=current_teammate(),
            now=utc_now(),
            name=form.name.data,
            instead_of=form.replaced(),
        )
    except (Invalid, Conflict) as refusal:
        _field_of(form).errors = [refusal.message]
        return show_problem("admin/sign_in/new_key.html", fragment="choices", **_asked(form))
    if Source.SECRET not in key:
        flash("The key is live. Tokens that it signed are accepted from now on.", "success")
        return go_to(url_for(".show"))
    # Not sent on to another page: the secret is never shown again, so this answer is the only one that can show it.
    values = {"key": words.key_in_words(row), "secret": key[Source.SECRET], "is_beside_keys": _is_beside_keys()}
    return render_page("admin/sign_in/secret.html", fragment="made", **values, **overview()), 201


@bp.post("/keys/<uuid:key_id>/reading")
@limiter.limit("20 per minute", key_func=lambda: str(current_teammate().id))
@requires(Permission.MANAGE_SECURITY)
def read_key_again(key_id: uuid.UUID) -> ResponseReturnValue:
    row = identity_keys.find(current_workspace(), key_id)
    try:
        identity_keys.reread(row, now=utc_now())
    except Invalid as refusal:
        return show_problem(
            "admin/sign_in/show.html", fragment="keys", **overview(checked=row.id, problem=refusal.message)
        )
    return render_page("admin/sign_in/show.html", fragment="keys", **overview(checked=row.id))


@bp.get("/keys/<uuid:key_id>/retirement")
@requires(Permission.MANAGE_SECURITY)
def confirm_retirement(key_id: uuid.UUID) -> ResponseReturnValue:
    leaving = _leaving(key_id)
    return render_question(f"Retire {leaving['key'].title}", "admin/sign_in/_retire.html", **leaving)


@bp.post("/keys/<uuid:key_id>/retirement")
@requires(Permission.MANAGE_SECURITY)
@freshly_confirmed
def retire_key(key_id: uuid.UUID) -> ResponseReturnValue:
    row = identity_keys.find(current_workspace(), key_id)
    try:
        identity_keys.retire(row, by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "danger")
        return go_to(url_for(".show"))
    flash("The key is retired. No token that it signed is accepted any more.", "success")
    return go_to(url_for(".show"))


def _form(*, is_new: bool = False) -> KeyForm:
    form = KeyForm(formdata=None) if is_new else KeyForm()
    form.choose_among(identity_keys.live(current_workspace()))
    return form


def _field_of(form: KeyForm) -> Any:
    """The field that a refusal of the core is about."""
    fields = {Source.PUBLIC_KEY.value: form.pasted, Source.JWKS_URL.value: form.address}
    return fields.get(form.source.data, form.source)


def _is_beside_keys() -> bool:
    """Whether the dialog stands over the list of keys, which has to show the new one, too."""
    return is_partial() and urlsplit(request.headers.get("HX-Current-URL", "")).path == url_for(".show")


def _asked(form: KeyForm) -> dict[str, Any]:
    keys = words.keys(current_workspace())
    return {"form": form, "keys": keys, "is_full": len(keys) >= identity_keys.MOST_LIVE}


def _leaving(key_id: uuid.UUID) -> dict[str, Any]:
    workspace = current_workspace()
    row = identity_keys.find(workspace, key_id)
    is_last = len(identity_keys.live(workspace)) == 1
    return {"key": words.key_in_words(row), "is_last": is_last, "is_required": workspace.requires_verified}
