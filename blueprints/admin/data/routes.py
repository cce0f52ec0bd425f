"""Settings → Your data: take a copy, bring one in, delete the workspace, and take that back."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.data.forms import DeletionForm, ImportForm
from core import archives, deletions
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.permissions import Permission
from web import mails
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.extensions import limiter
from web.fragments import go_to, render_page, show_problem
from web.uploads import expect_files

bp = Blueprint("data", __name__, url_prefix="/admin/settings/data")

_SHOW = "admin/data/show.html"
_LARGEST = 512 * 1024 * 1024
"""Bytes that a browser may bring; larger ones are brought in by a command."""


@bp.get("")
@requires(Permission.OWN_WORKSPACE)
def show() -> ResponseReturnValue:
    return render_page(_SHOW, fragment="copies", **_page())


@bp.post("/archives")
@requires(Permission.OWN_WORKSPACE)
@freshly_confirmed
def create_archive() -> ResponseReturnValue:
    try:
        archives.request_export(current_workspace(), by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "warning")
    return go_to(url_for(".show"))


@bp.get("/archives/<uuid:archive_id>")
@requires(Permission.OWN_WORKSPACE)
@freshly_confirmed
def download(archive_id: uuid.UUID) -> ResponseReturnValue:
    archive = archives.find(current_workspace(), archive_id)
    pieces = archives.download(archive, by=current_teammate(), now=utc_now())
    name = f"porchlight-{archive.created_at:%Y-%m-%d}.zip"
    response = Response(pieces, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Length"] = str(archive.size)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/archives/<uuid:archive_id>/removal")
@requires(Permission.OWN_WORKSPACE)
def remove_archive(archive_id: uuid.UUID) -> ResponseReturnValue:
    archives.remove(archives.find(current_workspace(), archive_id), by=current_teammate(), now=utc_now())
    flash("The copy is deleted.", "success")
    return go_to(url_for(".show"))


@bp.post("/imports")
@limiter.limit("10 per hour", key_func=lambda: str(current_teammate().id))
@requires(Permission.OWN_WORKSPACE)
@freshly_confirmed
def create_import() -> ResponseReturnValue:
    expect_files(1, largest=_LARGEST)
    form = ImportForm()
    if not form.validate():
        return show_problem(_SHOW, **_page(import_form=form))
    with tempfile.TemporaryDirectory(prefix="porchlight-") as folder:
        path = Path(folder) / "archive.zip"
        form.file.data.save(path)
        try:
            archives.check(current_workspace())
            archives.request_import(current_workspace(), path, by=current_teammate(), now=utc_now())
        except (Conflict, Invalid) as refusal:
            form.file.errors = [refusal.message]
            return show_problem(_SHOW, **_page(import_form=form))
    return go_to(url_for(".show"))


@bp.post("/deletion")
@limiter.limit("10 per hour", key_func=lambda: str(current_teammate().id))
@requires(Permission.OWN_WORKSPACE)
@freshly_confirmed
def create_deletion() -> ResponseReturnValue:
    form, workspace = DeletionForm(), current_workspace()
    if not form.validate():
        return show_problem(_SHOW, fragment="deletion", **_page(deletion_form=form))
    try:
        deletions.request(
            workspace, name=form.name.data, password=form.password.data, by=current_teammate(), now=utc_now()
        )
    except Invalid as refusal:
        (form.name if refusal.code == "name" else form.password).errors = [refusal.message]
        return show_problem(_SHOW, fragment="deletion", **_page(deletion_form=form))
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return go_to(url_for(".show"))
    mails.tell_deletion(workspace, by=current_teammate().name)
    return go_to(url_for(".show"))


@bp.post("/deletion/end")
@requires(Permission.OWN_WORKSPACE)
def take_deletion_back() -> ResponseReturnValue:
    try:
        deletions.take_back(current_workspace(), by=current_teammate(), now=utc_now())
    except Conflict as refusal:
        flash(refusal.message, "warning")
    else:
        flash("The workspace stays, with everything in it.", "success")
    return go_to(url_for(".show"))


def _page(import_form: ImportForm | None = None, deletion_form: DeletionForm | None = None) -> dict[str, Any]:
    workspace = current_workspace()
    copies = [(copy, archives.job_of(copy)) for copy in archives.listed(workspace)]
    return {
        "workspace": workspace,
        "copies": copies,
        "is_busy": any(archives.is_under_way(copy) for copy, _job in copies),
        "import_form": import_form or ImportForm(formdata=None),
        "deletion_form": deletion_form or DeletionForm(formdata=None),
        "wait": deletions.WAIT,
    }
