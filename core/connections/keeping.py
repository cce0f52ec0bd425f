"""The servers that an agent is connected to, and who may be told what to reach them."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import selectinload

from core import audits, signing
from core.connections import addresses, shopify
from core.errors import Conflict, Invalid, NotFound
from core.shown_addresses import without_keys
from core.texts import required_text
from gateways.mcp import Server
from models import db, new_id, transaction
from models.agents import Agent
from models.connections import Connection, ConnectionKind
from models.shop_accounts import ShopAccounts
from models.teammates import Teammate, Workspace

MOST = 10
"""Of one agent."""
LONGEST_TITLE = 60
LONGEST_SECRET = 4_000
AUTHORIZATION = "Authorization"

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
_SECRET = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
# What says where a request goes, how it ends and what is spoken is not for a key.
_OUR_HEADERS = re.compile(
    r"host|content-.*|transfer-encoding|connection|upgrade|te|trailer|accept.*|cookie|user-agent|mcp-.*|last-event-id|"
    r"expect|proxy-.*",
    re.IGNORECASE,
)


def add(
    agent: Agent,
    *,
    title: str,
    url: str,
    by: Teammate | None,
    now: datetime,
    kind: ConnectionKind = ConnectionKind.MCP,
    header: str | None = None,
    secret: str | None = None,
) -> Connection:
    """Connect an agent to a server. Nothing is asked there yet, and none of its tools may be used.

    Args:
        url: of its endpoint for streamable HTTP; of a shop, its address.
        header: that carries the secret; `Authorization` when there is a secret and no header.

    Raises:
        Invalid: naming what cannot be used.
        Conflict: when there are too many.
    """
    row = Connection(id=new_id(), workspace_id=agent.workspace_id, agent_id=agent.id, kind=kind)
    row.created_at, row.updated_at, row.is_on = now, now, True
    row.title, row.url = required_text(title, name="The name", limit=LONGEST_TITLE), addresses.address_of(row, url)
    _keep_secret(row, header, secret)
    with transaction():
        db.session.refresh(agent, with_for_update={"key_share": True})
        if _count(agent) >= MOST:
            raise Conflict(f"An agent can have {MOST} connections. Remove one that is not needed any more.")
        db.session.add(row)
        db.session.flush()
        note(row, "connection.add", by=by, now=now, after=_told(row))
    return row


def change(
    row: Connection,
    *,
    title: str,
    url: str,
    by: Teammate | None,
    now: datetime,
    header: str | None = None,
    secret: str | None = None,
) -> bool:
    """Change where a server is and how it is reached.

    An address as it is shown, without its keys, means the one that there is. A secret stays when none is given, unless
    the address leads to another website: nobody may send it elsewhere.

    Returns:
        whether the secret was dropped, so that it has to be entered again.

    Raises:
        Invalid: naming what cannot be used.
    """
    if row.kind is ConnectionKind.SHOPIFY_ACCOUNTS:
        raise Invalid("This address comes from the shop. Change the connection to the shop instead.")
    before, address = _told(row), addresses.changed(row, url)
    with transaction():
        is_elsewhere = addresses.website(address) != addresses.website(row.url)
        was_sealed = row.sealed_secret is not None
        is_another = address != row.url
        if is_another:
            # Another server may call other things by the same names.
            for tool in row.tools:
                tool.is_on = False
        if is_elsewhere:
            # Its customers have signed in at another shop.
            _remove_accounts(row)
        row.title, row.url = required_text(title, name="The name", limit=LONGEST_TITLE), address
        if secret or is_elsewhere:
            _keep_secret(row, header, secret)
        elif was_sealed and header:
            row.header = _checked_header(header)
        row.updated_at = now
        after = _told(row)
        if is_another and after["address"] == before["address"]:
            after["address"] = f"{after['address']} (with another key in it)"
        note(row, "connection.change", by=by, now=now, before=before, after=after)
    return was_sealed and row.sealed_secret is None


def switch(row: Connection, is_on: bool, *, by: Teammate, now: datetime) -> None:
    """Say whether the tools of a connection may be used at all.

    Raises:
        Invalid: when it came with the copy of a workspace, and its address cannot be used as it is.
    """
    if row.is_on == is_on:
        return
    if is_on:
        addresses.check_whole(row)
    with transaction():
        for one in (row, _accounts_of(row)):
            if one is not None:
                one.is_on, one.updated_at = is_on, now
        note(row, "connection.switch", by=by, now=now, before={"used": not is_on}, after={"used": is_on})


def remove(row: Connection, *, by: Teammate, now: datetime) -> None:
    """End a connection: its secret and its tools are erased, what was called stays in the conversations.

    With a shop goes what its customers' accounts lend, and everybody's sign-in there.

    Raises:
        Conflict: when somebody else has removed it meanwhile.
    """
    with transaction():
        lock(row)
        note(row, "connection.remove", by=by, now=now, before=_told(row))
        _remove_accounts(row)
        db.session.delete(row)


def listed(agent: Agent) -> Sequence[Connection]:
    """The connections of an agent, the oldest first."""
    return db.session.scalars(
        select(Connection)
        .where(Connection.agent_id == agent.id)
        .order_by(Connection.created_at, Connection.id)
        .options(selectinload(Connection.tools))
    ).all()


def find(workspace: Workspace, connection_id: uuid.UUID) -> Connection:
    """A connection of this workspace.

    Raises:
        NotFound: also for somebody else's.
    """
    row = db.session.get(Connection, connection_id)
    if row is None or row.workspace_id != workspace.id:
        raise NotFound("There is no such connection, or it was removed already.")
    return row


def lock(row: Connection) -> None:
    """Have a connection to oneself until the transaction ends, and know it as it is now.

    Raises:
        Conflict: when it was removed while its server was asked.
    """
    try:
        db.session.refresh(row, with_for_update=True)
    except InvalidRequestError:
        raise Conflict("This connection was removed meanwhile.") from None


def server_of(row: Connection) -> Server:
    """Where the server is, with the secret opened; not to be kept, shown or logged."""
    return Server(
        row.url,
        headers=_secret_header(row),
        arguments=shopify.said_by_us(row),
        allow_private=addresses.reaches_private(),
        seconds=10.0,
    )


def note(
    row: Connection,
    action: str,
    *,
    by: Teammate | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Put a change of a connection on record."""
    subject = ("connection", row.id, row.title)
    audits.record(row.workspace_id, action, by=by, subject=subject, before=before, after=after, now=now)


def _accounts_of(row: Connection) -> Connection | None:
    """The connection to the accounts of a shop's customers."""
    accounts = select(ShopAccounts.connection_id).where(ShopAccounts.shop_id == row.id)
    return db.session.scalar(select(Connection).where(Connection.id.in_(accounts)))


def _remove_accounts(row: Connection) -> None:
    accounts = _accounts_of(row)
    if accounts is not None:
        db.session.delete(accounts)


def _told(row: Connection) -> dict[str, Any]:
    return {"name": row.title, "address": without_keys(row.url), "key": bool(row.sealed_secret), "header": row.header}


def _count(agent: Agent) -> int:
    return db.session.scalar(select(func.count()).select_from(Connection).where(Connection.agent_id == agent.id)) or 0


def _keep_secret(row: Connection, header: str | None, secret: str | None) -> None:
    secret = (secret or "").strip()
    if not secret:
        row.header, row.sealed_secret = None, None
        return
    if len(secret) > LONGEST_SECRET or not _SECRET.fullmatch(secret):
        raise Invalid("This key cannot be sent: it has to be one line of plain letters, digits and signs.")
    row.header = _checked_header(header or AUTHORIZATION)
    row.sealed_secret = signing.seal(json.dumps(secret).encode(), bound_to=row.id.bytes)


def _checked_header(header: str) -> str:
    if not _HEADER.fullmatch(header) or _OUR_HEADERS.fullmatch(header):
        raise Invalid("The key cannot be sent in this header. Most servers want it in Authorization.")
    return header


def _secret_header(row: Connection) -> dict[str, str]:
    if row.sealed_secret is None or row.header is None:
        return {}
    try:
        secret = str(json.loads(signing.unseal(row.sealed_secret, bound_to=row.id.bytes)))
    except InvalidTag:
        raise Conflict("The key of this connection cannot be read any more. Enter it again.") from None
    # Most servers say “use this token” and mean a bearer token (RFC 6750).
    is_bare = row.header.lower() == AUTHORIZATION.lower() and " " not in secret
    return {row.header: f"Bearer {secret}" if is_bare else secret}
