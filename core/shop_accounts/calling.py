"""Calls a tool of the customer accounts with the token of the one customer whom it is for, renewed by one at a time."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import or_, update

from core import connections
from core.clock import utc_now
from core.connections import order_history
from core.errors import Invalid
from core.shop_accounts import histories, keeping, sign_ins, tokens
from gateways import mcp
from gateways.mcp import McpFailed, McpRefused, McpUnauthorized, Result, Server
from models import db, transaction
from models.connections import Connection
from models.conversations import Conversation
from models.shop_accounts import ShopAccounts, ShopSignIn

_AHEAD = timedelta(seconds=60)
_PATIENCE = timedelta(seconds=15)
_PAUSE = 0.1
_NOT_SIGNED_IN = "The customer has to sign in at the shop first."


def call(
    connection: Connection,
    conversation: Conversation,
    name: str,
    arguments: Mapping[str, Any],
    *,
    fingerprint: str,
) -> Result:
    """Call a tool for the customer of a conversation, as nobody else.

    Raises:
        McpRefused: they have not signed in at the shop, or it takes their token no more.
        McpFailed, ToolChanged: as `gateways.mcp.call`.
    """
    row = sign_ins.live_of(connection.id, conversation, now=utc_now())
    if row is None:
        raise McpRefused(_NOT_SIGNED_IN)
    accounts, connection = keeping.found(connection.id)
    shop_url = db.session.get_one(Connection, accounts.shop_id).url
    known = _fresh(row, accounts)
    if name == order_history.NAME:
        # Nothing of the database is held while the shop is asked.
        db.session.commit()
        return histories.read(shop_url, known, arguments, fingerprint=fingerprint)
    server, is_bare = connections.server_of(connection), accounts.is_bare
    try:
        return _asked(server, str(known["access"]), name, arguments, fingerprint, accounts, is_bare=is_bare)
    except McpUnauthorized:
        sign_ins.drop(row)
        raise


def _asked(
    server: Server,
    token: str,
    name: str,
    arguments: Mapping[str, Any],
    fingerprint: str,
    accounts: ShopAccounts,
    *,
    is_bare: bool,
) -> Result:
    # Nothing of the database is held while the shop is asked.
    db.session.commit()
    try:
        return mcp.call(_with(server, token, is_bare=is_bare), name, arguments, fingerprint=fingerprint)
    except McpUnauthorized:
        # Nothing was done. Shopify's own words differ on whether “Bearer” stands before it (RFC 6750, 2.1).
        found = mcp.call(_with(server, token, is_bare=not is_bare), name, arguments, fingerprint=fingerprint)
    with transaction():
        accounts.is_bare = not is_bare
    return found


def _with(server: Server, token: str, *, is_bare: bool) -> Server:
    return Server(
        server.url,
        headers={"Authorization": token if is_bare else f"Bearer {token}"},
        arguments=server.arguments,
        allow_private=server.allow_private,
        seconds=server.seconds,
    )


def _fresh(row: ShopSignIn, accounts: ShopAccounts) -> Mapping[str, Any]:
    """Tokens that the shop still takes."""
    if row.fresh_until > utc_now() + _AHEAD:
        return _opened(row)
    sign_in_id, spent = row.id, row.fresh_until
    if _claim(row, now=utc_now()):
        _renew(row, accounts)
    ends_at = time.monotonic() + _PATIENCE.total_seconds()
    while (found := db.session.get(ShopSignIn, sign_in_id, populate_existing=True)) and found.fresh_until == spent:
        db.session.commit()
        # Somebody else renews it: two at once would spend what is good once.
        if time.monotonic() > ends_at:
            raise McpFailed("The answer took too long.")
        time.sleep(_PAUSE)
    if found is None:
        raise McpRefused(_NOT_SIGNED_IN)
    return _opened(found)


def _claim(row: ShopSignIn, *, now: datetime) -> bool:
    is_free = or_(ShopSignIn.renewing_until.is_(None), ShopSignIn.renewing_until <= now)
    with transaction():
        claimed = db.session.scalar(
            update(ShopSignIn)
            .where(ShopSignIn.id == row.id, ShopSignIn.fresh_until <= now + _AHEAD, is_free)
            .values(renewing_until=now + _PATIENCE)
            .returning(ShopSignIn.id)
            .execution_options(synchronize_session=False)
        )
    return claimed is not None


def _renew(row: ShopSignIn, accounts: ShopAccounts) -> None:
    sign_in_id, known = row.id, _opened(row)
    db.session.commit()
    try:
        given = tokens.renewed(accounts, known)
    except tokens.Ended:
        sign_ins.drop(row)
        raise McpRefused(_NOT_SIGNED_IN) from None
    except Invalid as problem:
        _give_up(row)
        raise McpFailed(problem.message) from None
    with transaction():
        db.session.execute(
            update(ShopSignIn)
            .where(ShopSignIn.id == sign_in_id)
            .values(sealed_tokens=given.sealed(sign_in_id), fresh_until=utc_now() + given.lifetime, renewing_until=None)
            .execution_options(synchronize_session=False)
        )


def _give_up(row: ShopSignIn) -> None:
    with transaction():
        db.session.execute(
            update(ShopSignIn)
            .where(ShopSignIn.id == row.id)
            .values(renewing_until=None)
            .execution_options(synchronize_session=False)
        )


def _opened(row: ShopSignIn) -> Mapping[str, Any]:
    try:
        return tokens.opened(row.sealed_tokens, row.id)
    except InvalidTag:
        # The server's secret was changed, and this was sealed under one that is not known any more.
        sign_ins.drop(row)
        raise McpRefused(_NOT_SIGNED_IN) from None
