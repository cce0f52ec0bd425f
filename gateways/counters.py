"""Counts how often something happened lately: in this process, or in Redis for all of them."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

log = structlog.get_logger()

Counted = TypeVar("Counted")
IN_PROCESS = "memory-seldom-swept://"
"""The storage of this process, as flask-limiter is told of it."""
_AWAY = 10.0
"""Seconds for which a storage that did not answer is not asked again."""
_SWEEP = 5.0


class SeldomSwept(MemoryStorage):
    """Counters in this process. The library looks through all of them after each count, in a thread made for it: with
    100,000 counters that took 12 ms of each 20; what has run out is no less gone when it is looked for less often."""

    STORAGE_SCHEME = ["memory-seldom-swept"]  # noqa: RUF012 - the library registers it by this attribute

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        self._swept_at = 0.0
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - the library's own private name
        if time.monotonic() - self._swept_at > _SWEEP:
            self._swept_at = time.monotonic()
            super()._MemoryStorage__schedule_expiry()  # type: ignore[misc]


class Counters:
    """Counters that fade by themselves. While Redis is away, each process counts for itself.

    Args:
        storage: where the counters are; the same that flask-limiter counts in.
    """

    def __init__(self, storage: Storage) -> None:
        self._main = storage
        self._spare: Storage = SeldomSwept()
        self._away_until = 0.0
        self._lock = threading.Lock()

    def hit(self, count: int, seconds: int, *key: str) -> bool:
        """Take one of so many in so many seconds (a sliding window); False when none is left, and nothing is taken."""
        item = RateLimitItemPerSecond(count, seconds)
        return self._ask(lambda storage: SlidingWindowCounterRateLimiter(storage).hit(item, *key))

    def wait(self, count: int, seconds: int, *key: str) -> int:
        """In how many seconds `hit` has one again."""
        item = RateLimitItemPerSecond(count, seconds)
        stats = self._ask(lambda storage: SlidingWindowCounterRateLimiter(storage).get_window_stats(item, *key))
        return max(1, min(seconds, int(stats.reset_time - time.time()) + 1))

    def left(self, count: int, seconds: int, *key: str) -> int:
        """How many `hit` still has."""
        item = RateLimitItemPerSecond(count, seconds)
        stats = self._ask(lambda storage: SlidingWindowCounterRateLimiter(storage).get_window_stats(item, *key))
        return max(0, stats.remaining)

    def add(self, seconds: int, *key: str) -> int:
        """Count one; how many there were since the first within so many seconds."""
        return self._ask(lambda storage: storage.incr("/".join(("COUNT", *key)), seconds))

    def starts_over(self, *key: str) -> int:
        """In how many seconds `add` counts from one again."""
        ends_at = self._ask(lambda storage: storage.get_expiry("/".join(("COUNT", *key))))
        return max(1, int(ends_at - time.time()) + 1)

    def first(self, seconds: int, *key: str) -> bool:
        """Whether this has not happened for so many seconds; of several at once one is the first."""
        return self.add(seconds, "first", *key) == 1

    def seen(self, *key: str) -> bool:
        """Whether `first` was asked about this and its time is not over."""
        return self._ask(lambda storage: storage.get("/".join(("COUNT", "first", *key)))) > 0

    def _ask(self, question: Callable[[Storage], Counted]) -> Counted:
        if time.monotonic() >= self._away_until:
            try:
                return question(self._main)
            except self._main.base_exceptions as error:
                self._note_away(error)
        return question(self._spare)

    def _note_away(self, error: Exception) -> None:
        with self._lock:
            self._away_until = time.monotonic() + _AWAY
        log.warning("counters_away", error=type(error).__name__)


_counters: list[Counters] = []


def use_counters(counters: Counters) -> None:
    """Make these the process's counters."""
    _counters[:] = [counters]


def current_counters() -> Counters:
    if not _counters:
        use_counters(Counters(SeldomSwept()))
    return _counters[0]
