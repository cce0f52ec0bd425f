"""Servers and commands that are forked from one process which has imported the app.

Importing takes most of the time of a command and half of that of a start, and the browser tests need dozens of both.
What comes after the import is as `gunicorn` and `flask` do it.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        __name__,
        "app",
        "flask.cli",
        "gunicorn.app.wsgiapp",
        "gunicorn.workers.gthread",
        "web.schema",
        "web.workers",
        "tests.browser.whole",
    ]
)


def start(
    program: Callable[[], object], arguments: Sequence[str], environment: Mapping[str, str], *, out: Path, err: Path
) -> ForkServerProcess:
    """Run a program with these arguments in a process of its own, which writes to these files."""
    process = _FORKS.Process(target=_run, args=(program, arguments, environment, out, err))
    process.start()
    return process


def gunicorn() -> None:
    from gunicorn.app.wsgiapp import run

    run()


def anew() -> None:
    """gunicorn in a Python that has imported nothing."""
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv])


def flask() -> None:
    from flask.cli import main

    main()


def _run(
    program: Callable[[], object], arguments: list[str], environment: dict[str, str], out: Path, err: Path
) -> None:
    os.setsid()
    for path, number in ((out, 1), (err, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    program()
