"""The list of the inbox, and what stands around it."""

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations.filter_choices import chosen
from blueprints.admin.conversations.lists import count_waiting, list_of, read_choice
from blueprints.admin.conversations.routes import bp
from core.inboxes import View
from core.permissions import Permission
from web.access import requires
from web.fragments import is_partial, render_page

_INDEX = "admin/conversations/index.html"


@bp.app_context_processor
def _for_the_menu() -> dict[str, Any]:
    return {"count_waiting_conversations": count_waiting, "chosen_filters": chosen}


@bp.get("/")
@requires(Permission.VIEW)
def index() -> str:
    choice = read_choice()
    fragment = "inbox_rows" if choice.before else "inbox_list"
    return render_page(_INDEX, fragment=fragment, opened=None, **list_of(choice))


@bp.get("/waiting")
@requires(Permission.VIEW)
def show_waiting() -> ResponseReturnValue:
    if not is_partial():
        return redirect(url_for(".index", view=View.WAITING), 303)
    return render_page("admin/conversations/_waiting_badge.html")


@bp.get("/shortcuts")
@requires(Permission.VIEW)
def show_shortcuts() -> str:
    return render_page("admin/conversations/shortcuts.html", fragment="shortcuts_dialog")
