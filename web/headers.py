"""Headers that every answer carries. Routes that need others set them first; nothing here overwrites them."""

from flask import Flask, Response, request

_TRUSTED_TYPES = ("require-trusted-types-for 'script'", "trusted-types porchlight")
_ADMIN_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        # HTML becomes a part of a page in one place only, which htmx uses (static/js/admin/trusted-parser.js).
        *_TRUSTED_TYPES,
    )
)
# What is no page, opened by itself, does nothing and stands in nobody's frame.
_NO_PAGE_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"
_UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "screen-wake-lock",
    "serial",
    "sync-xhr",
    "unload",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
# What teammates need: to copy a snippet, to sign in with a passkey. The chat needs neither.
_USED = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
_FOR_TEAMMATES = ", ".join([*(f"{name}=(self)" for name in _USED), *(f"{name}=()" for name in _UNUSED)])
_FOR_CUSTOMERS = ", ".join(f"{name}=()" for name in (*_USED, *_UNUSED))


def send_security_headers(app: Flask) -> None:
    app.after_request(_secure)


def headers_of_assets(headers: dict[str, str], _path: str, _url: str) -> None:
    """Headers of built files, which are served before Flask is asked."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _secure(response: Response) -> Response:
    headers = response.headers
    is_widget = (request.blueprint or "").startswith("widget_")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    # Customers' pages load and call the widget's addresses from elsewhere; nobody else's do.
    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_widget else "same-origin")
    if response.mimetype == "text/html":
        _secure_page(response, is_widget=is_widget)
    elif response.mimetype not in ("text/javascript", "text/css", "text/event-stream"):
        headers.setdefault("Content-Security-Policy", _NO_PAGE_CSP)
    headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _secure_page(response: Response, *, is_widget: bool) -> None:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _ADMIN_CSP)
    headers.setdefault("Permissions-Policy", _FOR_CUSTOMERS if is_widget else _FOR_TEAMMATES)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if is_widget:
        # A website that isolates itself shows only frames that do the same; the chat loads nothing from elsewhere.
        headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
    # For browsers and scanners that know no frame-ancestors; a list of websites cannot be said here.
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")
    elif "frame-ancestors 'self'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "SAMEORIGIN")
