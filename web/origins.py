"""Where the product itself is reached."""

from urllib.parse import urlsplit

from flask import current_app, request

from config.settings import Settings


def own_origin() -> str:
    """Where the product itself is reached in this request."""
    settings: Settings = current_app.config["PORCHLIGHT"]
    public = urlsplit(settings.public_url.lower())
    here = f"{request.scheme}://{request.host}"
    return f"{public.scheme}://{public.netloc}" if settings.is_https else here


def is_secure() -> bool:
    """Whether browsers reach us by https, perhaps through a proxy."""
    return own_origin().startswith("https:")
