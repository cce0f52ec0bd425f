"""Errors become HTTP here and nowhere else."""

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from core.widget_words import language_for, refusal
from models import db

_STATUS: dict[type[DomainError], int] = {
    Invalid: 422,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    Unauthenticated: 401,
    TooMany: 429,
    Unavailable: 503,
}
_WORDS: dict[int, tuple[str, str]] = {
    400: ("That request could not be read", "Go back, reload the page and try again. Nothing was changed."),
    401: ("Please sign in", "Sign in to see this page."),
    403: ("You may not do this", "Your role does not allow it. Ask an admin of your workspace."),
    404: ("This page does not exist", "The address may be mistyped, or what was here has been removed."),
    405: ("That cannot be done here", "Go back and try again. Nothing was changed."),
    409: ("Somebody was faster", "What you changed has been changed since. Reload the page and try again."),
    413: ("That is too large", "Send something smaller. Nothing was changed."),
    422: ("That could not be used", "Go back, check what you wrote and try again. Nothing was changed."),
    429: ("That was a bit fast", "Wait a minute and try again. Nothing was changed."),
    500: ("Something went wrong on our side", "Nothing you wrote was changed. Try again in a minute."),
    503: ("That cannot be done just now", "Nothing you wrote was changed. Try again in some minutes."),
}
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "invalid", 429: "rate_limited"}


def handle_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, _refusal)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(IntegrityError, _broken_rule)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def problem(code: str, message: str, status: int, *, retry_after: int | None = None, **details: object) -> Response:
    """The one form of an error in JSON (design.md 5.4)."""
    error: dict[str, object] = {"code": code, "message": message, **details}
    if retry_after is not None:
        error["retryAfter"] = retry_after
    response = jsonify(error=error)
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refusal(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    status = next((number for kind, number in _STATUS.items() if isinstance(error, kind)), 422)
    retry_after = error.retry_after if isinstance(error, TooMany | Unavailable) else None
    if _wants_json():
        return problem(error.code, _words_of(error), status, retry_after=retry_after, **error.details)
    response = _page(status, error.message)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _words_of(error: DomainError) -> str:
    """The refusal in words; for a customer, whose chat says which language it speaks, in that one."""
    if not request.path.startswith("/api/v1/widget/"):
        return error.message
    accepted = request.headers.get("Accept-Language")
    return refusal(language_for("browser", page_language=None, accept_language=accepted), error)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, "This page was open for too long, or cookies are blocked. Reload it and try again.")


def _broken_rule(error: IntegrityError) -> ResponseReturnValue:
    """What was to be referred to was erased meanwhile, or the same stored by somebody else at the same moment.

    Any other broken rule of the database is a mistake of ours.
    """
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    if code in ("23503", "SQLITE_CONSTRAINT_FOREIGNKEY"):
        return _overtaken(error)
    if code in ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        # Where it is no coincidence, it is a mistake of ours that somebody should look at.
        current_app.logger.exception("The same was stored twice.", exc_info=error)
        return _refusal(Conflict("Somebody has just stored the same. Reload the page to see it."))
    return _crash(error)


def _overtaken(_error: Exception) -> ResponseReturnValue:
    return _refusal(Conflict("What you wanted to change has been erased meanwhile. Reload the page."))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = error.code or 500
    if status < 400:
        return error.get_response()
    retry_after = 60 if status == 429 else None
    title, text = _WORDS.get(status, _WORDS[400])
    if _wants_json():
        code = _CODES.get(status, "invalid" if status < 500 else "internal")
        response = problem(code, f"{title}. {text}", status, retry_after=retry_after)
    else:
        response = _page(status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _crash(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.exception("A request failed.", exc_info=error)
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    if _wants_json():
        title, text = _WORDS[500]
        return problem("internal", f"{title}. {text}", 500)
    return _page(500)


def _page(status: int, message: str | None = None) -> Response:
    title, text = _WORDS.get(status, _WORDS[400])
    is_fragment = bool(request.headers.get("HX-Request"))
    body = render_template(
        "errors/_message.html" if is_fragment else "errors/page.html",
        title=title,
        message=message or text,
        status=status,
    )
    response = make_response(body, status)
    if is_fragment:
        # Shown beside what is on the page, so that nothing typed is lost.
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _wants_json() -> bool:
    return request.path.startswith("/api/")
