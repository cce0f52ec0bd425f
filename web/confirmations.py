"""Asks again who sits there, before something that cannot easily be undone."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from core.clock import utc_now
from web.access import current_session, safe_path
from web.fragments import go_to, is_partial

View = TypeVar("View", bound=Callable[..., Any])

GOOD_FOR = timedelta(minutes=30)
_NOTHING_CHANGED = "Confirm that it is you first. Nothing was changed: after that, do it once more."


def freshly_confirmed(view: View) -> View:
    """Let only those in who proved within the last half hour that it is them; stands under `@requires`.

    Others are sent to the page that asks for it, and from there to what they wanted to see. A change is not made
    afterwards by itself: they come back to the page it was asked from.
    """

    @wraps(view)
    def confirmed(*arguments: Any, **values: Any) -> Any:
        return view(*arguments, **values) if is_fresh() else ask_first()

    return cast(View, confirmed)


def ask_first() -> Response:
    """Send the person to the page that asks who they are; for a view that is dangerous only at times."""
    if request.method != "GET":
        flash(_NOTHING_CHANGED, "info")
    return go_to(url_for("confirmation.show", next=_wanted()))


def is_fresh() -> bool:
    """Whether the person in this browser has proved lately that it is them."""
    return utc_now() - current_session().confirmed_at < GOOD_FOR


def _wanted() -> str:
    if request.method == "GET" and not is_partial():
        return safe_path(request.full_path.removesuffix("?"))
    return safe_path(request.headers.get("HX-Current-URL") or request.referrer)
