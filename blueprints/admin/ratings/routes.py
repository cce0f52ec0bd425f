"""Settings → Ratings, and what other pages show of them."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.ratings.forms import RatingsForm
from core import ratings
from core.clock import utc_now
from core.permissions import Permission
from core.ratings import Figures
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page, show_change, show_problem

bp = Blueprint("ratings", __name__, url_prefix="/admin/settings/ratings")

_TEMPLATE = "admin/ratings/index.html"
_WORDS = {1: "Very bad", 2: "Bad", 3: "Okay", 4: "Good", 5: "Very good"}


@bp.app_context_processor
def _for_other_pages() -> dict[str, Any]:
    return {
        "ratings_of": ratings.of_conversation,
        "ratings_of_customer": ratings.of_customer,
        "ratings_lately": _lately,
        "rating_words": _WORDS,
    }


@bp.get("/")
@requires(Permission.MANAGE_TEAM)
def index() -> str:
    return render_page(_TEMPLATE, **_page())


@bp.post("/")
@requires(Permission.MANAGE_TEAM)
def change() -> ResponseReturnValue:
    form = RatingsForm()
    if not form.validate():
        return show_problem(_TEMPLATE, fragment="asking", **_page(form=form))
    ratings.decide(current_workspace(), form.decisions, by=current_teammate(), now=utc_now())
    if not is_partial():
        flash("Saved.", "success")
    return show_change(_TEMPLATE, fragment="asking", otherwise=url_for(".index"), **_page(is_saved=True))


def _page(**changes: Any) -> dict[str, Any]:
    form = RatingsForm.of(ratings.of(current_workspace().id))
    return {"form": form, "is_saved": False} | changes


def _lately(agent: Agent) -> Figures:
    return ratings.figures(agent, since=utc_now() - timedelta(days=7))
