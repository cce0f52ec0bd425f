"""The audit log: who changed what, and a copy of it."""

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from blueprints.admin.audit.filters import Filter
from core import audit_exports, audit_words, audits
from core.clock import utc_now
from core.errors import NotFound
from core.permissions import Permission
from web.access import current_teammate, current_workspace, requires
from web.confirmations import freshly_confirmed
from web.fragments import render_page

bp = Blueprint("audit", __name__, url_prefix="/admin/settings/audit")


@bp.get("")
@requires(Permission.READ_AUDIT)
def index() -> ResponseReturnValue:
    chosen = Filter.read(request.args)
    workspace = current_workspace()
    return render_page(
        "admin/audit/index.html",
        fragment="more" if request.args.get("before") else "entries",
        page=audits.page(workspace.id, chosen.wanted(), before=request.args.get("before")),
        chosen=chosen,
        people=audits.people(workspace.id),
        areas=audit_words.AREAS,
        words=audit_words,
    )


@bp.post("/export/<kind>")
@requires(Permission.READ_AUDIT)
@freshly_confirmed
def export(kind: str) -> ResponseReturnValue:
    if kind not in audit_exports.FORMATS:
        raise NotFound("The audit log can be had as csv or jsonl.")
    chosen, workspace, now = Filter.read(request.form), current_workspace(), utc_now()
    audits.record(
        workspace.id,
        "audit.export",
        by=current_teammate(),
        subject=("audit", None, ""),
        after={"format": kind} | chosen.fields(),
        address=request.remote_addr or "",
        now=now,
    )
    write, media_type = audit_exports.FORMATS[kind]
    lines = stream_with_context(write(audits.every(workspace.id, chosen.wanted())))
    response = Response(lines, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="porchlight-audit-{now:%Y-%m-%d}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response
