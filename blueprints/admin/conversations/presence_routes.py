"""An open page says that somebody is there, what they do, and how far they have read."""

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from blueprints.admin.conversations.routes import bp
from core import conversations, presences, readings
from core.clock import utc_now
from core.errors import Invalid
from core.permissions import Permission, may
from core.presences import Doing
from web.access import current_teammate, current_workspace, requires


@bp.post("/<uuid:conversation_id>/presence")
@requires(Permission.VIEW)
def create_presence(conversation_id: uuid.UUID) -> ResponseReturnValue:
    conversation = conversations.find(current_workspace(), conversation_id)
    teammate, seen = current_teammate(), request.form.get("seen", 0, type=int)
    presences.teammate_is(conversation, teammate, _doing(), asks=request.form.get("asks") == "1")
    # That somebody answers is what a customer is told; who may only look is nobody they wait for.
    if seen > 0 and may(teammate.role, Permission.ANSWER):
        readings.mark_read(conversation, teammate, seq=seen, now=utc_now())
    return "", 204


def _doing() -> Doing:
    try:
        doing = Doing(request.form.get("doing", ""))
    except ValueError:
        raise Invalid("Say what is done here.") from None
    may_write = may(current_teammate().role, Permission.ANSWER)
    return doing if may_write or doing is not Doing.WRITING else Doing.HERE
