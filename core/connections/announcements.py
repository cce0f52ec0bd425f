"""What a shop tells of itself to everybody, in documents under `/.well-known`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from core.connections.addresses import checked_url, reaches_private
from core.customer_tokens.compact import read_object
from core.errors import Invalid
from gateways.outgoing import Limits, OutgoingError, fetch

CUSTOMER_API = "/.well-known/customer-account-api"
"""Where a shop at Shopify tells of what there is for its customers: `mcp_api` and `graphql_api`."""
NONE = (
    "This shop tells of no customer accounts. Switch them on at Shopify, under Settings → Customer accounts, and give "
    "the shop a domain of its own."
)
_LIMITS = Limits(seconds=8, connect_seconds=4, bytes=128 * 1024, redirects=3)


def read(shop_url: str, path: str) -> Mapping[str, Any]:
    """Read one of the documents.

    Args:
        shop_url: any address of the shop.
        path: of the document.

    Raises:
        Invalid: in words, when it is not there.
    """
    parts = urlsplit(shop_url)
    try:
        answer = fetch(
            checked_url(f"{parts.scheme}://{parts.netloc}{path}"),
            headers={"Accept": "application/json"},
            limits=_LIMITS,
            allow_private=reaches_private(),
        )
    except OutgoingError as error:
        raise Invalid(f"The shop does not answer at {path}. {error}") from None
    document = read_object(answer.body) if answer.status == 200 else None
    if document is None:
        raise Invalid(NONE)
    return document
