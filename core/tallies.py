"""Counts what may happen very often, so that it is written down seldom."""

import threading
import time
from collections import defaultdict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
_SECONDS = 5.0
_MOST = 5_000


class Tally(Generic[Key]):
    """How often each of many things happened since it was last written down; what is beyond `_MOST` is left out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: defaultdict[Key, int] = defaultdict(int)
        self._written: dict[Key, float] = {}

    def add(self, key: Key) -> int:
        """Count one; returns how many to write down now: the first at once, then what came together in five seconds."""
        now = time.monotonic()
        with self._lock:
            if key not in self._counts and len(self._counts) >= _MOST:
                return 0
            self._counts[key] += 1
            if now - self._written.get(key, -_SECONDS) < _SECONDS:
                return 0
            if len(self._written) >= _MOST:
                self._written.clear()
            self._written[key] = now
            return self._counts.pop(key)

    def take_all(self) -> dict[Key, int]:
        """What has not been written down yet; from here on, it counts as written."""
        with self._lock:
            taken = dict(self._counts)
            self._counts.clear()
            self._written.clear()
            return taken
