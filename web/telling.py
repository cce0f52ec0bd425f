"""Tells webhooks in threads of the server process: each address in lanes of its own, so that none waits for another."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from flask import Flask

from config.settings import Settings
from core import occurrences, webhooks
from core.occurrences import Kind
from models import db

log = structlog.get_logger()

_LANES = 4
"""So many deliveries to one address are on their way at once."""


def init_telling(app: Flask, settings: Settings) -> None:
    """Have webhooks listen, and say where they are told: in threads, or in tests at once and in place."""

    def work(webhook_id: uuid.UUID) -> None:
        with app.app_context():
            try:
                webhooks.work(webhook_id)
            except Exception:
                # The rows still say what is owed; the sweep comes back to them.
                log.exception("webhooks_interrupted", webhook=str(webhook_id))
            finally:
                db.session.remove()

    occurrences.listen("webhooks", frozenset(Kind), webhooks.note)
    wake = webhooks.work if settings.testing else Lanes(work).wake
    webhooks.use_dispatcher(wake)
    app.extensions["porchlight_queue"].handle("webhook", lambda number: wake(uuid.UUID(number)))


class Lanes:
    """Does work for addresses, a few at a time for each: one that hangs fills its own lanes only."""

    def __init__(self, work: Callable[[uuid.UUID], None], *, lanes: int = _LANES, threads: int = 256) -> None:
        self._work = work
        self._lanes = lanes
        # A thread more is made only where all others are busy.
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="webhook")
        self._lock = threading.Lock()
        self._busy: Counter[uuid.UUID] = Counter()
        self._asked_again: set[uuid.UUID] = set()

    def wake(self, webhook_id: uuid.UUID) -> None:
        """Have its work looked at, by one more thread unless enough are at it."""
        with self._lock:
            if self._busy[webhook_id] >= self._lanes:
                self._asked_again.add(webhook_id)
                return
            self._busy[webhook_id] += 1
        self._pool.submit(self._run, webhook_id)

    def close(self) -> None:
        """Take no more work, and wait for what is under way."""
        self._pool.shutdown()

    def _run(self, webhook_id: uuid.UUID) -> None:
        while True:
            self._work(webhook_id)
            with self._lock:
                # What was asked for while this thread saw nothing left to do.
                if webhook_id in self._asked_again:
                    self._asked_again.discard(webhook_id)
                    continue
                self._busy[webhook_id] -= 1
                if not self._busy[webhook_id]:
                    del self._busy[webhook_id]
                return
