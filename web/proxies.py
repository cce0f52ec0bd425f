"""Proxies in front: whose headers are believed, and which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Believe the address and the scheme that so many proxies have added to `X-Forwarded-*`, counted from the last.

    Without any, every such header is the visitor's own invention. `Forwarded` (RFC 7239) and `X-Real-IP` are never
    read: a proxy that does not know them passes on what the visitor wrote.
    """
    if hops := settings.trusted_proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)
        app.wsgi_app = _OwnHost(fixed, urlsplit(settings.public_url).netloc)  # type: ignore[method-assign]


class _OwnHost:
    """Takes `X-Forwarded-Host` only for our own name.

    Many proxies pass this header on as it came, so that a visitor could choose what links are made with; a proxy
    that writes another `Host` on the way still leads here by the name that the operator has set.
    """

    def __init__(self, app: WSGIApplication, host: str) -> None:
        self._app = app
        self._host = host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told = environ.get("HTTP_X_FORWARDED_HOST", "").split(",")
        if self._host in (name.strip() for name in told):
            environ["HTTP_HOST"] = self._host
        return self._app(environ, start_response)
