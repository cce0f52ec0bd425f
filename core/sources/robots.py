"""What websites ask of crawlers, and how fast we are with them."""

import threading
import time
from dataclasses import dataclass

from protego import Protego

from core.sources.addresses import origin_of, site_of
from gateways.outgoing import Limits, OutgoingError, fetch

AGENT = "Porchlight"
_LIMITS = Limits(seconds=10, connect_seconds=5, bytes=512 * 1024, redirects=5)
_KEPT_SECONDS = 3600.0
# A website that could not be asked is asked again soon.
_KEPT_FAILURE_SECONDS = 60.0
_MOST_KEPT = 500
_LONGEST_DELAY = 60.0
# Never faster than the website answers, and never more than four pages a second.
_LEAST_PAUSE = 0.25
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Robots:
    """The robots.txt of one website.

    Args:
        rules: None when everything is allowed.
        problem: why nothing is allowed for now, since it could not be read.
        until: moment on `time.monotonic()` after which it is asked for again.
    """

    rules: Protego | None
    problem: str
    until: float

    def allows(self, address: str) -> bool:
        return self.rules is None or bool(self.rules.can_fetch(address, AGENT))

    @property
    def sitemaps(self) -> list[str]:
        return list(self.rules.sitemaps)[:20] if self.rules else []

    @property
    def delay(self) -> float:
        """How many seconds the website wants between two requests."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(AGENT)
        by_rate = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return min(_LONGEST_DELAY, max(self.rules.crawl_delay(AGENT) or 0.0, by_rate))


_kept: dict[str, Robots] = {}
_free_at: dict[str, float] = {}
_guard = threading.Lock()


def of(address: str, *, allow_private: bool) -> Robots:
    """What the website of an address asks of crawlers; asked for once an hour (RFC 9309)."""
    origin = origin_of(address)
    found = _kept.get(origin)
    if found is None or found.until < time.monotonic():
        found = _asked(origin, allow_private=allow_private)
        with _guard:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[origin] = found
    return found


def seconds_to_wait(address: str) -> float:
    """How long the website of an address is to be left alone."""
    return max(0.0, _free_at.get(site_of(address), 0.0) - time.monotonic())


def note_asked(address: str, *, took: float, delay: float) -> None:
    """Leave a website alone for a while.

    Args:
        took: how long it needed to answer: a slow one is asked less.
        delay: how long it wants to be left alone.
    """
    pause = delay or min(max(took, _LEAST_PAUSE), _LONGEST_PAUSE)
    with _guard:
        if len(_free_at) >= _MOST_KEPT:
            _free_at.clear()
        _free_at[site_of(address)] = time.monotonic() + pause


def forget() -> None:
    """Ask every website anew, as after an admin has changed a robots.txt."""
    with _guard:
        _kept.clear()


def _asked(origin: str, *, allow_private: bool) -> Robots:
    now = time.monotonic()
    try:
        response = fetch(
            f"{origin}/robots.txt", headers={"User-Agent": AGENT}, limits=_LIMITS, allow_private=allow_private
        )
    except OutgoingError as error:
        problem = (
            f"The website could not be opened. {error} Open it in your browser to see whether the address is right."
        )
        return Robots(None, problem, now + _KEPT_FAILURE_SECONDS)
    if response.status >= 500 or response.status == 429:
        problem = (
            "The website did not say what may be read: it is too busy or has a fault just now. It is asked again later."
            f" (robots.txt: {response.status})"
        )
        return Robots(None, problem, now + _KEPT_FAILURE_SECONDS)
    if response.status != 200:
        return Robots(None, "", now + _KEPT_SECONDS)
    text = response.body.decode("utf-8", "replace").replace("\x00", "")
    return Robots(Protego.parse(text), "", now + _KEPT_SECONDS)
