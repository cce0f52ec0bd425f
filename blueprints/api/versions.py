"""ETags: what somebody has seen, so that two who change the same do not overwrite each other (RFC 9110, 13.1)."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, abort, request

from blueprints.api.shapes.base import Shape
from models import db
from web.errors import problem

_WORDS = "This was changed since you read it. Read it again, and send the change with the new ETag."


def tag_of(shape: Shape) -> str:
    return f'"{hashlib.sha256(shape.as_json()).hexdigest()[:32]}"'


def unless_known(response: Response) -> Response:
    """The answer, or 304 when the caller has it already (If-None-Match)."""
    etag, _is_weak = response.get_etag()
    if etag is None or not request.if_none_match.contains_weak(etag):
        return response
    known = Response(status=304)
    known.headers["ETag"] = response.headers["ETag"]
    return known


def check(row: Any, shown: Callable[[], Shape]) -> None:
    """Hold a row that is about to be changed, and refuse the change when the caller has seen another state of it.

    Args:
        shown: how the row is shown to callers; asked once it is held.
    """
    db.session.refresh(row, with_for_update={"of": type(row)})
    if "If-Match" not in request.headers:
        return
    if not request.if_match.contains(tag_of(shown()).strip('"')):
        abort(problem("changed_meanwhile", _WORDS, 412))
