"""All orders of a shop's customer as a tool of our own, where the shop's accounts lend none that lists them.

Which tools those lend is documented nowhere; in 2026 they told of the latest order and of one by its number. The
Customer Account API of the same shop lists them to the same sign-in (core/shop_accounts/histories.py asks there). So
that an admin switches it on and off like any other, and a model asks for it like for any other, it stands among the
connection's tools.

Source: Shopify's `/.well-known/customer-account-api` (`graphql_api`), as of the versions 2026-04 to 2026-10.
"""

import hashlib
import re
import time
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlsplit

from sqlalchemy import select

from core.connections import announcements
from core.connections.addresses import checked_url
from gateways import mcp
from models import db
from models.connections import Connection
from models.shop_accounts import ShopAccounts

NAME = "order_history"
"""No tool of a shop's accounts has this name but ours."""
YEAR = "year"
LISTS_ORDERS = re.compile(
    r"(?:list|get|find|search|show|fetch|read)?_?(?:my|customer|user|all|recent|past)?_?orders"
    r"|(?:get_)?(?:order|purchase)_history"
)
"""What tools are called that list orders, as `plain_name` gives it."""

_APART = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-.\s]+")
_SCHEMA = MappingProxyType(
    {
        "type": "object",
        "properties": {
            YEAR: {"type": "integer", "description": "Only the orders of this year", "minimum": 2000, "maximum": 2100}
        },
    }
)
_DESCRIPTION = (
    "Lists the customer's own orders, the newest first: number, state, date, total, goods and tracking. Use it when "
    "they ask for all of their orders, or for what they bought in a year. It takes no customer: it is always about "
    "whoever has signed in at the shop."
)
_KEPT_FOR = 60 * 60.0
_MOST_KEPT = 1_000
_kept: dict[str, tuple[float, str | None]] = {}


@dataclass(frozen=True)
class OwnTool(mcp.Tool):
    """The tool; the website at which it asks is the shop's to say, all else is ours."""

    @property
    def fingerprint(self) -> str:
        """Of the website: a customer's token goes to the one that an admin has switched on, and to no other.

        A new version of the API is a new path there, four times a year, and nothing to look at.
        """
        return hashlib.sha256(f"{NAME} {self.annotations['website']}".encode()).hexdigest()


def plain_name(name: str) -> str:
    """A tool's name in one way of writing."""
    return _APART.sub("_", name).lower()


def shop_of(row: Connection) -> str | None:
    """The address of the shop whose customers' accounts a connection lends tools of; None for other connections."""
    return db.session.scalar(
        select(Connection.url)
        .join(ShopAccounts, ShopAccounts.shop_id == Connection.id)
        .where(ShopAccounts.connection_id == row.id)
    )


def completed(found: mcp.Found, shop_url: str) -> mcp.Found:
    """The tools of a shop's accounts, with ours among them where theirs list no orders and the shop lets us.

    Raises:
        Invalid: when the shop does not tell.
    """
    tools = [tool for tool in found.tools if tool.name != NAME]
    address = None if any(_lists(tool) for tool in tools) else address_of(shop_url, is_fresh=True)
    return replace(found, tools=[*tools, tool_at(address)] if address else tools)


def address_of(shop_url: str, *, is_fresh: bool = False) -> str | None:
    """Where a shop tells its customers' orders by GraphQL; None where it does not. Kept for an hour.

    Raises:
        Invalid: when the shop does not tell.
    """
    kept = _kept.get(shop_url)
    if kept is not None and time.monotonic() < kept[0] and not is_fresh:
        return kept[1]
    told = announcements.read(shop_url, announcements.CUSTOMER_API).get("graphql_api")
    address = checked_url(told) if isinstance(told, str) else None
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[shop_url] = (time.monotonic() + _KEPT_FOR, address)
    return address


def tool_at(address: str) -> OwnTool:
    """The tool that asks at an address."""
    parts = urlsplit(address)
    website = f"{parts.scheme}://{parts.netloc.lower()}"
    return OwnTool(
        name=NAME,
        title="Order history",
        description=_DESCRIPTION,
        input_schema=_SCHEMA,
        output_schema=None,
        annotations={"readOnlyHint": True, "website": website},
    )


def _lists(tool: mcp.Tool) -> bool:
    return bool(LISTS_ORDERS.fullmatch(plain_name(tool.name))) and not tool.input_schema.get("required")
