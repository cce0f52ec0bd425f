"""The event stream behind the inbox: that something changed, never what; and who is there just now."""

import json
import time
from collections.abc import Iterator

from gateways.bus import Note, current_bus

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
    together, and a busy workspace is told a few times a second at most. `presence-ID` says who is in a conversation and
    whether they write, as JSON: it is stored nowhere.
    """
    end = time.monotonic() + longest
    with current_bus().listener(topic) as listener:
        yield _event("look")
        looked = time.monotonic()
        while time.monotonic() < end:
            note = listener.wait(heartbeat)
            if listener.is_closed:
                return
            if note is not None:
                time.sleep(_GATHER)
                notes = [note, *listener.waiting()]
                yield _told(notes)
                if any(told["kind"] != "presence" for told in notes):
                    time.sleep(_REST)
            elif time.monotonic() - looked >= look_every:
                looked = time.monotonic()
                yield _event("look")
            else:
                yield ":\n\n"


def _told(notes: list[Note]) -> str:
    lists = ["change"] if any(note["kind"] in _OF_THE_LIST for note in notes) else []
    changed = dict.fromkeys(f"change-{note['id']}" for note in notes if note["kind"] in _OF_A_THREAD)
    present = [note for note in notes if note["kind"] == "presence"]
    return "".join(
        (
            *(_event(name) for name in (*lists, *changed)),
            *(_event(f"presence-{note['id']}", json.dumps(note["presence"])) for note in present),
        )
    )


def _event(name: str, content: str = "") -> str:
    return f"event: {name}\ndata: {content}\n\n"
