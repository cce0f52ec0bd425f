"""The event stream behind an agent's live status."""

from collections.abc import Iterator
from time import monotonic

from gateways.bus import current_bus

_HEARTBEAT = 15.0
# A stream is opened anew now and then, so that whoever has left the team stops hearing.
_LONGEST = 600.0


def stream_changes(topic: str, *, heartbeat: float = _HEARTBEAT, longest: float = _LONGEST) -> Iterator[str]:
    """Tell a browser that something has changed, by events without content (WHATWG HTML, server-sent events).

    The first event comes at once: what changed while nobody listened is then fetched too.
    """
    end = monotonic() + longest
    with current_bus().listener(topic) as listener:
        yield _CHANGE
        while monotonic() < end:
            note = listener.wait(heartbeat)
            if listener.is_closed:
                return
            # Loads that came together are one change to look at.
            list(listener.waiting())
            yield _CHANGE if note else ":\n\n"


_CHANGE = "event: change\ndata: \n\n"
