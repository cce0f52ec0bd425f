"""Which tools of a connection may be used, on whose behalf, and with what filled in."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.connections import fills, keeping, shopify
from core.errors import Conflict, Invalid, NotFound
from models import db, transaction
from models.connections import Audience, Connection, ConnectionTool
from models.teammates import Teammate


def find_tool(row: Connection, tool_id: uuid.UUID) -> ConnectionTool:
    """A tool of a connection.

    Raises:
        NotFound: also for another connection's.
    """
    tool = db.session.get(ConnectionTool, tool_id)
    if tool is None or tool.connection_id != row.id:
        raise NotFound("There is no such tool.")
    return tool


def permit(
    tool: ConnectionTool,
    *,
    is_on: bool,
    audience: Audience,
    needs_confirmation: bool,
    filled: Mapping[str, Any],
    by: Teammate | None,
    now: datetime,
    fingerprint: str | None = None,
) -> None:
    """Say whether and how a tool may be used.

    Args:
        filled: by argument, a key of `fills.FILLS` or `{"value": …}`.
        fingerprint: of the tool that somebody looked at; None where it was read just now.

    Raises:
        Invalid: when an argument would say who the customer is and the customer need not have proven it, or it lies
            where it cannot be filled in.
        Conflict: when the tool is gone, or has changed since somebody looked at it.
    """
    with transaction():
        row = db.session.get_one(Connection, tool.connection_id)
        db.session.refresh(tool, with_for_update=True)
        if is_on and tool.gone_at is not None:
            raise Conflict("The server does not have this tool any more.")
        if fingerprint is not None and fingerprint != tool.fingerprint:
            raise Conflict("The tool has changed since you opened this page. Look at what it says now.")
        hidden = fills.beyond_reach(tool.input_schema) if is_on else None
        if hidden is not None:
            raise Invalid(
                f"This tool is told who the customer is by “{hidden}”. It lies within another argument and cannot be "
                "filled in there: anybody could name somebody else. Let the server take it as an argument of its own."
            )
        # Of accounts, whoever has signed in at the shop may, and nobody else; their website need not know them.
        audience = Audience.VERIFIED if shopify.is_of_accounts(row) else audience
        before = _told(tool)
        tool.filled = _checked(tool, filled, audience)
        tool.is_on, tool.audience, tool.needs_confirmation = is_on, audience, needs_confirmation
        if is_on:
            tool.changed_at = None
        keeping.note(row, "connection.permit", by=by, now=now, before=before, after=_told(tool))


def _checked(tool: ConnectionTool, filled: Mapping[str, Any], audience: Audience) -> dict[str, Any]:
    for name, source in filled.items():
        if name not in tool.input_schema.get("properties", {}):
            raise Invalid(f"The tool has no argument “{name}”.")
        is_fixed = isinstance(source, Mapping) and set(source) == {"value"}
        if not is_fixed and (not isinstance(source, str) or source not in fills.FILLS):
            raise Invalid(f"Choose what “{name}” is filled with.")
    if audience is not Audience.VERIFIED and fills.says_who(filled):
        raise Invalid(
            "This tool is told who the customer is. Allow it for verified customers only: "
            "anybody else could say that they are somebody else."
        )
    return dict(filled)


def _told(tool: ConnectionTool) -> dict[str, Any]:
    return {
        "tool": tool.title,
        "used": tool.is_on,
        "for": tool.audience.value,
        "asks_first": tool.needs_confirmation,
        "filled_in": {
            name: source if isinstance(source, str) else "always the same" for name, source in tool.filled.items()
        },
    }
