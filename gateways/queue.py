"""The job queue: huey on SQLite, PostgreSQL or Redis, picked by the settings.

Huey runs a task at most once and loses what a killed process was doing, so a task only carries the id of a row
with a status; a sweeper puts overdue rows back.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer


class TaskQueue:
    """Named tasks with plain arguments, run apart from the request that asked for them."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self._handlers: dict[str, Callable[..., None]] = {}
        self._run = huey.task(name="run")(self._dispatch)

    def handle(self, name: str, handler: Callable[..., None]) -> None:
        self._handlers[name] = handler

    def every_minute(self, name: str, handler: Callable[[], None]) -> None:
        from huey import crontab

        self.huey.periodic_task(crontab(minute="*"), name=name)(handler)

    def add(self, name: str, *arguments: Any) -> None:
        """Ask for a task; with an immediate queue (tests) it has run when this returns."""
        self._run(name, *arguments)

    def add_later(self, seconds: float, name: str, *arguments: Any) -> None:
        """Ask for a task after a while; with an immediate queue (tests) at once."""
        if seconds <= 0 or self.huey.immediate:
            self.add(name, *arguments)
        else:
            self._run.schedule((name, *arguments), delay=seconds)

    @property
    def is_alone(self) -> bool:
        """Whether one process does all the work: others could not tell each other anything without Redis."""
        return not isinstance(self.huey, RedisHuey)

    def consumer(self, *, workers: int, periodic: bool = True) -> "QuietConsumer":
        return QuietConsumer(self.huey, workers=workers, periodic=periodic, initial_delay=0.05, max_delay=0.25)

    def _dispatch(self, name: str, *arguments: Any) -> None:
        self._handlers[name](*arguments)


class QuietConsumer(Consumer):  # type: ignore[misc]
    """A consumer that lives in a thread of the web process and leaves its signals alone."""

    def _set_signal_handlers(self) -> None:
        return None


def open_queue(*, redis_url: str, data_dir: Path, immediate: bool = False) -> TaskQueue:
    if immediate:
        return TaskQueue(MemoryHuey("porchlight", immediate=True, results=False))
    if redis_url:
        return TaskQueue(RedisHuey("porchlight", url=redis_url, results=False))
    return TaskQueue(SqliteHuey("porchlight", filename=str(data_dir / "queue.db"), results=False))


_queue: TaskQueue | None = None


def use_queue(queue: TaskQueue) -> None:
    """Make this the process's queue."""
    global _queue  # noqa: PLW0603 - one queue a process is the point
    _queue = queue


def current_queue() -> TaskQueue:
    if _queue is None:
        raise RuntimeError("The queue has not been opened.")
    return _queue
