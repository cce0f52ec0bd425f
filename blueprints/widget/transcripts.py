"""A copy of the chat for the customer: as a file, or by mail."""

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.widget.limits import PER_ADDRESS, check_not_blocked, within
from blueprints.widget.requests import conversation_of, current_session, json_body
from core import transcripts, widget_configs
from core.clock import utc_now
from core.errors import Conflict, Invalid
from models.conversations import Conversation
from models.customers import WidgetSession
from web import mails
from web.access import public
from web.addresses import current_address
from web.extensions import csrf

bp = Blueprint("widget_transcripts", __name__, url_prefix="/api/v1/widget")
csrf.exempt(bp)

_COPIES = "10/minute;60/hour"
_MAILS = "10/minute;20/hour"


@bp.get("/transcript")
@within(session=_COPIES, address=PER_ADDRESS)
@public
def show_transcript() -> ResponseReturnValue:
    conversation = _conversation(_session())
    form = request.args.get("format", "txt")
    if form not in ("txt", "html"):
        raise Invalid("format has to be txt or html.")
    copy = transcripts.of(conversation, zone=request.args.get("timeZone", ""), now=utc_now())
    text = transcripts.as_text(copy) if form == "txt" else render_template("mail/transcript_copy.html", transcript=copy)
    response = Response(text, mimetype="text/plain" if form == "txt" else "text/html")
    response.headers["Content-Disposition"] = f"attachment; filename=chat.{form}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/transcript")
@within(session=_MAILS, address=PER_ADDRESS)
@public
def mail_transcript() -> ResponseReturnValue:
    session = _session()
    conversation = _conversation(session)
    body = json_body()
    to = transcripts.recipient(conversation, body.get("email"))
    zone = body.get("timeZone")
    copy = transcripts.of(
        conversation,
        zone=zone if isinstance(zone, str) else "",
        now=utc_now(),
        is_for_anybody=not to.is_proven,
    )
    transcripts.check_mail(session, to, current_address())
    mails.send_transcript(conversation, copy, to=to.address)
    return jsonify(email=to.address), 202


def _session() -> WidgetSession:
    session = current_session()
    check_not_blocked(session)
    return session


def _conversation(session: WidgetSession) -> Conversation:
    conversation = conversation_of(session)
    config, _version = widget_configs.published(conversation.agent)
    if not config.features.get("transcript", True):
        raise Conflict("Copies of the chat are not offered here.", code="transcript_off")
    return conversation
