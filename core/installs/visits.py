"""Goes to a website's page and says what keeps the widget from working there."""

from collections.abc import Mapping

from core import websites
from core.installs.diagnosis import Finding, diagnose, in_browser, unreachable
from core.installs.pages import Page, read_page
from gateways.outgoing import Limits, OutgoingError, fetch
from models import db
from models.agents import Agent

_LIMITS = Limits(seconds=10, connect_seconds=4, bytes=3 * 1024 * 1024, redirects=5)
# Some sites answer only what looks like a browser.
_AS_A_BROWSER = {
    "User-Agent": "Mozilla/5.0 (compatible; Porchlight install check)",
    "Accept": "text/html,application/xhtml+xml",
    "Accept-Language": "en",
}


def check(agent: Agent, address: str, *, public_url: str, allow_private: bool) -> list[Finding]:
    """Look at a page from outside.

    Args:
        address: of a page, as somebody typed it; `https://` is added when it was left out.
        public_url: where Porchlight is served.
        allow_private: whether pages of the own network may be asked.

    Returns:
        What keeps the widget from working, the gravest first; never empty: when nothing can be seen from outside,
        it says what is left to look at in the browser.

    Raises:
        Invalid: when it is no address of a page.
    """
    url = websites.read_site(address)
    patterns = websites.patterns(agent)
    public_id = agent.public_id
    # The visit takes its time; no read stays open meanwhile.
    db.session.commit()
    try:
        page = _visit(url, allow_private=allow_private)
    except OutgoingError as refusal:
        return [unreachable(str(refusal))]
    frame_headers = _frame_headers(f"{public_url}/widget/{public_id}", allow_private=allow_private)
    found = diagnose(page, agent=public_id, public_url=public_url, patterns=patterns, frame_headers=frame_headers)
    return found or [in_browser()]


def _visit(url: str, *, allow_private: bool) -> Page:
    response = fetch(url, headers=_AS_A_BROWSER, limits=_LIMITS, allow_private=allow_private)
    if response.status >= 400:
        raise _Refused(response.status)
    return read_page(response.url, dict(response.headers), response.body)


class _Refused(OutgoingError):
    def __init__(self, status: int) -> None:
        super().__init__(f"The website answered with the error {status}.")


def _frame_headers(url: str, *, allow_private: bool) -> Mapping[str, str]:
    """What the chat's own page arrives with from outside; nothing when it cannot be asked from here."""
    try:
        response = fetch(url, limits=_LIMITS, allow_private=allow_private)
    except OutgoingError:
        return {}
    return {name.lower(): value for name, value in response.headers.items()}
