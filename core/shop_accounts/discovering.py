"""What a shop says of its customer accounts: where they sign in, and where their own tools are.

Source: OpenID Connect Discovery 1.0 (4), RFC 8414, and Shopify's own `/.well-known/customer-account-api`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.connections import checked_url, reaches_private
from core.customer_tokens.compact import read_object
from core.errors import Invalid
from gateways.outgoing import Limits, OutgoingError, fetch

OPENID = "/.well-known/openid-configuration"
CUSTOMER_API = "/.well-known/customer-account-api"
ACCOUNTS_SCOPE = "customer-account-mcp-api:full"
_WANTED = ("openid", "email", ACCOUNTS_SCOPE)
_LIMITS = Limits(seconds=8, connect_seconds=4, bytes=128 * 1024, redirects=3)
_NONE = (
    "This shop tells of no customer accounts. Switch them on at Shopify, under Settings → Customer accounts, and give "
    "the shop a domain of its own."
)


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
    parts = urlsplit(shop_url)
    root = f"{parts.scheme}://{parts.netloc}"
    openid, accounts = _read(f"{root}{OPENID}"), _read(f"{root}{CUSTOMER_API}")
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


def _read(address: str) -> Mapping[str, Any]:
    try:
        answer = fetch(
            checked_url(address),
            headers={"Accept": "application/json"},
            limits=_LIMITS,
            allow_private=reaches_private(),
        )
    except OutgoingError as error:
        raise Invalid(f"The shop does not answer at {urlsplit(address).path}. {error}") from None
    document = read_object(answer.body) if answer.status == 200 else None
    if document is None:
        raise Invalid(_NONE)
    return document


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
        raise Invalid(f"{_NONE} (No “{name}”.)")
    return told


def _listed(openid: Mapping[str, Any], name: str, *, default: str) -> list[Any]:
    told = openid.get(name)
    return told if isinstance(told, list) else default.split()
