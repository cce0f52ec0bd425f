"""The profile that shops ask for (Universal Commerce Protocol); it is the same for everybody."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from core.connections import shopify
from web.access import public

bp = Blueprint("agent_profile", __name__)


@bp.get(shopify.PROFILE_PATH)
@public
def show() -> ResponseReturnValue:
    answer = jsonify(shopify.profile())
    answer.cache_control.public, answer.cache_control.max_age = True, 3600
    return answer
