"""What of a row is not taken over as it was: it would act by itself, let somebody in, or be a stranger's word."""

import ipaddress
import re
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from core import conversations, signing
from core.archives.lines import OUR_ID
from core.domains import DomainValidator
from core.errors import Invalid
from models.connections import CallStatus
from models.conversations import State

Values = dict[str, Any]

NO_PASSWORD = "!"  # noqa: S105 - no hash of any password, so that nobody signs in with it
_FILE = re.compile(rf"sources/{OUR_ID.pattern}")
_QUIET = (CallStatus.ASKED, CallStatus.RUNNING)


def fit(table: str, values: Values, *, people: Mapping[uuid.UUID, uuid.UUID], now: datetime) -> None:
    """Change what has to be other than it was.

    Args:
        people: the teammates of the archive who are somebody of this workspace, by their new ids.

    Raises:
        Invalid: when the row cannot be.
    """
    change = _CHANGES.get(table)
    if change is not None:
        change(values, now)
    if table == "conversations" and values["state"] is State.PERSON and values["teammate_id"] not in people.values():
        # Whoever it was with is not here.
        values["state"], values["teammate_id"] = State.WAITING, None
        values["waiting_since"] = values["waiting_since"] or now


def _teammate(values: Values, now: datetime) -> None:
    # They stand beside what they have written; to sign in they are invited anew.
    values["password_hash"], values["removed_at"] = NO_PASSWORD, values["removed_at"] or now


def _switched_off(values: Values, _now: datetime) -> None:
    # Its key stayed behind.
    values["is_on"] = False


def _webhook(values: Values, _now: datetime) -> None:
    values["is_on"], values["failing_since"] = False, None
    values["sealed_secret"] = signing.seal(secrets.token_bytes(32), bound_to=values["id"].bytes)


def _message(values: Values, _now: datetime) -> None:
    # What a part of the widget makes of a message asks for rows that stayed behind.
    values["details"] = {key: value for key, value in values["details"].items() if key not in conversations.EXTRAS}


def _answer(values: Values, now: datetime) -> None:
    # What was owed there is not answered here, long after.
    values["finished_at"], values["claimed_until"] = values["finished_at"] or now, None


def _call(values: Values, _now: datetime) -> None:
    if values["status"] in _QUIET:
        values["status"] = CallStatus.EXPIRED


def _source(values: Values, _now: datetime) -> None:
    values["next_read_at"], values["read_every_hours"] = None, None
    # Its id is one of this server's making by now: nobody names a file of somebody else's by it.
    if values["file_key"] is not None and not _FILE.fullmatch(values["file_key"]):
        raise Invalid("A source has a file that is none.")


def _block(values: Values, _now: datetime) -> None:
    try:
        values["network"] = str(ipaddress.ip_network(values["network"])) if values["network"] else None
    except ValueError:
        raise Invalid("A block is of no address.") from None


def _website(values: Values, _now: datetime) -> None:
    try:
        DomainValidator.parse_pattern(values["pattern"])
    except ValueError:
        raise Invalid("A website is none.") from None


_CHANGES: Mapping[str, Callable[[Values, datetime], None]] = MappingProxyType(
    {
        "answers": _answer,
        "blocks": _block,
        "connections": _switched_off,
        "language_models": _switched_off,
        "messages": _message,
        "sources": _source,
        "teammates": _teammate,
        "tool_calls": _call,
        "webhooks": _webhook,
        "websites": _website,
    }
)
