"""One event stream a session: what is said, as it is said."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from flask import Flask, Response, current_app

from config.settings import Settings
from core import conversations, protection, sessions
from core.clock import utc_now
from core.errors import DomainError
from gateways.bus import Listener, Note, current_bus
from models import db
from models.conversations import Conversation
from models.customers import WidgetSession
from web.addresses import current_address
from web.errors import problem

HEARTBEAT = 15.0
LONGEST = timedelta(minutes=30)
TYPING = 6.0
"""Seconds for which a person is taken to be writing, unless it is told again."""
MOST_OF_A_SESSION = 6
"""Streams of one session: its tabs. More would be one visitor taking everybody's places."""

MOST_ON_THREADS = 1_000
MOST_ON_GREENLETS = 5_500
"""Streams of one process (web/gunicorn.py); some threads have to be left for everything else."""

_open: Counter[uuid.UUID] = Counter()
_lock = threading.Lock()


def event_stream(session: WidgetSession, *, after: int) -> Response:
    """Answer with the session's events from a sequence number on, and keep the answer open.

    Who finds no place is told when to come back, and can ask `GET /messages` meanwhile.
    """
    if not _enter(session.id):
        return problem("rate_limited", "Too many chats are open at the moment.", 503, retry_after=5)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    ends_at = min(session.expires_at, utc_now() + LONGEST)
    session_id = session.id
    stream = _Stream(app, session, after, seconds=(ends_at - utc_now()).total_seconds())
    db.session.remove()
    response = Response(stream.lines(), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: _leave(session_id))
    return response


class _Stream:
    """The events of one connection. Nothing of the database is held while it waits."""

    def __init__(self, app: Flask, session: WidgetSession, after: int, *, seconds: float) -> None:
        self._app = app
        self._address = current_address()
        self._session_id = session.id
        self._conversation_id = session.conversation_id
        self._topics = (conversations.topic(session.conversation_id), *sessions.topics(session))
        self._cursor = after
        self._expires_at = session.expires_at
        # Who came by a mailed link has nothing to go on with.
        self._ended_by_age = "token_expired" if session.return_link_id is None else "token_revoked"
        self._ends_at = time.monotonic() + seconds
        self._look_at = time.monotonic() + HEARTBEAT
        self._typing_until: float | None = None

    def lines(self) -> Iterator[str]:
        with current_bus().listener(*self._topics) as listener:
            yield "retry: 1000\n\n"
            yield from self._catch_up(with_state=True)
            yield from self._follow(listener)

    def _follow(self, listener: Listener) -> Iterator[str]:
        while not listener.is_closed and (left := self._ends_at - time.monotonic()) > 0:
            until_look = self._look_at - time.monotonic()
            if until_look <= 0:
                self._look_at = time.monotonic() + HEARTBEAT
                last_seq, end = self._look()
                if end is not None:
                    yield end
                    return
                yield ": still here\n\n"
                if last_seq > self._cursor:
                    # A note may have been lost on its way; the database has what it told.
                    yield from self._catch_up()
                continue
            if (writes_for := self._writes_for()) == 0:
                self._typing_until = None
                yield _event("typing", {"from": "person", "on": False, "name": None})
                continue
            note = listener.wait(min(until_look, left, writes_for or left))
            if note is not None:
                notes = [note, *listener.waiting()]
                # What came together is sent together: one write, one packet.
                yield "".join(self._told(notes))
                if any(told["kind"] == "session" for told in notes) and (end := self._look()[1]) is not None:
                    yield end
                    return
        if utc_now() >= self._expires_at:
            yield _event("session", {"code": self._ended_by_age})

    def _told(self, notes: list[Note]) -> Iterator[str]:
        for note in notes:
            if note["kind"] == "message":
                yield from self._message(note)
            elif note["kind"] == "delta":
                yield _event("delta", note["delta"])
            elif note["kind"] == "typing":
                if note["typing"].get("from") == "person":
                    self._typing_until = time.monotonic() + TYPING
                yield _event("typing", note["typing"])
            elif note["kind"] == "state":
                yield _state(note)

    def _writes_for(self) -> float | None:
        """For how many seconds more somebody is taken to be writing; None when nobody is."""
        return None if self._typing_until is None else max(0.0, self._typing_until - time.monotonic())

    def _message(self, note: Note) -> Iterator[str]:
        if note["message"]["from"] == "person":
            # What was being written is there.
            self._typing_until = None
        if note["seq"] == self._cursor + 1:
            self._cursor += 1
            yield _event("message", note["message"], number=self._cursor)
        elif note["seq"] > self._cursor:
            # One in between was not told here, or is told later: the database has them in order.
            yield from self._catch_up()

    def _catch_up(self, *, with_state: bool = False) -> Iterator[str]:
        with self._app.app_context():
            found = [
                (message.seq, conversations.as_json(message))
                for message in conversations.messages_after(self._conversation_id, self._cursor)
            ]
            state = None
            if with_state and (conversation := db.session.get(Conversation, self._conversation_id)):
                state = conversations.state_as_json(conversation)
        if state is not None:
            yield _state(state)
        for seq, message in found:
            self._cursor = seq
            yield _event("message", message, number=seq)

    def _look(self) -> tuple[int, str | None]:
        """The number of the newest message, and the event that ends this stream where it may not go on."""
        with self._app.app_context():
            try:
                session = sessions.look_again(self._session_id, now=utc_now())
                protection.check_blocked(protection.visitor_of(session, self._address), now=utc_now())
            except DomainError as refusal:
                return 0, _event("session", {"code": refusal.code})
            # It may go on in another conversation by now, which is told by a note of its own.
            is_same = session.conversation_id == self._conversation_id
            return session.conversation.last_seq if is_same else self._cursor + 1, None


def _state(told: Mapping[str, Any]) -> str:
    return _event("state", {name: told[name] for name in ("state", "name", "read")})


def _event(kind: str, content: dict[str, Any], *, number: int | None = None) -> str:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(content, separators=(',', ':'), ensure_ascii=False)}\n\n"


def _enter(session_id: uuid.UUID) -> bool:
    with _lock:
        if _open[session_id] >= MOST_OF_A_SESSION or _open.total() >= _most_of_this_process():
            return False
        _open[session_id] += 1
        return True


def _leave(session_id: uuid.UUID) -> None:
    with _lock:
        _open[session_id] -= 1
        if not _open[session_id]:
            del _open[session_id]


@cache
def _most_of_this_process() -> int:
    settings: Settings = current_app.config["PORCHLIGHT"]
    return MOST_ON_THREADS if settings.uses_sqlite else MOST_ON_GREENLETS
