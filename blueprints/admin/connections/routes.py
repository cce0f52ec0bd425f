"""Settings → Connections: connect a server, look at its tools, switch them on one by one."""

import uuid
from typing import Any, TypeVar

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.connections import words
from blueprints.admin.connections.forms import (
    AccountsForm,
    AddressForm,
    NewForm,
    NewShopForm,
    SwitchForm,
    ToolForm,
    filled,
)
from core import agents, connections, shop_accounts, tool_calls
from core.clock import utc_now
from core.connections import shopify
from core.errors import Conflict, Invalid
from core.permissions import Permission
from core.shown_addresses import without_keys
from models.connections import Audience, Connection, ConnectionKind
from web.access import current_teammate, current_workspace, requires
from web.fragments import go_to, render_page, render_question, show_change, show_problem
from web.origins import own_origin

AnyNewForm = TypeVar("AnyNewForm", NewForm, NewShopForm)

bp = Blueprint("connections", __name__, url_prefix="/admin/settings/connections")

_INDEX = "admin/connections/index.html"
_NEW = "admin/connections/new.html"
_NEW_SHOP = "admin/connections/new_shop.html"
_SHOW = "admin/connections/show.html"


@bp.get("")
@requires(Permission.MANAGE_SECURITY)
def index() -> ResponseReturnValue:
    known = agents.listed(current_workspace())
    rows = [(agent, connections.listed(agent)) for agent in known]
    return render_page(_INDEX, rows=rows, agents=known, words=words, without_keys=without_keys)


@bp.get("/new")
@requires(Permission.MANAGE_SECURITY)
def new() -> ResponseReturnValue:
    return render_page(_NEW, form=_new_form(NewForm(request.args, meta={"csrf": False})))


@bp.post("")
@requires(Permission.MANAGE_SECURITY)
def create() -> ResponseReturnValue:
    form = _new_form(NewForm())
    if not form.validate():
        return show_problem(_NEW, fragment="form", form=form)
    agent = agents.find(current_workspace(), uuid.UUID(form.agent.data))
    try:
        row = connections.add(
            agent,
            title=form.title.data,
            url=form.url.data,
            secret=form.secret.data,
            header=form.header.data or None,
            by=current_teammate(),
            now=utc_now(),
        )
    except (Invalid, Conflict) as refusal:
        form.url.errors = [refusal.message]
        return show_problem(_NEW, fragment="form", form=form)
    _read(row)
    return go_to(url_for(".show", connection_id=row.id))


@bp.get("/shopify")
@requires(Permission.MANAGE_SECURITY)
def new_shop() -> ResponseReturnValue:
    return render_page(_NEW_SHOP, form=_new_form(NewShopForm(request.args, meta={"csrf": False})), shopify=shopify)


@bp.post("/shopify")
@requires(Permission.MANAGE_SECURITY)
def create_shop() -> ResponseReturnValue:
    form = _new_form(NewShopForm())
    if not form.validate():
        return show_problem(_NEW_SHOP, fragment="form", form=form, shopify=shopify)
    agent = agents.find(current_workspace(), uuid.UUID(form.agent.data))
    try:
        row = connections.add(
            agent,
            title="Shopify",
            url=form.shop.data,
            kind=ConnectionKind.SHOPIFY,
            by=current_teammate(),
            now=utc_now(),
        )
    except (Invalid, Conflict) as refusal:
        form.shop.errors = [refusal.message]
        return show_problem(_NEW_SHOP, fragment="form", form=form, shopify=shopify)
    _read(row)
    return go_to(url_for(".show", connection_id=row.id))


@bp.get("/<uuid:connection_id>")
@requires(Permission.MANAGE_SECURITY)
def show(connection_id: uuid.UUID) -> ResponseReturnValue:
    return render_page(_SHOW, **_page(_row(connection_id)))


@bp.post("/<uuid:connection_id>/reading")
@requires(Permission.MANAGE_SECURITY)
def create_reading(connection_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    _read(row)
    return go_to(url_for(".show", connection_id=row.id))


@bp.post("/<uuid:connection_id>/use")
@requires(Permission.MANAGE_SECURITY)
def change_use(connection_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    connections.switch(row, bool(SwitchForm().is_on.data), by=current_teammate(), now=utc_now())
    return go_to(url_for(".show", connection_id=row.id))


@bp.post("/<uuid:connection_id>/address")
@requires(Permission.MANAGE_SECURITY)
def change_address(connection_id: uuid.UUID) -> ResponseReturnValue:
    row, form = _row(connection_id), AddressForm()
    if not form.validate():
        return show_problem(_SHOW, fragment="address", **_page(row, form))
    try:
        is_keyless = connections.change(
            row,
            title=form.title.data,
            url=form.url.data,
            secret=form.secret.data,
            header=form.header.data or None,
            by=current_teammate(),
            now=utc_now(),
        )
    except Invalid as refusal:
        form.url.errors = [refusal.message]
        return show_problem(_SHOW, fragment="address", **_page(row, form))
    if is_keyless:
        flash("The address leads to another website, so the key was erased. Enter the key for it.", "warning")
    _read(row)
    return go_to(url_for(".show", connection_id=row.id))


@bp.post("/<uuid:connection_id>/accounts")
@requires(Permission.MANAGE_SECURITY)
def change_accounts(connection_id: uuid.UUID) -> ResponseReturnValue:
    row, form = _row(connection_id), AccountsForm()
    if not form.validate():
        return show_problem(_SHOW, fragment="accounts", **_page(row, accounts_form=form))
    try:
        accounts = shop_accounts.connect(row, client_id=form.client_id.data, by=current_teammate(), now=utc_now())
    except (Invalid, Conflict) as refusal:
        form.client_id.errors = [refusal.message]
        return show_problem(_SHOW, fragment="accounts", **_page(row, accounts_form=form))
    _read(_row(accounts.connection_id))
    return _show_accounts(connection_id)


@bp.post("/<uuid:connection_id>/accounts/check")
@requires(Permission.MANAGE_SECURITY)
def check_accounts(connection_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    try:
        accounts = shop_accounts.check(row, by=current_teammate(), now=utc_now())
    except Invalid as problem:
        flash(problem.message, "warning")
    else:
        _read(_row(accounts.connection_id))
    return _show_accounts(connection_id)


@bp.get("/<uuid:connection_id>/accounts/removal")
@requires(Permission.MANAGE_SECURITY)
def confirm_accounts_removal(connection_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    return render_question("End signing in at the shop", "admin/connections/_accounts_removal.html", row=row)


@bp.post("/<uuid:connection_id>/accounts/removal")
@requires(Permission.MANAGE_SECURITY)
def remove_accounts(connection_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    shop_accounts.disconnect(row, by=current_teammate(), now=utc_now())
    flash("Nobody signs in at the shop from the chat any more, and everybody who had was signed out.", "success")
    return go_to(url_for(".show", connection_id=connection_id))


@bp.post("/<uuid:connection_id>/tools/<uuid:tool_id>")
@requires(Permission.MANAGE_SECURITY)
def change_tool(connection_id: uuid.UUID, tool_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    tool, form = connections.find_tool(row, tool_id), ToolForm()
    if not form.validate():
        return show_problem(_SHOW, fragment="tools", **_page(row, problem=(tool.id, "Choose who may cause it.")))
    try:
        connections.permit(
            tool,
            is_on=form.is_on.data,
            audience=Audience(form.audience.data),
            needs_confirmation=form.needs_confirmation.data,
            filled=filled(tool, request.form),
            fingerprint=form.fingerprint.data,
            by=current_teammate(),
            now=utc_now(),
        )
    except (Invalid, Conflict) as refusal:
        return show_problem(_SHOW, fragment="tools", **_page(row, problem=(tool.id, refusal.message)))
    return show_change(
        _SHOW,
        fragment="tools",
        otherwise=url_for(".show", connection_id=row.id),
        **_page(row, saved=tool.id),
    )


@bp.get("/<uuid:connection_id>/removal")
@requires(Permission.MANAGE_SECURITY)
def confirm_removal(connection_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    return render_question(f"Remove {row.title}", "admin/connections/_removal.html", row=row)


@bp.post("/<uuid:connection_id>/removal")
@requires(Permission.MANAGE_SECURITY)
def remove(connection_id: uuid.UUID) -> ResponseReturnValue:
    row = _row(connection_id)
    title = row.title
    connections.remove(row, by=current_teammate(), now=utc_now())
    flash(f"{title} is removed, with its key. What was called stays in the conversations.", "success")
    return go_to(url_for(".index"))


def _show_accounts(connection_id: uuid.UUID) -> ResponseReturnValue:
    return go_to(url_for(".show", connection_id=connection_id))


def _row(connection_id: uuid.UUID) -> Connection:
    return connections.find(current_workspace(), connection_id)


def _new_form(form: AnyNewForm) -> AnyNewForm:
    form.offer(agents.listed(current_workspace()))
    return form


def _read(row: Connection) -> None:
    try:
        connections.discover(row, now=utc_now())
    except Invalid as problem:
        flash(f"{problem.message} Nothing can be used until it answers.", "warning")
    except Conflict as problem:
        flash(problem.message, "warning")


def _page(
    row: Connection,
    form: AddressForm | None = None,
    *,
    saved: uuid.UUID | None = None,
    problem: tuple[uuid.UUID, str] | None = None,
    accounts_form: AccountsForm | None = None,
) -> dict[str, Any]:
    accounts = shop_accounts.of_shop(row)
    return {
        "row": row,
        "agent": agents.find(current_workspace(), row.agent_id),
        "tools": sorted(row.tools, key=lambda tool: (tool.gone_at is not None, tool.position)),
        "calls": tool_calls.latest(row, limit=20),
        "form": form or AddressForm(formdata=None, title=row.title, url=without_keys(row.url), header=row.header),
        "saved": saved,
        "problem": problem,
        "words": words,
        "is_shop": row.kind is ConnectionKind.SHOPIFY,
        "is_accounts": row.kind is ConnectionKind.SHOPIFY_ACCOUNTS,
        "accounts": accounts,
        "accounts_scopes": shop_accounts.scopes(accounts) if accounts else "",
        "accounts_form": accounts_form or AccountsForm(formdata=None, obj=accounts),
        "accounts_tools": _row(accounts.connection_id) if accounts else None,
        "callback": own_origin() + shop_accounts.callback_path(row.id),
        "origin": own_origin(),
    }
