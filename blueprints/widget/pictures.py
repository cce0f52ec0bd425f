"""The pictures of a look, for everybody."""

import uuid

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from core import pictures
from web.access import public

bp = Blueprint("widget_pictures", __name__)


@bp.get("/pictures/<uuid:picture_id>.webp")
@public
def show(picture_id: uuid.UUID) -> ResponseReturnValue:
    picture, content = pictures.find(picture_id)
    # Another picture has another id: this address never shows anything else.
    response = Response(content, mimetype=picture.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(picture.id.hex)
    return response.make_conditional(request)
