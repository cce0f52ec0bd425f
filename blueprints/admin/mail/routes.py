"""Settings → E-mail: what leaves for customers who have left the chat, and how their answers come in."""

import uuid
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.mail.forms import KINDS, LeavingForm, MailboxForm
from core import jobs, return_links
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.letters import mailboxes, polling, settings
from core.permissions import Permission
from models.letters import Mailbox, MailboxKind
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem
from web.mails import link_to, mails_leave_the_server

bp = Blueprint("mail", __name__, url_prefix="/admin/settings/mail")

_TEMPLATE = "admin/mail/index.html"


@bp.get("/")
@requires(Permission.MANAGE_SECURITY)
def index() -> str:
    return render_page(_TEMPLATE, **_page())


@bp.post("/leaving")
@requires(Permission.MANAGE_SECURITY)
def change_leaving() -> ResponseReturnValue:
    form = LeavingForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="leaving", **_page(leaving_form=form))
    settings.change(current_workspace(), form.settings, by=current_teammate(), now=utc_now())
    return _saved("leaving", "Saved.", is_saved=True)


@bp.post("/mailboxes")
@requires(Permission.MANAGE_SECURITY)
def add_mailbox() -> ResponseReturnValue:
    form = MailboxForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="arriving", **_page(mailbox_form=form))
    try:
        mailbox, hook = mailboxes.add(current_workspace(), form.wanted, by=current_teammate(), now=utc_now())
    except (Conflict, Invalid) as refusal:
        form.address.errors = [refusal.message]
        return show_problem(_TEMPLATE, fragment="arriving", **_page(mailbox_form=form))
    if mailbox.kind is MailboxKind.IMAP:
        jobs.start(mailbox.workspace_id, polling.POLL, mailbox.id, now=utc_now())
    return _shown_once(mailbox, hook)


@bp.post("/mailboxes/<uuid:mailbox_id>/hook")
@requires(Permission.MANAGE_SECURITY)
def renew_hook(mailbox_id: uuid.UUID) -> ResponseReturnValue:
    mailbox = mailboxes.find(current_workspace(), mailbox_id)
    hook = mailboxes.renew_hook(mailbox, by=current_teammate(), now=utc_now())
    return _shown_once(mailbox, hook)


@bp.post("/mailboxes/<uuid:mailbox_id>/reading")
@requires(Permission.MANAGE_SECURITY)
def read_now(mailbox_id: uuid.UUID) -> ResponseReturnValue:
    mailbox = mailboxes.find(current_workspace(), mailbox_id)
    if mailbox.kind is not MailboxKind.IMAP:
        raise Conflict("Nobody reads this mailbox: its service calls us.")
    jobs.start(mailbox.workspace_id, polling.POLL, mailbox.id, now=utc_now())
    return _saved("arriving", "The mailbox is being read.")


@bp.post("/mailboxes/<uuid:mailbox_id>/removal")
@requires(Permission.MANAGE_SECURITY)
def remove_mailbox(mailbox_id: uuid.UUID) -> ResponseReturnValue:
    mailbox = mailboxes.find(current_workspace(), mailbox_id)
    address = mailbox.address
    mailboxes.remove(mailbox, by=current_teammate(), now=utc_now())
    return _saved("arriving", f"{address} was removed. Answers to it come in no more.")


@bp.post("/links/end")
@requires(Permission.MANAGE_SECURITY)
def end_links() -> ResponseReturnValue:
    return_links.take_back_all(current_workspace(), by=current_teammate(), now=utc_now())
    return _saved("links", "The links were taken back.")


def _shown_once(mailbox: Mailbox, hook: str) -> ResponseReturnValue:
    """The page itself and no redirect: the secret in the address is kept nowhere."""
    address = link_to("inbound.take_mail", secret=hook) if hook else ""
    values = _page(made=mailbox, hook_address=address)
    return render_page(_TEMPLATE, fragment="arriving" if is_partial() else None, **values)


def _saved(section: str, happened: str, **values: Any) -> ResponseReturnValue:
    if not is_partial():
        flash(happened, "success")
    return show_change(
        _TEMPLATE,
        fragment=section,
        otherwise=url_for(".index", _anchor=section),
        **_page(happened=happened, **values),
    )


def _page(**changes: Any) -> dict[str, Any]:
    workspace, now = current_workspace(), utc_now()
    return {
        "leaving_form": LeavingForm.of(settings.of(workspace.id)),
        "mailbox_form": MailboxForm(formdata=None),
        "mailboxes": mailboxes.listed(workspace),
        "most": mailboxes.MOST,
        "kinds": KINDS,
        "links": return_links.count(workspace, now=now),
        "mails_leave": mails_leave_the_server(),
        "made": None,
        "hook_address": "",
        "happened": "",
        "is_saved": False,
    } | changes
