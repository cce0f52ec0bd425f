"""The pictures on product cards, for whoever was shown the card."""

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from blueprints.widget.limits import PER_ADDRESS, within
from core import card_pictures
from web.access import public

bp = Blueprint("widget_card_pictures", __name__)


@bp.get("/pictures/of-cards/<name>.webp")
@within(address=PER_ADDRESS)
@public
def show(name: str) -> ResponseReturnValue:
    picture = card_pictures.read(name, allow_private=current_app.config["PORCHLIGHT"].allow_private_addresses)
    response = Response(picture.content, mimetype=picture.media_type)
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
