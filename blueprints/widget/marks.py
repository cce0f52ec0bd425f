"""What makes a browser look like a program: said by itself, or left out where browsers always say it."""

import re

from flask import request

from blueprints.widget.requests import own_origin

_PROGRAMS = re.compile(
    r"HeadlessChrome|PhantomJS|python-|aiohttp|httpx|curl/|Wget/|Go-http-client|okhttp|Java/|libwww|Scrapy|node-fetch|axios",
    re.IGNORECASE,
)
# Since 2019 and 2021; Safari only since 2023, and its older versions are still about.
_ALWAYS_SAY = re.compile(r"Chrome/|Firefox/")


def of_automation(signals: object) -> list[str]:
    """In words, what makes this request look as if a program had sent it.

    Args:
        signals: what the frame has noticed about its browser.
    """
    agent = request.headers.get("User-Agent", "")
    found = []
    if isinstance(signals, dict) and signals.get("webdriver") is True:
        found.append("the browser says that a program controls it")
    if program := _PROGRAMS.search(agent):
        found.append(f"it calls itself {program[0].strip('-/')}")
    elif not agent:
        found.append("it does not say which browser it is")
    if "Accept-Language" not in request.headers:
        found.append("it has no language, as browsers have")
    if _ALWAYS_SAY.search(agent) and _is_told_where() and "Sec-Fetch-Site" not in request.headers:
        found.append("it leaves out what browsers always send")
    return found


def foreign_origin() -> str | None:
    """The website from which a call comes that only our own page makes; None when nothing speaks for another."""
    origin = request.headers.get("Origin")
    is_own = request.headers.get("Sec-Fetch-Site") == "same-origin" or origin == own_origin()
    return None if is_own else origin


def _is_told_where() -> bool:
    # Browsers send Sec-Fetch-* to trustworthy addresses only (Fetch Metadata, 2.1).
    return own_origin().startswith("https:") or request.host.rsplit(":", 1)[0] in ("localhost", "127.0.0.1")
