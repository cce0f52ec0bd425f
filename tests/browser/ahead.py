"""What gunicorn serves where days have to pass: the product as it is, only its clock is ahead.

By how much, a file says that is read at each look at the clock, so that a test can let a day go by.
"""

import os
import time
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import core.clock

_FILE = Path(os.environ["DATA_DIR"]) / "ahead"
_true_time = time.time


def seconds_ahead() -> float:
    return float(_FILE.read_text() or 0) if _FILE.exists() else 0.0


class _Ahead(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.fromtimestamp(_true_time(), tz or UTC) + timedelta(seconds=seconds_ahead())


core.clock.datetime = _Ahead  # type: ignore[attr-defined]
# Signatures tell their age by this one.
time.time = lambda: _true_time() + seconds_ahead()

from wsgi import app  # noqa: E402, F401 - only now, when the clock is set
