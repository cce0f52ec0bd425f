"""Visiting one page of a website: politely, guarded, and with an end, whatever the website does."""

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import structlog

from core.clock import utc_now
from core.sources import robots
from core.sources.addresses import Scope, normal
from core.sources.extraction import Extractor, Unreadable
from core.sources.pages_read import PageRead
from core.sources.sitemaps import Sitemap
from gateways.outgoing import Limits, OutgoingError, OutgoingRefused, Response, fetch

log = structlog.get_logger()

SECONDS = 15.0
"""The longest that one page may take to arrive, over all its redirects."""
_MOST_BYTES = 3 * 1024 * 1024
_MOST_SITEMAP_BYTES = 10 * 1024 * 1024
_MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTML = ("text/html", "application/xhtml+xml", "")
_READABLE = (*_HTML, "text/plain", "text/markdown", "text/xml", "application/xml", "application/gzip")
_PACKED = ("application/gzip", "application/x-gzip")
# What a worker may spend on being polite; longer pauses are waited for elsewhere.
_SHORT_PAUSE = 1.0
_USUAL_RETRY = 30.0
_LONGEST_RETRY = 300.0
_ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.8,application/xml;q=0.7,*/*;q=0.1"


class Outcome(enum.StrEnum):
    """What became of a visit."""

    READ = "read"
    UNCHANGED = "unchanged"
    LISTED = "listed"
    """It is a sitemap."""
    KNOWN = "known"
    """It leads to a page that has been visited."""
    SKIPPED = "skipped"
    GONE = "gone"
    FAILED = "failed"
    LATER = "later"
    """The website wants to be left alone for a while."""


@dataclass(frozen=True)
class Visit:
    """What a visit brought."""

    outcome: Outcome
    address: str
    """Where it ended: another page than was asked for when that one leads there."""
    problem: str = ""
    page: PageRead = field(default_factory=PageRead)
    sitemap: Sitemap | None = None
    etag: str | None = None
    modified: str | None = None
    size: int = 0
    wait: float = 0.0
    """Of `LATER`: how many seconds to leave the website alone."""
    is_refused: bool = False
    """Of `LATER`: the website has said so itself, and is not to be asked without end."""


@dataclass(frozen=True)
class Known:
    """What is known of a page from the reading before."""

    etag: str | None = None
    modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True)
class Crawler:
    """Visits the pages of one website.

    Args:
        scope: which addresses it may go to.
        extractor: reads what was fetched.
        is_settled: whether an address needs no visit, since it has had one.
        allow_private: whether pages of the own network may be asked.
        heeds_noindex: whether pages that ask search engines to leave them out are left out.
    """

    scope: Scope
    extractor: Extractor
    is_settled: Callable[[str], bool]
    allow_private: bool
    heeds_noindex: bool = True

    def visit(self, address: str, known: Known = Known()) -> Visit:
        """Go to a page and read it, over its redirects."""
        deadline = time.monotonic() + SECONDS
        passed = [address]
        while True:
            held = self._held_back(address)
            if held is not None:
                return held
            try:
                response = self._fetched(address, known if len(passed) == 1 else Known(), deadline)
            except OutgoingRefused as error:
                return Visit(Outcome.SKIPPED, address, str(error))
            except OutgoingError as error:
                return Visit(Outcome.FAILED, address, str(error))
            visit = self._answered(address, response)
            target = visit.page.leads_to or _target(address, response)
            if target is None:
                return visit
            refusal = self._leads_nowhere(passed, target)
            if refusal is not None:
                return refusal
            if time.monotonic() > deadline:
                return Visit(Outcome.FAILED, passed[0], "The answer took too long.")
            passed.append(target)
            address = target

    def _held_back(self, address: str) -> Visit | None:
        """Why a page is not to be asked for, at all or yet."""
        asked = robots.of(address, allow_private=self.allow_private)
        if asked.problem:
            return Visit(Outcome.FAILED, address, asked.problem)
        if not asked.allows(address):
            return Visit(Outcome.SKIPPED, address, "The website's robots.txt asks not to read this page.")
        wait = robots.seconds_to_wait(address)
        if wait > _SHORT_PAUSE:
            return Visit(Outcome.LATER, address, wait=wait)
        if wait > 0:
            time.sleep(wait)
        return None

    def _fetched(self, address: str, known: Known, deadline: float) -> Response:
        is_list = address.endswith((".xml", ".xml.gz"))
        began = time.monotonic()
        try:
            return fetch(
                address,
                headers={"User-Agent": robots.AGENT, "Accept": _ACCEPT, **known.headers},
                limits=Limits(
                    seconds=max(1.0, deadline - began), bytes=_MOST_SITEMAP_BYTES if is_list else _MOST_BYTES
                ),
                follows=False,
                allow_private=self.allow_private,
            )
        finally:
            delay = robots.of(address, allow_private=self.allow_private).delay
            robots.note_asked(address, took=time.monotonic() - began, delay=delay)

    def _answered(self, address: str, response: Response) -> Visit:
        status = response.status
        if status == 200:
            return self._read(address, response)
        if status == 304:
            return Visit(Outcome.UNCHANGED, address)
        if status in (404, 410):
            return Visit(Outcome.GONE, address, f"The website says that there is no such page ({status}).")
        if status in (429, 503):
            problem = f"The website was too busy ({status})."
            return Visit(Outcome.LATER, address, problem, wait=_retry_after(response), is_refused=True)
        if status in (401, 403):
            return Visit(Outcome.SKIPPED, address, f"The website does not show this page to everybody ({status}).")
        return Visit(Outcome.FAILED, address, f"The website answered with the error {status}.")

    def _read(self, address: str, response: Response) -> Visit:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in (*_READABLE, *_PACKED):
            problem = f"This is a file ({media_type[:80]}) and not a page. Add it as a file to have it read."
            return Visit(Outcome.SKIPPED, address, problem)
        try:
            found = self.extractor.read(response.body, address, media_type)
        except Unreadable as error:
            return Visit(Outcome.FAILED, address, str(error), size=len(response.body))
        size = len(response.body)
        if isinstance(found, Sitemap):
            return Visit(Outcome.LISTED, address, sitemap=found, size=size)
        asks_to_leave = not found.may_be_kept or "noindex" in response.headers.get("x-robots-tag", "").lower()
        if asks_to_leave and self.heeds_noindex:
            problem = "The page asks search engines to leave it out (noindex), and so it is left out here."
            return Visit(Outcome.SKIPPED, address, problem, page=found, size=size)
        etag, modified = _header(response, "etag", 200), _header(response, "last-modified", 60)
        return Visit(Outcome.READ, address, page=found, etag=etag, modified=modified, size=size)

    def _leads_nowhere(self, passed: list[str], target: str) -> Visit | None:
        """Why a redirect is not followed."""
        start = passed[0]
        if target in passed:
            return Visit(Outcome.FAILED, start, "This address leads in a circle.")
        if len(passed) > _MOST_HOPS:
            return Visit(Outcome.FAILED, start, "This address leads on and on, from one to the next.")
        if not self.scope.is_on_site(target):
            return Visit(Outcome.SKIPPED, start, f"It leads to another website: {target[:300]}")
        if not self.scope.is_wanted(target):
            return Visit(Outcome.SKIPPED, start, f"It leads to a page that is left out: {target[:300]}")
        if self.is_settled(target):
            return Visit(Outcome.KNOWN, target)
        return None


def _target(address: str, response: Response) -> str | None:
    location = response.headers.get("location", "")
    return normal(location, address) if response.status in _REDIRECTS and location else None


def _retry_after(response: Response) -> float:
    told = response.headers.get("retry-after", "")
    try:
        seconds = float(told) if told.strip().isdigit() else (parsedate_to_datetime(told) - utc_now()).total_seconds()
    except (ValueError, TypeError):
        seconds = _USUAL_RETRY
    return min(max(seconds, 1.0), _LONGEST_RETRY)


def _header(response: Response, name: str, limit: int) -> str | None:
    value = response.headers.get(name, "")
    return value if 0 < len(value) <= limit and value.isascii() and value.isprintable() else None
