"""A shop at Shopify as a preset: where its tools are, what every call says of us, and who may cause what.

Its customers' own accounts are another server with tools of its own (core/shop_accounts).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from core.errors import Invalid
from core.texts import required_text
from models.connections import Audience, Connection, ConnectionKind

PROFILE_PATH = "/.well-known/ucp-agent.json"
"""Where Porchlight tells shops what it can do (Universal Commerce Protocol)."""
VERSION = "2026-04-08"
_ENDPOINT = "/api/ucp/mcp"
_CAPABILITIES = (
    "dev.ucp.shopping.catalog.search",
    "dev.ucp.shopping.catalog.lookup",
    "dev.ucp.shopping.cart",
    "dev.ucp.shopping.checkout",
    "dev.ucp.common.ask",
)
_profile: dict[str, str] = {"url": ""}


@dataclass(frozen=True)
class Preset:
    """How a tool of a shop may be used unless an admin wants it otherwise."""

    is_on: bool
    needs_confirmation: bool


_LOOKS = Preset(is_on=True, needs_confirmation=False)
_CHANGES = Preset(is_on=False, needs_confirmation=True)
_PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "search_catalog": _LOOKS,
        "lookup_catalog": _LOOKS,
        "get_product": _LOOKS,
        "ask_business": _LOOKS,
        "get_cart": Preset(is_on=False, needs_confirmation=False),
        "create_cart": _CHANGES,
        "update_cart": _CHANGES,
        "cancel_cart": _CHANGES,
    }
)
# What the accounts of a shop's customers lend: all of it only to whoever has signed in there, about themselves.
_PRESETS_OF_ACCOUNTS: Mapping[str, Preset] = MappingProxyType(
    {
        "order_history": _LOOKS,
        "get_most_recent_order_status": _LOOKS,
        "get_order_status": _LOOKS,
        "get_store_credit_balances": _LOOKS,
        "request_return": _CHANGES,
    }
)
_PRESETS_OF: Mapping[ConnectionKind, Mapping[str, Preset]] = MappingProxyType(
    {ConnectionKind.SHOPIFY: _PRESETS, ConnectionKind.SHOPIFY_ACCOUNTS: _PRESETS_OF_ACCOUNTS}
)
# Shops let in whom they trust with everybody's orders and with paying; neither is for a conversation.
_LEFT_OUT = frozenset({"get_order", "complete_checkout"})


def introduce(public_url: str) -> None:
    """Say for this process where Porchlight is served, and so where shops read who asks them."""
    _profile["url"] = f"{public_url.rstrip('/')}{PROFILE_PATH}"


def profile_url() -> str:
    """Where shops read who asks them."""
    return _profile["url"]


def profile() -> dict[str, Any]:
    """What shops read there: what we speak and can do."""
    capabilities = {name: [{"version": VERSION}] for name in _CAPABILITIES}
    return {"ucp": {"version": VERSION, "capabilities": capabilities}}


def endpoint(address: str) -> str:
    """Where a shop's tools are.

    Args:
        address: of the shop, as people write it: with or without https, a page of it, or the endpoint itself.

    Raises:
        Invalid: when it is no address of a website.
    """
    text = required_text(address, name="The address of the shop", limit=500)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.username or parts.scheme not in ("http", "https") or " " in parts.netloc:
        raise Invalid("Enter the address of the shop, like your-shop.myshopify.com.")
    return f"{parts.scheme}://{parts.netloc}{_ENDPOINT}"


def said_by_us(row: Connection) -> Mapping[str, Any]:
    """The arguments that every request to a server carries, which nobody else can give."""
    return {"meta": {"ucp-agent": {"profile": profile_url()}}} if row.kind is ConnectionKind.SHOPIFY else {}


def is_of_accounts(row: Connection) -> bool:
    """Whether a connection's tools are for whoever has signed in at the shop, and about nobody else."""
    return row.kind is ConnectionKind.SHOPIFY_ACCOUNTS


def is_left_out(row: Connection, name: str) -> bool:
    """Whether a tool is not for conversations at all."""
    return row.kind is ConnectionKind.SHOPIFY and name in _LEFT_OUT


def preset(row: Connection, name: str) -> Preset | None:
    """How a tool is best used; None where nothing is known of it."""
    return _PRESETS_OF.get(row.kind, {}).get(name)


def only_looks(row: Connection, name: str) -> bool:
    """Whether a tool is known to change nothing, even where the shop does not say so."""
    known = preset(row, name)
    return known is not None and not known.needs_confirmation


def audience(row: Connection, name: str) -> Audience:
    """Who may cause a tool at first: everybody what stands in the shop anyway."""
    return Audience.ANYONE if row.kind is ConnectionKind.SHOPIFY and preset(row, name) else Audience.VERIFIED
