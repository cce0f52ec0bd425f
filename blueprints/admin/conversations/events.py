"""The event stream behind the inbox: that something changed, never what; and who is there just now."""

import json
import time
from collections.abc import Iterator

from gateways.bus import Listener, Note, current_bus

_HEARTBEAT = 15.0
_LONGEST = 600.0
"""Seconds; a stream is opened anew now and then, so that whoever has left the team stops hearing."""
_LOOK_EVERY = 60.0
_OF_THE_LIST = ("conversation", "reading")
_OF_A_THREAD = ("conversation", "receipt")
_GATHER = 0.03
_REST = 0.25


def stream_changes(
    topic: str, *, heartbeat: float = _HEARTBEAT, longest: float = _LONGEST, look_every: float = _LOOK_EVERY
) -> Iterator[str]:
    """Tell a browser which conversations have changed (WHATWG HTML, server-sent events).

    `look` comes first and once a minute: what nobody was told of is fetched then, and times stay true. In between
    `change` says that the list is another, and `change-ID` that this conversation is. What happens together is told
    together: an open conversation at once, the list a few times a second at most, however busy a workspace is.
    `presence-ID` says who is in a conversation and whether they write, as JSON: it is stored nowhere.
    """
    end = time.monotonic() + longest
    is_held, free_at = False, 0.0
    with current_bus().listener(topic) as listener:
        yield _event("look")
        looked = time.monotonic()
        while time.monotonic() < end:
            note = listener.wait(max(0.0, free_at - time.monotonic()) if is_held else heartbeat)
            if listener.is_closed:
                return
            notes = _gathered(note, listener)
            is_held = is_held or any(one["kind"] in _OF_THE_LIST for one in notes)
            if is_held and time.monotonic() >= free_at:
                is_held, free_at = False, time.monotonic() + _REST
                yield _event("change") + _told(notes)
            elif notes:
                yield _told(notes)
            elif time.monotonic() - looked >= look_every:
                looked = time.monotonic()
                yield _event("look")
            elif not is_held:
                yield ":\n\n"


def _gathered(note: Note | None, listener: Listener) -> list[Note]:
    """What happened together with a note."""
    if note is None:
        return []
    time.sleep(_GATHER)
    return [note, *listener.waiting()]


def _told(notes: list[Note]) -> str:
    changed = dict.fromkeys(f"change-{note['id']}" for note in notes if note["kind"] in _OF_A_THREAD)
    present = [note for note in notes if note["kind"] == "presence"]
    return "".join(
        (
            *(_event(name) for name in changed),
            *(_event(f"presence-{note['id']}", json.dumps(note["presence"])) for note in present),
        )
    )


def _event(name: str, content: str = "") -> str:
    return f"event: {name}\ndata: {content}\n\n"
