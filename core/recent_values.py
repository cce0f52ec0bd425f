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
        self._forgotten = 0

    def of(self, owner_id: uuid.UUID) -> Value:
        """The value, read when there is none that is fresh enough."""
        found = self._kept.get(owner_id)
        if found is not None and time.monotonic() - found[0] < _KEPT_FOR:
            return found[1]
        began, forgotten = time.monotonic(), self._forgotten
        value = self._read(owner_id)
        # What was changed while it was read may be the value before.
        if forgotten == self._forgotten:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[owner_id] = (began, value)
        return value

    def forget(self, owner_id: uuid.UUID) -> None:
        """Have it read again, because it was changed."""
        self._forgotten += 1
        self._kept.pop(owner_id, None)
