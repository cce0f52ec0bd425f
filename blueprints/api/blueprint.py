"""Where the API stands, and what each of its answers carries."""

from flask import Blueprint, Response, g

from blueprints.api import caller
from web.extensions import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
# No cookie is looked at here: another website has nothing to send along.
csrf.exempt(bp)


@bp.after_request
def add_headers(response: Response) -> Response:
    """Say how to prove who one is, and how much may still be asked."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Porchlight"'
    if "api_key" in g:
        response.headers.extend(caller.limits_left(g.api_key))
    return response
