"""Runs to the end what knows asyncio alone, in threads of its own: two of its loops cannot share one."""

import asyncio
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_AT_ONCE = 32
"""How much of it one worker waits for at the same time."""


def run_apart(asked: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine in a loop of its own, and wait for what comes of it."""
    pool = _threads_beside_greenlets() if "gevent" in sys.modules else None
    if pool is not None:
        answers, error = pool.apply(_ended, (asked,))
    else:
        answers, error = _threads().submit(_ended, asked).result()
    if error is not None:
        raise error
    answer: Answer = answers[0]
    return answer


def _ended(asked: Coroutine[Any, Any, Answer]) -> tuple[list[Answer], Exception | None]:
    # gevent's threads would print whatever is raised in them, with all that a server has sent.
    try:
        return [asyncio.run(asked)], None
    except Exception as error:
        return [], error


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="asyncio")


@cache
def _threads_beside_greenlets() -> Any:
    from gevent import monkey, threadpool

    # A pool of its own: gevent looks names up in its other one, which nobody's slow server may fill.
    return threadpool.ThreadPool(_AT_ONCE) if monkey.is_module_patched("threading") else None
