"""What a server says of its tools, read and kept: what is new or has changed is off until somebody has looked at it."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select

from core.connections import fills, keeping, order_history, shopify
from core.connections.schemas import simplified
from core.errors import Conflict, Invalid
from core.texts import clean, clean_line
from gateways import mcp
from models import db, new_id, transaction
from models.connections import Connection, ConnectionTool

log = structlog.get_logger()

AGAIN_AFTER = timedelta(hours=6)
_LONGEST_NAME = 128
_LONGEST_TITLE = 200
_LONGEST_DESCRIPTION = 4_000


def discover(row: Connection, *, now: datetime) -> Sequence[ConnectionTool]:
    """Ask a server for its tools, and keep what it says.

    Returns:
        the tools that it has now.

    Raises:
        Invalid: when it gives no usable answer, in words; the connection then tells the same, and its tools stay.
    """
    server, shop_url = keeping.server_of(row), order_history.shop_of(row)
    # Nothing of the database is held while another server is asked.
    db.session.commit()
    try:
        found = mcp.discover(server)
        found = order_history.completed(found, shop_url) if shop_url else found
    except (mcp.McpError, Invalid) as error:
        _keep_problem(row, str(error), now=now)
        raise Invalid(str(error)) from None
    with transaction():
        keeping.lock(row)
        _keep(row, found, now=now)
    return [tool for tool in row.tools if tool.gone_at is None]


def keep_changed(tool: ConnectionTool, said: mcp.Tool | None, *, now: datetime) -> None:
    """A tool turned out to have changed while it was to be called: it is off until somebody has looked at it.

    Args:
        said: what the server says of it now; None when it does not have it any more.
    """
    with transaction():
        row = db.session.get_one(Connection, tool.connection_id)
        _update(row, tool, said, now=now)


def read_again(*, now: datetime) -> None:
    """Look after the servers of all connections from time to time, so that a change shows before somebody asks."""
    due = or_(Connection.read_at.is_(None), Connection.read_at < now - AGAIN_AFTER)
    rows = db.session.scalars(
        select(Connection).where(Connection.is_on, due).order_by(Connection.read_at).limit(20)
    ).all()
    for row in rows:
        try:
            discover(row, now=now)
        except (Invalid, Conflict) as problem:
            log.info("connection_unread", connection=str(row.id), code=problem.code)


def _keep(row: Connection, found: mcp.Found, *, now: datetime) -> None:
    is_first = not row.tools
    row.server, row.problem, row.read_at, row.updated_at = clean_line(found.name)[:200] or None, None, now, now
    known = {tool.name: tool for tool in row.tools}
    usable = {tool.name: tool for tool in found.tools if _is_usable(row, tool.name)}
    for position, (name, said) in enumerate(usable.items()):
        if name not in known:
            known[name] = _new(row, said, is_first=is_first, now=now)
            row.tools.append(known[name])
        elif known[name].fingerprint != said.fingerprint or known[name].gone_at is not None:
            _update(row, known[name], said, now=now)
        known[name].position = position
    for name, tool in known.items():
        if name not in usable and tool.gone_at is None:
            _update(row, tool, None, now=now)


def _is_usable(row: Connection, name: str) -> bool:
    is_name = 0 < len(name) <= _LONGEST_NAME and clean_line(name) == name
    return is_name and not shopify.is_left_out(row, name)


def _new(row: Connection, said: mcp.Tool, *, is_first: bool, now: datetime) -> ConnectionTool:
    tool = ConnectionTool(id=new_id(), workspace_id=row.workspace_id, connection_id=row.id, name=said.name)
    tool.created_at, tool.audience = now, shopify.audience(row, said.name)
    _take(row, tool, said)
    preset = shopify.preset(row, said.name)
    # What comes later than the connection has not been asked for by anybody.
    tool.is_on = bool(is_first and preset and preset.is_on)
    tool.needs_confirmation = preset.needs_confirmation if preset else not tool.is_read_only
    # Of accounts, the sign-in itself says whose they are.
    is_told = preset is not None or shopify.is_of_accounts(row)
    tool.filled = {} if is_told else fills.guessed(tool.input_schema["properties"])
    return tool


def _update(row: Connection, tool: ConnectionTool, said: mcp.Tool | None, *, now: datetime) -> None:
    was_on, before = tool.is_on, {"tool": tool.name, "says": tool.description, "used": tool.is_on}
    tool.is_on, tool.changed_at = False, now
    tool.gone_at = now if said is None else None
    if said is not None:
        was_read_only = tool.is_read_only
        _take(row, tool, said)
        names = tool.input_schema["properties"]
        kept = {name: source for name, source in tool.filled.items() if name in names}
        tool.filled = {**fills.guessed(names), **kept}
        tool.needs_confirmation = tool.needs_confirmation or (was_read_only and not tool.is_read_only)
    if was_on:
        after = {"tool": tool.name, "says": tool.description if said else None, "used": False}
        keeping.note(row, "connection.tool_changed", by=None, now=now, before=before, after=after)


def _take(row: Connection, tool: ConnectionTool, said: mcp.Tool) -> None:
    tool.title = _in_words(clean_line(said.title[:_LONGEST_TITLE]) or said.name)
    tool.description = clean(said.description[:_LONGEST_DESCRIPTION])
    tool.input_schema = simplified(said.input_schema)
    tool.output_schema = simplified(said.output_schema) if said.output_schema else None
    tool.is_read_only = said.is_read_only or shopify.only_looks(row, said.name)
    tool.fingerprint = said.fingerprint


def _in_words(title: str) -> str:
    """A title for people, customers among them, where a server has but a name for programs."""
    if " " in title:
        return title
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_.-]+", " ", title).strip().lower()
    return f"{words[:1].upper()}{words[1:]}" or title


def _keep_problem(row: Connection, words: str, *, now: datetime) -> None:
    with transaction():
        keeping.lock(row)
        row.problem, row.read_at = words[:500], now
