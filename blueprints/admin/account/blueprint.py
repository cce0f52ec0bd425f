"""What all pages about one's own account share."""

from collections.abc import Sequence

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from web import mails
from web.access import current_teammate
from web.fragments import go_to, render_page

bp = Blueprint("account", __name__, url_prefix="/admin/account")


def after_new_factor(what: str, codes: Sequence[str]) -> ResponseReturnValue:
    """Tell of it by mail, and show recovery codes if there are new ones.

    Args:
        what: what happened, as a sentence without its full stop.
    """
    mails.tell_second_factor_changed(current_teammate(), what)
    flash(f"{what}.", "success")
    return show_codes(codes) if codes else go_to(url_for("account.show"))


def show_codes(codes: Sequence[str]) -> ResponseReturnValue:
    # Not sent on to another page: the codes are kept nowhere, so this answer is the only one that can show them.
    return render_page("admin/account/recovery_codes.html", codes=codes, me=current_teammate()), 201
