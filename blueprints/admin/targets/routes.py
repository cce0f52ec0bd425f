"""Settings → Targets, and the clock that other pages show."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.targets.forms import TargetsForm
from core import targets
from core.clock import utc_now
from core.permissions import Permission
from core.targets import ANSWER, RESOLUTION, Clock
from models.conversations import Conversation, Priority
from web.access import current_teammate, current_workspace, requires
from web.forms import RefusalsAt
from web.fragments import is_partial, render_page, show_change, show_problem
from web.templates import count

bp = Blueprint("targets", __name__, url_prefix="/admin/settings/targets")

_TEMPLATE = "admin/targets/index.html"
_LATE = {ANSWER: "Answer {time} late", RESOLUTION: "Open {time} too long"}
_DUE = {ANSWER: "Answer within {time}", RESOLUTION: "Resolve within {time}"}
_KINDS = {ANSWER: "First answer by a person", RESOLUTION: "Resolved"}


@bp.app_context_processor
def _for_other_pages() -> dict[str, Any]:
    return {"target_clock": _clock_of, "target_words": _in_words}


@bp.get("/")
@requires(Permission.MANAGE_TEAM)
def index() -> str:
    return render_page(_TEMPLATE, **_page())


@bp.post("/")
@requires(Permission.MANAGE_TEAM)
def change() -> ResponseReturnValue:
    form = TargetsForm()
    if form.validate():
        with RefusalsAt(form):
            targets.change(current_workspace(), form.targets, by=current_teammate(), now=utc_now())
            if not is_partial():
                flash("Saved.", "success")
            return show_change(_TEMPLATE, fragment="targets", otherwise=url_for(".index"), **_page(is_saved=True))
    return show_problem(_TEMPLATE, fragment="targets", **_page(form=form))


def _page(**changes: Any) -> dict[str, Any]:
    kept = targets.of(current_workspace().id)
    beside = {"priorities": list(reversed(Priority)), "kinds": _KINDS, "is_saved": False}
    return beside | {"form": TargetsForm.of(kept)} | changes


def _clock_of(conversation: Conversation) -> Clock | None:
    return targets.clock_of(conversation, now=utc_now())


def _in_words(clock: Clock) -> str:
    """What is due, and in what time, or how late it is; like `Answer within 12 minutes`."""
    left = abs(clock.due_at - utc_now())
    words = _LATE if clock.is_late else _DUE
    return words[clock.what].format(time=_time(left))


def _time(span: timedelta) -> str:
    minutes = max(1, round(span / timedelta(minutes=1)))
    for size, word in ((1_440, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return count(round(minutes / size), word)
    return count(minutes, "minute")
