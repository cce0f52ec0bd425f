"""Work for many at once: what goes wrong with one of them keeps nothing from the others."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from models import db

log = structlog.get_logger()


@contextmanager
def apart(what: str, **known: str) -> Iterator[None]:
    """Do one part of it. Whatever it raises is written to the log, and what it had begun to store is undone.

    Args:
        known: what the log is to say besides, such as whose it was.
    """
    try:
        yield
    except Exception:
        db.session.rollback()
        log.exception("part_failed", part=what, **known)
