"""Settings → Language models: which ones are asked, in which order, and what they cost."""

import uuid
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.language_models.forms import ModelForm
from core import language_models, model_trials, spending
from core.clock import utc_now
from core.errors import NotFound
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.forms import RefusalsAt
from web.fragments import go_to, render_page, show_change, show_problem

bp = Blueprint("language_models", __name__, url_prefix="/admin/settings/models")

_TEMPLATE = "admin/language_models/index.html"
_FORM = "admin/language_models/edit.html"
_DAYS = 30


@bp.get("/")
@requires(Permission.MANAGE_MODELS)
def index() -> str:
    return render_page(_TEMPLATE, **_page())


@bp.get("/new")
@requires(Permission.MANAGE_MODELS)
def new() -> str:
    return render_page(_FORM, form=ModelForm(formdata=None), model=None)


@bp.post("/")
@requires(Permission.MANAGE_MODELS)
def create() -> ResponseReturnValue:
    form = ModelForm()
    if form.validate():
        with RefusalsAt(form):
            language_models.add(current_workspace(), form.draft(), by=current_teammate(), now=utc_now())
            flash("Saved. Try it, to see whether it answers.", "success")
            return go_to(url_for(".index"))
    return show_problem(_FORM, fragment="fields", form=form, model=None)


@bp.get("/<uuid:model_id>")
@requires(Permission.MANAGE_MODELS)
def show(model_id: uuid.UUID) -> str:
    model = language_models.find(current_workspace(), model_id)
    return render_page(_FORM, form=ModelForm.of(model), model=model)


@bp.post("/<uuid:model_id>")
@requires(Permission.MANAGE_MODELS)
def change(model_id: uuid.UUID) -> ResponseReturnValue:
    model = language_models.find(current_workspace(), model_id)
    form = ModelForm()
    if form.validate():
        with RefusalsAt(form):
            language_models.change(model, form.draft(), by=current_teammate(), now=utc_now())
            flash("Saved.", "success")
            return go_to(url_for(".index"))
    return show_problem(_FORM, fragment="fields", form=form, model=model)


@bp.post("/<uuid:model_id>/switch")
@requires(Permission.MANAGE_MODELS)
def switch(model_id: uuid.UUID) -> ResponseReturnValue:
    model = language_models.find(current_workspace(), model_id)
    is_on = request.form.get("is_on") == "1"
    language_models.switch(model, is_on=is_on, by=current_teammate(), now=utc_now())
    return _changed()


@bp.post("/<uuid:model_id>/place")
@requires(Permission.MANAGE_MODELS)
def move(model_id: uuid.UUID) -> ResponseReturnValue:
    model = language_models.find(current_workspace(), model_id)
    language_models.move(model, up=request.form.get("up") == "1", by=current_teammate(), now=utc_now())
    return _changed()


@bp.post("/<uuid:model_id>/removal")
@requires(Permission.MANAGE_MODELS)
def remove(model_id: uuid.UUID) -> ResponseReturnValue:
    model = language_models.find(current_workspace(), model_id)
    title = model.title
    language_models.remove(model, by=current_teammate(), now=utc_now())
    flash(f"{title} is removed, and its key is forgotten.", "success")
    return go_to(url_for(".index"))


@bp.post("/<uuid:model_id>/trial")
@requires(Permission.MANAGE_MODELS)
def try_out(model_id: uuid.UUID) -> ResponseReturnValue:
    model = language_models.find(current_workspace(), model_id)
    trial = model_trials.try_kept(model, now=utc_now())
    return render_page(_TEMPLATE, fragment="models", **_page(trials={model.id: trial}))


@bp.post("/own/trial")
@requires(Permission.MANAGE_MODELS)
def try_servers_own() -> ResponseReturnValue:
    own = language_models.servers_own()
    if own is None:
        raise NotFound("This server has no model of its own.")
    return render_page(_TEMPLATE, fragment="models", **_page(own_trial=model_trials.try_out(own)))


def _changed() -> ResponseReturnValue:
    return show_change(_TEMPLATE, fragment="models", otherwise=url_for(".index"), **_page())


def _page(**further: Any) -> dict[str, Any]:
    workspace = current_workspace()
    return {
        "own": language_models.servers_own(),
        "models": language_models.listed(workspace),
        "most": language_models.MOST,
        "shares": spending.shares(workspace, days=_DAYS, now=utc_now()),
        "trials": {},
        "own_trial": None,
    } | further
