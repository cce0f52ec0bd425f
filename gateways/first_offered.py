"""Which model a server offers first, for whoever has named none; looked at again from time to time."""

import threading
import time
from collections.abc import Callable, Sequence

from gateways.model_streams import ModelFailed

_AGAIN_AFTER = 600.0
_LONGEST_LOOK = 0.5
"""Seconds for another look: somebody waits for an answer, and one name is known."""

Server = tuple[str, str]


class FirstOffered:
    """The first model of each server, by its address and key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Server, tuple[str, float]] = {}

    def name(self, server: Server, look: Callable[[float], Sequence[str]], *, seconds: float) -> str:
        """How the model is called that is to be asked.

        Args:
            look: what the server offers; told how long that may take.
            seconds: for the first look.

        Raises:
            ModelFailed: when the server does not say, and never has.
        """
        with self._lock:
            known, looked_at = self._known.get(server, ("", 0.0))
            if known and time.monotonic() - looked_at < _AGAIN_AFTER:
                return known
            if known:
                # Whoever else asks meanwhile goes on with it, and so do all when the server does not say.
                self._known[server] = (known, time.monotonic())
        try:
            name = look(min(seconds, _LONGEST_LOOK) if known else seconds)[0]
        except ModelFailed:
            if known:
                return known
            raise
        with self._lock:
            self._known[server] = (name, time.monotonic())
        return name

    def forget(self, server: Server) -> None:
        """Look again for the next question."""
        with self._lock:
            self._known.pop(server, None)
