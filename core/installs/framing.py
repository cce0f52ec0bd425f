"""Whether a page of a website can stand behind the chat in the customizer's preview."""

from urllib.parse import urlsplit

from core.domains import origin_of
from core.errors import Conflict
from core.installs.pages import Page, read_page
from core.installs.policies import may_be_framed
from gateways.outgoing import Limits, OutgoingError, fetch
from models import db
from models.agents import Agent

_LIMITS = Limits(seconds=8, connect_seconds=4, bytes=3 * 1024 * 1024, redirects=5)
_STAYS = "The neutral page stays behind the chat."


def page_to_frame(agent: Agent, *, public_url: str, allow_private: bool) -> str:
    """The address of the website's first page, where it may be shown in a frame of ours.

    Args:
        public_url: where Porchlight is served.
        allow_private: whether pages of the own network may be asked.

    Raises:
        Conflict: when it may not or cannot be, in words.
    """
    site = agent.site_url
    if not site:
        raise Conflict(f"This agent has no website yet. {_STAYS}")
    # The visit takes its time; no read stays open meanwhile.
    db.session.commit()
    try:
        response = fetch(site, headers={"Accept": "text/html"}, limits=_LIMITS, allow_private=allow_private)
    except OutgoingError as refusal:
        raise Conflict(f"Your website could not be opened. {refusal} {_STAYS}") from None
    if response.status >= 400:
        raise Conflict(f"Your website answered with the error {response.status}. {_STAYS}")
    page = read_page(response.url, dict(response.headers), response.body)
    why = _hindrance(page, site, public_url)
    if why:
        raise Conflict(f"{why} {_STAYS}")
    return page.address


def is_page_of(agent: Agent, address: str) -> bool:
    """Whether an address is on the agent's website, with or without `www.`."""
    origin = origin_of(address)
    return origin is not None and bool(agent.site_url) and _plain(str(origin)) == _plain(agent.site_url or "")


def _hindrance(page: Page, site: str, public_url: str) -> str:
    if _plain(page.address) != _plain(site):
        return f"Your website sends visitors on to {urlsplit(page.address).hostname}."
    if not page.is_https and urlsplit(public_url).scheme == "https":
        return "Your website is not on https, so browsers do not show it on this page."
    if not may_be_framed(page.headers, by=public_url, page_origin=page.origin):
        return "Your website allows nobody to show it in a frame (X-Frame-Options or frame-ancestors)."
    return ""


def _plain(address: str) -> str:
    """The host and port of an address, without `www.`."""
    return urlsplit(address).netloc.lower().removeprefix("www.")
