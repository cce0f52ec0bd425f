"""What runs beside the requests in a server process: the queue's consumer, the answering, and a clean end."""

import _thread
import gc
import signal
import threading
from types import FrameType
from typing import Any

import structlog
from flask import Flask

from core import answers, jobs, warming
from core.clock import utc_now
from gateways.bus import current_bus
from gateways.queue import QuietConsumer, TaskQueue
from models import db

log = structlog.get_logger()

_consumers: list[QuietConsumer] = []
_is_ending = threading.Event()
_FIRST_REQUESTS = 0.3
"""Seconds that a process has for them alone, once it has begun."""


def start(app: Flask) -> None:
    """Start what this process needs, once it has been forked."""
    _collect_seldom()
    queue: TaskQueue = app.extensions["porchlight_queue"]
    consumer = queue.consumer(workers=2)
    consumer.start()
    _consumers.append(consumer)
    with app.app_context():
        jobs.resume_begun(is_alone=queue.is_alone)
        answers.resume_begun(is_alone=queue.is_alone, now=utc_now())
        db.session.remove()
    _end_streams_on(signal.SIGTERM)
    threading.Thread(target=_warm, args=(app,), name="warming", daemon=True).start()


def stop() -> None:
    """End streams and the consumer; called more than once without harm."""
    if _is_ending.is_set():
        return
    _is_ending.set()
    current_bus().close()
    for consumer in _consumers:
        consumer.stop(graceful=False)


def _warm(app: Flask) -> None:
    if _is_ending.wait(_FIRST_REQUESTS):
        return
    with app.app_context():
        try:
            count = warming.warm(may_go_on=lambda: not _is_ending.is_set())
            log.debug("warmed", agents=count)
        except Exception:
            # Whatever it is, the first question meets it again, and says so where it is read.
            log.debug("not_warmed", exc_info=True)
        finally:
            db.session.remove()


def _collect_seldom() -> None:
    # What was imported stays for good; looking through all of it for garbage took a tenth of the time of each answer.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _end_streams_on(number: signal.Signals) -> None:
    # gunicorn waits for open requests before it calls any hook, and an event stream never ends by itself.
    previous: Any = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        # Not `Thread.start`, which waits for the thread to run: a signal handler of gevent may not wait.
        _thread.start_new_thread(stop, ())
        if callable(previous):
            previous(received, frame)

    signal.signal(number, handle)
