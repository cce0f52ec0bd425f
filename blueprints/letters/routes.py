"""What a customer sees who wants no more mails about a chat; they are known by the mark in the link of the mail."""

import secrets

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue

from core import letters, widget_words
from core.clock import utc_now
from models.conversations import Conversation
from web.access import public
from web.attempts import network
from web.extensions import csrf, limiter

bp = Blueprint("letters", __name__, url_prefix="/letters")
# Mail programs send the form for the customer (RFC 8058). Whoever has the mark may, and nobody else can make one.
csrf.exempt(bp)
_limit = limiter.limit("60 per minute", key_func=network)


@bp.get("/<mark>")
@_limit
@public
def show(mark: str) -> ResponseReturnValue:
    return _page(letters.find_by_mark(mark), mark)


@bp.post("/<mark>")
@_limit
@public
def stop(mark: str) -> ResponseReturnValue:
    conversation = letters.find_by_mark(mark)
    letters.stop(conversation, now=utc_now())
    return _page(conversation, mark)


@bp.post("/<mark>/again")
@_limit
@public
def go_on(mark: str) -> ResponseReturnValue:
    conversation = letters.find_by_mark(mark)
    letters.go_on(conversation)
    return _page(conversation, mark)


def _page(conversation: Conversation, mark: str) -> Response:
    speaker, nonce = letters.Speaker(conversation), secrets.token_urlsafe(16)
    page = render_template(
        "letters/show.html",
        heading=speaker.say("letter_subject", name=speaker.name),
        speaker=speaker,
        language=speaker.language,
        is_rtl=widget_words.is_rtl(speaker.language),
        is_stopped=conversation.letters_stopped_at is not None,
        mark=mark,
        nonce=nonce,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
