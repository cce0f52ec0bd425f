"""The description of the API, for programs that read such."""

from flask import Response, current_app, request

from blueprints.api import documents
from blueprints.api.blueprint import bp
from web.access import public


@bp.get("/openapi.json")
@public
def show_document() -> Response:
    settings = current_app.config["PORCHLIGHT"]
    response = Response(documents.written(settings.public_url), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response
