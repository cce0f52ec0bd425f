"""Getting in: first run, sign in and out."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from blueprints.auth.forms import SignInForm, WelcomeForm
from config.settings import ROOT
from core import accounts, first_looks, second_factors
from core.clock import utc_now
from core.errors import NotFound, TooMany
from core.second_factors import Method
from web import attempts, passkey_requests
from web.access import public, safe_path
from web.extensions import limiter
from web.fragments import go_to, render_page, show_problem
from web.sign_ins import begin_second_step, sign_in_here, sign_out_here

bp = Blueprint("auth", __name__)


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("agents.index"), 303)
    return redirect(url_for(".welcome" if accounts.is_first_run() else ".sign_in"), 303)


@bp.get("/welcome")
@public
def welcome() -> ResponseReturnValue:
    _only_on_first_run()
    return render_page("auth/welcome.html", form=WelcomeForm())


@bp.post("/welcome")
@limiter.limit("10 per minute", key_func=attempts.network)
@public
def create_first_account() -> ResponseReturnValue:
    _only_on_first_run()
    form = WelcomeForm()
    if not form.validate():
        return show_problem("auth/welcome.html", form=form)
    made = accounts.register_first(
        name=form.name.data,
        email=form.email.data,
        password=form.password.data,
        website=form.website.data,
        setup_code=form.setup_code.data or "",
        now=utc_now(),
    )
    first_looks.start(made.agent, now=utc_now())
    sign_in_here(made.owner, method=Method.FIRST_ACCOUNT)
    return go_to(url_for("agents.show", agent_id=made.agent.id))


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(safe_path(request.args.get("next")), 303)
    if accounts.is_first_run():
        return redirect(url_for(".welcome"), 303)
    return render_page("auth/sign_in.html", **_asking(SignInForm()))


@bp.post("/sign-in")
@limiter.limit("60 per minute", key_func=attempts.network)
@limiter.limit(
    "10 per minute; 60 per hour", key_func=attempts.network, deduct_when=lambda answer: answer.status_code == 422
)
@public
def create_session() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return show_problem("auth/sign_in.html", **_asking(form))
    email = accounts.normal_email(form.email.data)
    tries = attempts.passwords_for(email)
    try:
        tries.take()
    except TooMany as refusal:
        return _held_up(form, refusal)
    teammate = accounts.authenticate(email, form.password.data)
    if teammate is None:
        tries.were_wrong()
        form.form_errors.append("The e-mail or the password is not right.")
        return show_problem("auth/sign_in.html", **_asking(form))
    tries.were_right()
    if second_factors.has_one(teammate):
        begin_second_step(teammate)
        return go_to(url_for(".second_factor", next=request.args.get("next")))
    sign_in_here(teammate, method=Method.PASSWORD)
    return go_to(safe_path(request.args.get("next")))


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    sign_out_here()
    flash("You are signed out.", "success")
    return go_to(url_for(".sign_in"))


@bp.get("/icon.svg")
@public
def icon() -> Response:
    response = make_response((ROOT / "static" / "images" / "icon.svg").read_bytes())
    response.mimetype = "image/svg+xml"
    response.cache_control.public = True
    response.cache_control.max_age = 86400
    return response


def _asking(form: SignInForm) -> dict[str, Any]:
    return {"form": form, "obstacle": passkey_requests.site().obstacle}


def _only_on_first_run() -> None:
    if not accounts.is_first_run():
        raise NotFound("There is an account already. Sign in, or ask for an invitation.")


def _held_up(form: SignInForm, refusal: TooMany) -> Response:
    form.form_errors.append(refusal.message)
    response = make_response(render_page("auth/sign_in.html", **_asking(form)), 429)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response
