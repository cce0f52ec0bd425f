"""Tells whoever listens, in this process or any other, that something has happened.

A note on the bus is a hint, never the truth: what must not be lost is in the database before it is announced.
"""

import json
import queue
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

log = structlog.get_logger()

Note = dict[str, Any]
_CHANNEL = "porchlight:bus"


class Listener:
    """One stream's queue of notes."""

    def __init__(self) -> None:
        self._notes: queue.SimpleQueue[Note | None] = queue.SimpleQueue()
        self.is_closed = False

    def put(self, note: Note | None) -> None:
        if note is None:
            self.is_closed = True
        self._notes.put(note)

    def wait(self, seconds: float) -> Note | None:
        """The next note, or None when none came in time or the bus is closing (then `is_closed`)."""
        try:
            return self._notes.get(timeout=seconds)
        except queue.Empty:
            return None

    def waiting(self) -> Iterator[Note]:
        """What has already come, without waiting: notes that came together can be sent together."""
        while True:
            try:
                note = self._notes.get_nowait()
            except queue.Empty:
                return
            if note is not None:
                yield note


class LocalBus:
    """The bus within one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Listener]] = defaultdict(set)

    def publish(self, topic: str, note: Mapping[str, Any]) -> None:
        self.deliver(topic, dict(note))

    def deliver(self, topic: str, note: Note) -> None:
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for listener in listeners:
            listener.put(note)

    @contextmanager
    def listener(self, *topics: str) -> Iterator[Listener]:
        """Listen to these topics for as long as the block runs."""
        listener = Listener()
        self.add(topics, listener)
        try:
            yield listener
        finally:
            self.remove(topics, listener)

    def add(self, topics: tuple[str, ...], listener: Listener) -> None:
        with self._lock:
            for topic in topics:
                self._listeners[topic].add(listener)

    def remove(self, topics: tuple[str, ...], listener: Listener) -> None:
        with self._lock:
            for topic in topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def close(self) -> None:
        """Wake every listener with None, so that streams can end before the process does."""
        with self._lock:
            everyone = {listener for listeners in self._listeners.values() for listener in listeners}
        for listener in everyone:
            listener.put(None)


class RedisBus(LocalBus):
    """The bus across processes and hosts: one Redis subscriber a process feeds the queues in memory."""

    def __init__(self, url: str) -> None:
        super().__init__()
        import redis

        self._redis = redis.Redis.from_url(url, health_check_interval=30)
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def publish(self, topic: str, note: Mapping[str, Any]) -> None:
        import redis

        try:
            self._redis.publish(_CHANNEL, json.dumps([topic, note]))
        except redis.RedisError as error:
            # Streams look into the database from time to time, so that a note that is lost is only late.
            log.warning("bus_publish_failed", error=type(error).__name__)

    def add(self, topics: tuple[str, ...], listener: Listener) -> None:
        super().add(topics, listener)
        with self._lock:
            # Started with the first listener, so that a forked worker has a thread of its own.
            if self._thread is None:
                ready = threading.Event()
                self._thread = threading.Thread(target=self._receive, args=(ready,), name="bus", daemon=True)
                self._thread.start()
                ready.wait(5)

    def close(self) -> None:
        self._closed.set()
        super().close()

    def _receive(self, ready: threading.Event) -> None:
        import redis

        while not self._closed.is_set():
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as subscriber:  # type: ignore[no-untyped-call]
                    subscriber.subscribe(_CHANNEL)
                    ready.set()
                    while not self._closed.is_set():
                        message = subscriber.get_message(timeout=1.0)
                        if message is not None:
                            topic, note = json.loads(message["data"])
                            self.deliver(topic, note)
            except redis.RedisError as error:
                # Streams catch up from the database, so a gap here loses nothing.
                log.warning("bus_interrupted", error=type(error).__name__)
                self._closed.wait(1)


def open_bus(redis_url: str) -> LocalBus:
    """The bus for these settings: Redis when there is one, else this process alone."""
    return RedisBus(redis_url) if redis_url else LocalBus()


_bus: LocalBus = LocalBus()


def use_bus(bus: LocalBus) -> None:
    """Make this the process's bus."""
    global _bus  # noqa: PLW0603 - one bus a process is the point
    _bus = bus


def current_bus() -> LocalBus:
    return _bus
