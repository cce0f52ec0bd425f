"""The event stream behind the bell: how much there is, and whether a tone belongs to it."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from core import notifications
from core.clock import utc_now
from core.notifications import Kind, Way
from gateways.bus import Note, current_bus
from models import db

_HEARTBEAT = 15.0
# A stream is opened anew now and then, so that whoever has left the team stops hearing.
_LONGEST = 600.0
_REST = 0.25


def stream_bell(teammate_id: uuid.UUID, *, heartbeat: float = _HEARTBEAT, longest: float = _LONGEST) -> Iterator[str]:
    """Tell a browser how many notifications wait, at once and whenever that changes (WHATWG, server-sent events).

    The caller keeps the app's context open.
    """
    end = time.monotonic() + longest
    with current_bus().listener(notifications.topic(teammate_id)) as listener:
        yield _told(teammate_id, [])
        while time.monotonic() < end:
            note = listener.wait(heartbeat)
            if listener.is_closed:
                return
            yield _told(teammate_id, [note, *listener.waiting()]) if note else ":\n\n"
            if note:
                time.sleep(_REST)


def _told(teammate_id: uuid.UUID, notes: list[Note]) -> str:
    try:
        told: dict[str, Any] = {"unseen": notifications.unseen(teammate_id)}
        rings = [note for note in notes if note.get("rings")]
        if rings:
            choices, now = notifications.of(teammate_id), utc_now()
            told["sounds"] = any(choices.wants(Kind(note["rings"]), Way.SOUND, now) for note in rings)
            told["conversations"] = sorted({note["conversation"] for note in rings})
    finally:
        # No connection to the database waits for the next note.
        db.session.remove()
    return f"event: bell\ndata: {json.dumps(told)}\n\n"
