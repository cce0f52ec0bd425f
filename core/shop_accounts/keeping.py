"""Whether the customers of a connected shop may sign in there, and how: set up, checked and ended by an admin."""

import re
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from core import connections
from core.connections import lock, note, order_history
from core.errors import Invalid, NotFound
from core.shop_accounts import discovering
from core.shop_accounts.discovering import Found
from core.shown_addresses import without_keys
from core.texts import required_text
from models import db, transaction
from models.agents import Agent
from models.connections import Connection, ConnectionKind, ConnectionTool
from models.shop_accounts import ShopAccounts
from models.teammates import Teammate

_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,200}")


def callback_path(shop_id: uuid.UUID) -> str:
    """Where a shop sends its customers back to, under our own address.

    Each shop has its own, so that the answer of one is not taken for another's (RFC 9700, 4.4.2.2).

    Args:
        shop_id: of the connection to the shop.
    """
    return f"/shop-sign-in/{shop_id}/return"


def connect(shop: Connection, *, client_id: str, by: Teammate | None, now: datetime) -> ShopAccounts:
    """Let the customers of a shop sign in there from the chat, or change the client that they do it by.

    Args:
        client_id: of a public client at the shop.

    Raises:
        Invalid: in words, what is missing here or at the shop. Nothing is kept then.
        Conflict: when there are too many connections, or the shop was removed meanwhile.
    """
    if shop.kind is not ConnectionKind.SHOPIFY:
        raise Invalid("Only a shop at Shopify has customer accounts.")
    client_id = required_text(client_id, name="The client ID", limit=200)
    if not _CLIENT_ID.fullmatch(client_id):
        raise Invalid("A client ID is one word of plain letters, digits and signs. Copy it from Shopify as it stands.")
    shop_id, url = shop.id, shop.url
    # Nothing of the database is held while another server is asked.
    db.session.commit()
    found = discovering.discover(url)
    with transaction():
        # One at a time: whoever comes second changes what the first has set up.
        lock(shop)
        row = of_shop(shop)
        if row is None:
            row = _made(shop, found, by=by, now=now)
        elif row.client_id != client_id or row.issuer != found.issuer:
            # Whoever signed in by another client did not do so by this one.
            _drop(row)
            row = _made(shop, found, by=by, now=now)
        row.shop_id, row.client_id = shop_id, client_id
        _take(row, found, by=by, now=now)
        note(shop, "connection.accounts", by=by, now=now, after={"client": client_id, "sign_in_at": found.issuer})
    return row


def check(shop: Connection, *, by: Teammate | None, now: datetime) -> ShopAccounts:
    """Ask the shop again where its customers sign in.

    Raises:
        NotFound: when they cannot sign in from the chat.
        Invalid: in words, what is missing there now; the same is kept with it.
    """
    row = of_shop(shop)
    if row is None:
        raise NotFound("The customers of this shop cannot sign in from the chat.")
    url = shop.url
    db.session.commit()
    try:
        found = discovering.discover(url)
        if found.issuer != row.issuer:
            raise Invalid("The shop's sign-in is another one now. Enter the client ID again, so that it is used.")
    except Invalid as problem:
        with transaction():
            row.problem, row.checked_at = problem.message[:500], now
        raise
    with transaction():
        _take(row, found, by=by, now=now)
    return row


def disconnect(shop: Connection, *, by: Teammate | None, now: datetime) -> None:
    """End it: nobody can sign in any more, and whoever has done so is signed out."""
    row = of_shop(shop)
    if row is None:
        return
    with transaction():
        note(shop, "connection.accounts_end", by=by, now=now, before={"client": row.client_id})
        _drop(row)


def of_shop(shop: Connection) -> ShopAccounts | None:
    """How the customers of a shop sign in there; None when they cannot."""
    return db.session.scalar(select(ShopAccounts).where(ShopAccounts.shop_id == shop.id))


def found(connection_id: uuid.UUID) -> tuple[ShopAccounts, Connection]:
    """The accounts that a connection lends tools of, while both it and its shop are in use.

    Raises:
        NotFound: also when they are switched off.
    """
    row = db.session.get(ShopAccounts, connection_id)
    connection = db.session.get(Connection, connection_id) if row else None
    shop = db.session.get(Connection, row.shop_id) if row else None
    if row is None or connection is None or shop is None or not (connection.is_on and shop.is_on):
        raise NotFound("There is no such shop to sign in at.")
    return row, connection


def is_in_use(connection_id: uuid.UUID) -> bool:
    """Whether the accounts that a connection lends tools of may be asked: it and its shop are switched on."""
    try:
        found(connection_id)
    except NotFound:
        return False
    return True


def of_agent(agent: Agent, connection_id: uuid.UUID) -> tuple[ShopAccounts, Connection]:
    """As `found`, of one agent.

    Raises:
        NotFound: also for another agent's.
    """
    row, connection = found(connection_id)
    if connection.agent_id != agent.id:
        raise NotFound("There is no such shop to sign in at.")
    return row, connection


def shop_name(row: ShopAccounts) -> str:
    """What customers know the shop by: the host of its address."""
    shop = db.session.get_one(Connection, row.shop_id)
    return (urlsplit(shop.url).hostname or "").removeprefix("www.")


def scopes(row: ShopAccounts) -> str:
    """What a shop is asked to let the chat see of whoever signs in: their orders where somebody wants to list them.

    A client that was not allowed a scope at the shop is refused all of them, so that it is asked for with need alone.
    """
    lists = db.session.scalar(
        select(ConnectionTool.id).where(
            ConnectionTool.connection_id == row.connection_id,
            ConnectionTool.name == order_history.NAME,
            ConnectionTool.is_on,
        )
    )
    return f"{row.scopes} {discovering.ORDERS_SCOPE}" if lists else row.scopes


def card(connection_id: uuid.UUID, *, is_signed_in: bool = False) -> dict[str, Any]:
    """What the widget shows beneath a message: the way to sign in at the shop, or out of it.

    Raises:
        NotFound: when the shop was disconnected meanwhile.
    """
    row = db.session.get(ShopAccounts, connection_id)
    if row is None:
        raise NotFound("This shop is not connected any more.")
    return {"shop_account": {"id": str(connection_id), "shop": shop_name(row), "isSignedIn": is_signed_in}}


def _made(shop: Connection, found: Found, *, by: Teammate | None, now: datetime) -> ShopAccounts:
    connection = connections.add(
        db.session.get_one(Agent, shop.agent_id),
        title=f"{shop.title[:40]}: customer accounts",
        url=found.tools_url,
        kind=ConnectionKind.SHOPIFY_ACCOUNTS,
        by=by,
        now=now,
    )
    row = ShopAccounts(
        connection_id=connection.id,
        workspace_id=shop.workspace_id,
        shop_id=shop.id,
        client_id="",
        is_bare=False,
        created_at=now,
    )
    db.session.add(row)
    return row


def _drop(row: ShopAccounts) -> None:
    db.session.delete(db.session.get_one(Connection, row.connection_id))
    db.session.flush()
    db.session.expire_all()


def _take(row: ShopAccounts, found: Found, *, by: Teammate | None, now: datetime) -> None:
    row.issuer, row.authorization_url, row.token_url = found.issuer, found.authorization_url, found.token_url
    row.keys_url, row.scopes, row.problem, row.checked_at = found.keys_url, found.scopes, None, now
    connection = db.session.get_one(Connection, row.connection_id)
    if connection.url != found.tools_url:
        # Another server may call other things by the same names.
        for tool in connection.tools:
            tool.is_on = False
        before, connection.url = without_keys(connection.url), found.tools_url
        after = {"address": without_keys(found.tools_url)}
        note(connection, "connection.change", by=by, now=now, before={"address": before}, after=after)
