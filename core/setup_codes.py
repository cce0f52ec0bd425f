"""The code that the first account needs on a server on which everything was deleted.

At its very first start, whoever has set a server up is the first to open it. Once a workspace was on it, its address
is known to customers and strangers: after the last one was deleted, only who runs the server may begin anew.
"""

import base64
import hmac
from datetime import datetime

from sqlalchemy import exists, select

from core.errors import Invalid
from core.signing import derived_key
from models import db
from models.teammates import DeletedWorkspace, Teammate

_LENGTH = 16
"""Characters of 5 bits each."""


def note_deletion(*, now: datetime) -> None:
    """Remember, in the transaction of the caller, that a workspace was deleted; nothing of it, only when."""
    db.session.add(DeletedWorkspace(deleted_at=now))


def current() -> str:
    """The code that the next account needs; empty where none is: before the first one, and once there is one again."""
    # nosemgrep: query-of-everybody - these rows belong to no workspace any more
    last = db.session.scalar(select(DeletedWorkspace.id).order_by(DeletedWorkspace.deleted_at.desc()).limit(1))
    # nosemgrep: query-of-everybody - whether anybody at all has an account
    if last is None or db.session.scalar(select(exists().select_from(Teammate))):
        return ""
    letters = base64.b32encode(hmac.digest(derived_key("setup-code"), last.bytes, "sha256")).decode().lower()
    return "-".join(letters[place : place + 4] for place in range(0, _LENGTH, 4))


def check(code: str) -> None:
    """Refuse whoever does not know the code, where one is needed.

    Raises:
        Invalid: it is not the one.
    """
    wanted, given = _plain(current()), _plain(code)
    if wanted and not hmac.compare_digest(wanted, given):
        raise Invalid("This is not the code. Whoever runs the server finds it there.", code="setup_code")


def _plain(code: str) -> bytes:
    # However somebody has copied it off a terminal.
    return "".join(sign for sign in code.lower() if sign.isalnum()).encode("utf-8", "replace")
