"""What runs beside the requests in a server process: the queue's consumer, the answering, and a clean end."""

import _thread
import gc
import signal
import threading
from types import FrameType
from typing import Any

from flask import Flask

from core import answers, jobs
from core.clock import utc_now
from gateways.bus import current_bus
from gateways.queue import QuietConsumer, TaskQueue
from models import db

_consumers: list[QuietConsumer] = []
_is_ending = threading.Event()


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


def stop() -> None:
    """End streams and the consumer; called more than once without harm."""
    if _is_ending.is_set():
        return
    _is_ending.set()
    current_bus().close()
    for consumer in _consumers:
        consumer.stop(graceful=False)


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
