"""What every message asks for and hardly anybody changes: read once, then kept in the process for five seconds."""

import time
import uuid
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

_KEPT_FOR = 5.0
_MOST_KEPT = 10_000


class RecentValues(Generic[Value]):
    """The latest value of each workspace or agent; what another process has changed holds here within five seconds.

    Args:
        read: finds the value of one of them.
    """

    def __init__(self, read: Callable[[uuid.UUID], Value]) -> None:
        self._read = read
        self._kept: dict[uuid.UUID, tuple[float, Value]] = {}

    def of(self, owner_id: uuid.UUID) -> Value:
        """The value, read when there is none that is fresh enough."""
        found = self._kept.get(owner_id)
        if found is None or time.monotonic() - found[0] >= _KEPT_FOR:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[owner_id] = (time.monotonic(), self._read(owner_id))
        return found[1]

    def forget(self, owner_id: uuid.UUID) -> None:
        """Have it read again, because it was changed."""
        self._kept.pop(owner_id, None)
