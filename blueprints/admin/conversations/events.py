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
_GATHER = 0.02
_BEHIND = 0.1
"""Seconds by which the list follows a thread: whoever reads it is not kept waiting by the larger of the two."""
_REST = 0.25


def stream_changes(
    topic: str, *, heartbeat: float = _HEARTBEAT, longest: float = _LONGEST, look_every: float = _LOOK_EVERY
) -> Iterator[str]:
    """Tell a browser which conversations have changed (WHATWG HTML, server-sent events).

    `look` comes first and once a minute: what nobody was told of is fetched then, and times stay true. In between
    `change` says that the list is another, and `change-ID` that this conversation is. What happens together is told
    together: an open conversation at once, the list right after it and a few times a second at most, however busy a
    workspace is.
    `presence-ID` says who is in a conversation and whether they write, as JSON: it is stored nowhere.
    """
    end = time.monotonic() + longest
    due, free_at = 0.0, 0.0
    with current_bus().listener(topic) as listener:
        yield _event("look")
        looked = time.monotonic()
        while time.monotonic() < end:
            note = listener.wait(max(0.0, due - time.monotonic()) if due else heartbeat)
            if listener.is_closed:
                return
            notes = _gathered(note, listener)
            now = time.monotonic()
            if not due and any(one["kind"] in _OF_THE_LIST for one in notes):
                due = max(free_at, now + _BEHIND)
            told = _told(notes)
            if due and now >= due:
                due, free_at = 0.0, now + _REST
                told += _event("change")
            if now - looked >= look_every:
                looked = now
                told += _event("look")
            if told or not due:
                yield told or ":\n\n"


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
