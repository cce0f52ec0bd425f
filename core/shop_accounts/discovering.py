"""What a shop says of its customer accounts: where they sign in, and where their own tools are.

Source: OpenID Connect Discovery 1.0 (4), RFC 8414, and Shopify's own `/.well-known/customer-account-api`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.connections import announcements, checked_url
from core.errors import Invalid

OPENID = "/.well-known/openid-configuration"
ACCOUNTS_SCOPE = "customer-account-mcp-api:full"
ORDERS_SCOPE = "customer-account-api:full"
"""For the list of orders, which the shop's own tools do not give."""
_WANTED = ("openid", "email", ACCOUNTS_SCOPE)


@dataclass(frozen=True)
class Found:
    """Where the customers of a shop sign in, and where their tools are."""

    issuer: str
    authorization_url: str
    token_url: str
    keys_url: str
    tools_url: str
    scopes: str


def discover(shop_url: str) -> Found:
    """Ask a shop where its customers sign in.

    Args:
        shop_url: any address of the shop.

    Raises:
        Invalid: in words, what is missing at the shop.
    """
    openid = announcements.read(shop_url, OPENID)
    accounts = announcements.read(shop_url, announcements.CUSTOMER_API)
    tools_url = accounts.get("mcp_api")
    if not isinstance(tools_url, str):
        raise Invalid(
            "The shop has customer accounts, and lends no tools for them (no “mcp_api”). Shopify wants the shop to "
            "have a domain of its own for that."
        )
    _check_ways(openid)
    return Found(
        issuer=_text(openid, "issuer"),
        authorization_url=checked_url(_text(openid, "authorization_endpoint")),
        token_url=checked_url(_text(openid, "token_endpoint")),
        keys_url=checked_url(_text(openid, "jwks_uri")),
        tools_url=checked_url(tools_url),
        scopes=_scopes(openid),
    )


def _check_ways(openid: Mapping[str, Any]) -> None:
    if "S256" not in _listed(openid, "code_challenge_methods_supported", default="S256"):
        raise Invalid("The shop's sign-in cannot be protected with PKCE (S256). Nobody can sign in safely there.")
    if "code" not in _listed(openid, "response_types_supported", default="code"):
        raise Invalid("The shop's sign-in gives no codes (OAuth 2.0). Nobody can sign in there from a chat.")


def _scopes(openid: Mapping[str, Any]) -> str:
    known = _listed(openid, "scopes_supported", default=" ".join(_WANTED))
    if ACCOUNTS_SCOPE not in known:
        raise Invalid(f"The shop's sign-in does not know {ACCOUNTS_SCOPE}, so that nobody's orders can be looked up.")
    return " ".join(one for one in _WANTED if one in known or one == "openid")


def _text(openid: Mapping[str, Any], name: str) -> str:
    told = openid.get(name)
    if not isinstance(told, str) or not 0 < len(told) <= 2_000:
        raise Invalid(f"{announcements.NONE} (No “{name}”.)")
    return told


def _listed(openid: Mapping[str, Any], name: str, *, default: str) -> list[Any]:
    told = openid.get(name)
    return told if isinstance(told, list) else default.split()
