"""Scripts for other people's pages: settings written into them, and the headers with which they go out."""

import hashlib
import json

from flask import Response, current_app, request

from web.compression import compressed

FOR_EVER = "public, max-age=31536000, immutable"
"""The `Cache-Control` of a script whose address stands for its content."""


def as_javascript(settings: object) -> str:
    """Settings as an expression of JavaScript, for a script of its own or within a page."""
    # JSON is JavaScript but for these two line ends; "</" would end an inline script.
    text = json.dumps(settings, separators=(",", ":"), ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")


def script_of(text: str, *, cache: str) -> Response:
    """A script as every website may load it, compressed as far as it goes.

    Args:
        text: the script.
        cache: its `Cache-Control`.
    """
    response = Response(text, mimetype="text/javascript")
    response.headers["Cache-Control"] = cache
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:16], weak=True)
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    if response.status_code == 304 or current_app.testing:
        return response
    return compressed(response, quality=11)


def cached_for(seconds: int) -> str:
    """The `Cache-Control` of a script that may change: after this time nobody is shown an older one (0: not at all)."""
    return f"public, max-age={seconds}" if seconds else "no-store"
