"""The server of the browser tests that dies in the middle of a save, when a file in its data folder says so."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from wsgi import app as app  # noqa: PLC0414 - gunicorn serves it under this name

_FOLDER = Path(os.environ["DATA_DIR"])
_saving = threading.local()


@event.listens_for(Engine, "after_cursor_execute")
def note_save(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    if statement.startswith("UPDATE widget_drafts"):
        _saving.is_on = True


def die(moment: str) -> Callable[[Session], None]:
    """What ends the process at this moment of a save, once."""

    def end(_session: Session) -> None:
        sign = _FOLDER / f"die {moment}"
        if getattr(_saving, "is_on", False) and sign.exists():
            sign.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        if moment == "after the commit":
            _saving.is_on = False

    return end


event.listen(Session, "before_commit", die("before the commit"))
event.listen(Session, "after_commit", die("after the commit"))
