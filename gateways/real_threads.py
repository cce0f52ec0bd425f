"""Work that computes for long, where it stops nobody else."""

import sys
from collections.abc import Callable
from functools import cache
from typing import Any, ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_AT_ONCE = 2


def beside_greenlets(
    work: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Result:
    """Do the work, and wait for its result: under gevent in a real thread, while the other greenlets go on.

    Args:
        work: something that computes and neither waits for greenlets nor uses the database.
    """
    pool = _pool() if "gevent" in sys.modules else None
    if pool is None:
        return work(*arguments, **named)
    return cast(Result, pool.apply(work, arguments, named))


@cache
def _pool() -> Any:
    from gevent import monkey, threadpool

    # A pool of its own: passwords, which somebody waits for, are hashed in the hub's.
    return threadpool.ThreadPool(_AT_ONCE) if monkey.is_module_patched("threading") else None
